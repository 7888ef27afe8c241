import type { Provider } from "../behaviour.js";
import { authorization } from "./authorization.js";
import { merge } from "./common.js";
import { containerService } from "./containerService.js";
import { dataCollection } from "./dataCollection.js";
import { diskEncryption } from "./diskEncryption.js";
import { keyVault } from "./keyVault.js";
import { managedIdentity } from "./managedIdentity.js";
import { redisEnterprise } from "./redisEnterprise.js";
import { privateEndpoint } from "./privateEndpoint.js";
import { postgres } from "./postgres.js";
import { diagnosticSettings } from "./diagnosticSettings.js";
import { dns } from "./dns.js";
import { applicationGateway } from "./applicationGateway.js";
import { network } from "./network.js";
import { operationalInsights } from "./operationalInsights.js";
import { resources } from "./resources.js";
import { storage } from "./storage.js";

/** All that the local cloud knows of Azure. */
export const azure: Provider = merge(
  resources,
  network,
  operationalInsights,
  storage,
  applicationGateway,
  diagnosticSettings,
  dns,
  postgres,
  privateEndpoint,
  redisEnterprise,
  authorization,
  containerService,
  dataCollection,
  diskEncryption,
  keyVault,
  managedIdentity,
);

export { seed } from "./dns.js";
