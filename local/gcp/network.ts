import type { Behaviour, Context, Invoke, Props, Provider } from "../behaviour.js";
import { gcpResource, inRange, oneOf, pick, project, refuseUnless, selfLink, text, toGcp } from "./common.js";
import { inUse } from "./computeErrors.js";

export const networkType = "gcp:compute/network:Network";

/** An input that holds a network's id or self link. */
export const toNetwork = toGcp([networkType]);

/** Refuses what names no network in a project without the one that is then meant. */
export function refuseNoNetwork(inputs: Props, property: string, context: Context): void {
  const where = project(inputs, context);
  refuseUnless(
    inputs[property] !== undefined ||
      context.world.find(networkType, `projects/${where}/global/networks/default`) !== undefined,
    "badRequest",
    `googleapi: Error 400: Project "${where}" has no network named "default".`,
  );
}

/** What Compute Engine keeps for as long as the object exists. */
export const created = (context: Context) =>
  text(context.current?.state, "creationTimestamp") ?? context.now();

/** A number like those that Compute Engine gives its resources. */
export const numericId = (context: Context) => String(10 ** 18 + pick(context, 4_294_967_291) * 1_000_003);

const network: Behaviour = gcpResource({
  source: "compute.v1 discovery, Network; VPC, networks.delete; provider docs of gcp.compute.Network",
  path: "projects/{project}/global/networks/{name}",
  api: "compute.googleapis.com",
  replaces: ["autoCreateSubnetworks", "description", "networkProfile"],
  defaults: () => ({ autoCreateSubnetworks: true }),
  check: (inputs) => [
    ...oneOf(inputs, "routingMode", ["REGIONAL", "GLOBAL"]),
    ...oneOf(inputs, "networkFirewallPolicyEnforcementOrder", [
      "BEFORE_CLASSIC_FIREWALL",
      "AFTER_CLASSIC_FIREWALL",
    ]),
    ...inRange(inputs, "mtu", 1300, 8896),
  ],
  outputs: (inputs, context) => {
    const { current } = context;
    const id = text(current?.state, "networkId") ?? numericId(context);
    return {
      networkId: id,
      numericId: id,
      gatewayIpv4: "",
      mtu: inputs["mtu"] ?? 1460,
      routingMode: text(inputs, "routingMode") ?? "REGIONAL",
      networkFirewallPolicyEnforcementOrder:
        text(inputs, "networkFirewallPolicyEnforcementOrder") ?? "AFTER_CLASSIC_FIREWALL",
    };
  },
  inUse,
  minutes: 1,
});

const getNetworks: Invoke = (args, context) => {
  const place = `projects/${project(args, context)}/global/networks`;
  const found = context.world.list(networkType).filter(({ id }) => id.startsWith(`${place}/`));
  return {
    id: place,
    project: project(args, context),
    networks: found.map(({ state }) => state["name"]),
    selfLink: selfLink(place),
  };
};

export const networks: Provider = {
  types: { [networkType]: network },
  invokes: { "gcp:compute/getNetworks:getNetworks": getNetworks },
};
