import type { Provider } from "../behaviour.js";
import { azureFirewalls } from "./azureFirewall.js";
import { merge } from "./common.js";
import { flowLogs } from "./flowLogs.js";
import { privateDns } from "./privateDns.js";
import { publicIps } from "./publicIp.js";
import { routes } from "./routes.js";
import { securityGroups } from "./securityGroups.js";
import { subnets } from "./subnets.js";
import { virtualNetworks } from "./virtualNetwork.js";
import { waf } from "./waf.js";

/** Virtual networks, what guards them and what leads out of them, and private DNS. */
export const network: Provider = merge(
  virtualNetworks,
  subnets,
  securityGroups,
  routes,
  publicIps,
  azureFirewalls,
  waf,
  privateDns,
  flowLogs,
);
