import { CloudError } from "../behaviour.js";
import type { Behaviour, Props, Provider } from "../behaviour.js";
import { arm, inRange, matches, oneOf, text } from "./common.js";
import { net } from "./networkTypes.js";

const redundancies = ["LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS"];
const skus = [...redundancies.map((each) => `Standard_${each}`), "Premium_LRS", "Premium_ZRS"];
const action = "policy.rules[].definition.actions";

const account: Behaviour = arm({
  source:
    "Microsoft.Storage/storageAccounts; Storage account overview (3 to 24 lower-case letters and digits, once in all of Azure)",
  type: "Microsoft.Storage/storageAccounts",
  names: ["accountName"],
  required: ["kind", "sku.name"],
  replaces: ["isHnsEnabled", "enableNfsV3", "dnsEndpointType"],
  check: (inputs) => [
    ...matches(inputs, "accountName", /^[a-z0-9]{3,24}$/, "3 to 24 lower-case letters and digits"),
    ...oneOf(inputs, "kind", ["StorageV2", "Storage", "BlobStorage", "BlockBlobStorage", "FileStorage"]),
    ...oneOf(inputs, "sku.name", skus),
    ...oneOf(inputs, "minimumTlsVersion", ["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"]),
    ...oneOf(inputs, "publicNetworkAccess", ["Enabled", "Disabled", "SecuredByPerimeter"]),
    ...oneOf(inputs, "networkRuleSet.defaultAction", ["Allow", "Deny"]),
  ],
  unique: (inputs) => text(inputs, "accountName"),
  taken: (name) =>
    new CloudError("StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`),
  admit: (inputs) => {
    if (text(inputs, "minimumTlsVersion") === "TLS1_3")
      throw new CloudError("MinimumTlsVersionNotSupported", "Minimum TLS version 1.3 is not supported.");
  },
  outputs: (inputs: Props) => {
    const name = text(inputs, "accountName") ?? "";
    return {
      primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
      allowBlobPublicAccess: inputs.allowBlobPublicAccess ?? false,
      enableHttpsTrafficOnly: inputs.enableHttpsTrafficOnly ?? true,
      minimumTlsVersion: inputs.minimumTlsVersion ?? "TLS1_0",
      statusOfPrimary: "available",
    };
  },
});

const managementPolicy: Behaviour = arm({
  source: "Microsoft.Storage/storageAccounts/managementPolicies (named default)",
  type: "Microsoft.Storage/storageAccounts/managementPolicies",
  names: ["accountName", "managementPolicyName"],
  parent: net.storageAccount,
  required: ["policy.rules"],
  check: (inputs) => [
    ...matches(inputs, "managementPolicyName", /^default$/, "it is always called default"),
    ...oneOf(inputs, "policy.rules[].type", ["Lifecycle"]),
    ...oneOf(inputs, "policy.rules[].definition.filters.blobTypes[]", ["blockBlob", "appendBlob"]),
    ...inRange(inputs, `${action}.baseBlob.delete.daysAfterModificationGreaterThan`, 0, 99_999),
  ],
});

export const storage: Provider = {
  types: {
    [net.storageAccount]: account,
    "azure-native:storage:ManagementPolicy": managementPolicy,
  },
  invokes: {},
};
