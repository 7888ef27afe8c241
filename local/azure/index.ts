import type { Provider } from "../behaviour.js";
import { applicationGateway } from "./applicationGateway.js";
import { authorization } from "./authorization.js";
import { merge } from "./common.js";
import { containerService } from "./containerService.js";
import { dataCollection } from "./dataCollection.js";
import { diagnosticSettings } from "./diagnosticSettings.js";
import { diskEncryption } from "./diskEncryption.js";
import { dns } from "./dns.js";
import { keyVault } from "./keyVault.js";
import { managedIdentity } from "./managedIdentity.js";
import { metricAlerts } from "./metricAlerts.js";
import { network } from "./network.js";
import { operationalInsights } from "./operationalInsights.js";
import { peerings } from "./peerings.js";
import { postgres } from "./postgres.js";
import { privateEndpoint } from "./privateEndpoint.js";
import { redisEnterprise } from "./redisEnterprise.js";
import { resources } from "./resources.js";
import { storage } from "./storage.js";
import { trafficManager } from "./trafficManager.js";

/** All that the local cloud knows of Azure. */
export const azure: Provider = merge(
  applicationGateway,
  authorization,
  containerService,
  dataCollection,
  diagnosticSettings,
  diskEncryption,
  dns,
  keyVault,
  managedIdentity,
  metricAlerts,
  network,
  operationalInsights,
  peerings,
  postgres,
  privateEndpoint,
  redisEnterprise,
  resources,
  storage,
  trafficManager,
);

export { seed } from "./dns.js";
