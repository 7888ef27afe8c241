import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import { arm, parentOf, refuseName, refuseUnless, tenant, text, texts, uuid } from "./common.js";
import { inUse, once } from "./networkTypes.js";

export const identityType = "azure-native:managedidentity:UserAssignedIdentity";
const credentialType = "azure-native:managedidentity:FederatedIdentityCredential";
/** Source: "Workload identity federation for managed identities: considerations and restrictions". */
const mostCredentials = 20;

const identity: Behaviour = arm({
  source: "Microsoft.ManagedIdentity/userAssignedIdentities (Azure/bicep-types-az)",
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  names: ["resourceName"],
  check: (inputs) =>
    refuseName(
      inputs,
      "resourceName",
      /^[A-Za-z0-9][\w-]{2,127}$/,
      "3 to 128 letters, digits, underscores and hyphens; the first a letter or digit.",
    ),
  outputs: (_, context) => ({
    clientId: once(context.current, "clientId", () => uuid(context, "client")),
    principalId: once(context.current, "principalId", () => uuid(context, "principal")),
    tenantId: tenant(context),
  }),
  inUse: inUse("Identity", "FailedIdentityOperation"),
});

const credential: Behaviour = arm({
  source:
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials (Azure/bicep-types-az); "Important considerations and restrictions for federated identity credentials"',
  type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  names: ["resourceName", "federatedIdentityCredentialResourceName"],
  parent: identityType,
  required: ["issuer", "subject", "audiences"],
  check: (inputs) => [
    ...refuseName(
      inputs,
      "federatedIdentityCredentialResourceName",
      /^[A-Za-z0-9][\w-]{2,119}$/,
      "3 to 120 letters, digits, underscores and hyphens; the first a letter or digit.",
    ),
  ],
  // An issuer and a subject together lead to one credential of an identity.
  unique: (inputs) =>
    ["resourceGroupName", "resourceName", "issuer", "subject"].map((each) => text(inputs, each)).join("|"),
  taken: (key) =>
    new CloudError(
      "BadRequest",
      `Issuer and subject combination already exists for this Managed Identity: ${key.split("|").slice(2).join(", ")}.`,
    ),
  admit: (inputs, context) => {
    const issuer = text(inputs, "issuer") ?? "";
    refuseUnless(
      /^https:\/\/\S+$/.test(issuer),
      "BadRequest",
      `The issuer '${issuer}' of the federated identity credential is not a valid URL with HTTPS.`,
    );
    refuseUnless(
      texts(inputs, "audiences").length === 1,
      "BadRequest",
      "A federated identity credential has exactly one audience.",
    );
    const owner = parentOf(credential.id(inputs, context));
    const others = context.world
      .list(credentialType)
      .filter((each) => parentOf(each.id) === owner && each.id !== context.current?.id);
    refuseUnless(
      others.length < mostCredentials,
      "BadRequest",
      `Too many Federated Identity Credentials exist on the managed identity: at most ${mostCredentials}.`,
    );
  },
});

export const managedIdentity: Provider = {
  types: { [identityType]: identity, [credentialType]: credential },
  invokes: {},
};
