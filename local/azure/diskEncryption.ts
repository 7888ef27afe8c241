import type { Behaviour, Context, Props, Provider, WorldObject } from "../behaviour.js";
import {
  arm,
  at,
  isTrue,
  oneOf,
  plainLocation,
  refuseName,
  refuseUnless,
  text,
  texts,
  toArm,
} from "./common.js";
import { keyType, vaultType } from "./keyVaultTypes.js";
import { identityType } from "./managedIdentity.js";
import { inUse } from "./networkTypes.js";
import { holdsRole } from "./roles.js";

export const diskEncryptionSetType = "azure-native:compute:DiskEncryptionSet";

/** Roles that let a service wrap and unwrap with a key. */
const wrapping = [
  "Key Vault Crypto Service Encryption User",
  "Key Vault Crypto Officer",
  "Key Vault Administrator",
];

/**
 * Whether a service of Azure can encrypt by a key: it is there, its identity may use it, and the vault lets it in.
 * Returns what stands in the way, or undefined.
 */
export function keyObstacle(
  context: Pick<Context, "world">,
  uri: string,
  principalId: string | undefined,
): string | undefined {
  const key = keyAt(context, uri);
  if (!key) return `The key ${uri} was not found`;
  const vault = context.world.find(vaultType, key.id.split("/keys/")[0] ?? "")?.state;
  const state = (path: string) => text(vault, `properties.${path}`)?.toLowerCase();
  if (!isTrue(vault, "properties.enablePurgeProtection"))
    return "The key vault must have soft delete and purge protection enabled";
  const closed = state("publicNetworkAccess") === "disabled" || state("networkAcls.defaultAction") === "deny";
  if (closed && state("networkAcls.bypass") === "none")
    return "The key vault's firewall does not let trusted services of Azure in";
  if (!holdsRole(context, principalId, key.id, wrapping))
    return "The identity lacks the permissions 'get', 'wrapKey' and 'unwrapKey' on the key";
  return undefined;
}

/** The key that an address with or without a version leads to. */
function keyAt({ world }: Pick<Context, "world">, uri: string): WorldObject | undefined {
  return world
    .list(keyType)
    .find(({ state }) => uri === state.keyUri || uri.startsWith(`${String(state.keyUri)}/`));
}

/** The object id of the first identity in a list of ARM ids. */
export function principalOf({ world }: Pick<Context, "world">, ids: readonly string[]): string | undefined {
  return ids
    .map((id) => text(world.find(identityType, id)?.state, "principalId"))
    .find((id) => id !== undefined);
}

function admitKey(inputs: Props, context: Context): void {
  const url = text(inputs, "activeKey.keyUrl") ?? "";
  refuseUnless(
    /^https:\/\/[^/]+\/keys\/[^/]+\/[0-9a-f]{32}$/.test(url),
    "InvalidParameter",
    `The value '${url}' of parameter activeKey.keyUrl is invalid: it has to name a version of the key.`,
  );
  const vault = context.world.find(vaultType, text(inputs, "activeKey.sourceVault.id") ?? "")?.state;
  refuseUnless(
    vault === undefined || vault.location === plainLocation(text(inputs, "location") ?? ""),
    "BadRequest",
    "The key vault has to be in the region of the disk encryption set.",
  );
  const system = text(inputs, "identity.type") === "SystemAssigned";
  const principal = principalOf(context, texts(inputs, "identity.userAssignedIdentities"));
  // An identity of its own is there once the set is: it gets its role afterwards.
  const obstacle = system ? undefined : keyObstacle(context, url, principal);
  refuseUnless(
    obstacle === undefined,
    "KeyVaultAccessForbidden",
    `Unable to access the key vault for disk encryption set ${text(inputs, "diskEncryptionSetName") ?? ""}: ${obstacle ?? ""}.`,
  );
}

const diskEncryptionSet: Behaviour = arm({
  source:
    'Microsoft.Compute/diskEncryptionSets (Azure/bicep-types-az); "Server-side encryption of Azure Disk Storage"',
  type: "Microsoft.Compute/diskEncryptionSets",
  names: ["diskEncryptionSetName"],
  check: (inputs) => [
    ...refuseName(
      inputs,
      "diskEncryptionSetName",
      /^[\w-]{1,80}$/,
      "1 to 80 letters, digits, underscores and hyphens.",
    ),
    ...oneOf(inputs, "encryptionType", [
      "EncryptionAtRestWithCustomerKey",
      "EncryptionAtRestWithPlatformAndCustomerKeys",
      "ConfidentialVmEncryptedWithCustomerKey",
    ]),
    ...oneOf(inputs, "identity.type", [
      "SystemAssigned",
      "UserAssigned",
      "SystemAssigned, UserAssigned",
      "None",
    ]),
  ],
  references: {
    "activeKey.sourceVault.id": toArm([vaultType]),
    "identity.userAssignedIdentities[]": toArm([identityType]),
  },
  admit: (inputs, context) => {
    refuseUnless(
      at(inputs, "activeKey.keyUrl").length > 0,
      "InvalidParameter",
      "Required parameter 'activeKey' is missing (null).",
    );
    admitKey(inputs, context);
  },
  outputs: (_, context) => ({
    previousKeys: [],
    lastKeyRotationTimestamp: context.current?.state.lastKeyRotationTimestamp ?? context.now(),
  }),
  inUse: inUse("Disk encryption set", "OperationNotAllowed"),
});

export const diskEncryption: Provider = {
  types: { [diskEncryptionSetType]: diskEncryptionSet },
  invokes: {},
};
