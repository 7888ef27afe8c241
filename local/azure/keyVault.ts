import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider, WorldObject } from "../behaviour.js";
import {
  arm,
  inRange,
  isObject,
  isTrue,
  number,
  oneOf,
  parentOf,
  refuseName,
  refuseUnless,
  tenant,
  text,
} from "./common.js";
import { keyVaultKey, keyVaultSecret, objectTypes } from "./keyVaultObjects.js";
import { vaultType } from "./keyVaultTypes.js";

/** A deleted vault: its name stays taken, in all of Azure, though nothing manages it any more. */
const heldType = "held:keyvault/vault";
const defaultDays = 90;

function refuseChange(inputs: Props, { current }: Context): void {
  if (!current) return;
  const days = (of: Props) => number(of, "properties.softDeleteRetentionInDays") ?? defaultDays;
  refuseUnless(
    days(current.state) === days(inputs),
    "BadRequest",
    'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
  );
}

const vault: Behaviour = arm({
  source:
    'Microsoft.KeyVault/vaults (Azure/bicep-types-az); "Azure Key Vault soft-delete overview"; "Azure Key Vault security"',
  type: "Microsoft.KeyVault/vaults",
  names: ["vaultName"],
  required: [
    "properties",
    "properties.tenantId",
    "properties.sku",
    "properties.sku.name",
    "properties.sku.family",
  ],
  check: (inputs) => [
    ...refuseName(
      inputs,
      "vaultName",
      /^(?=.{3,24}$)(?!.*--)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/,
      "3 to 24 letters, digits and single hyphens; the first a letter, the last a letter or digit.",
    ),
    ...oneOf(inputs, "properties.sku.family", ["A"]),
    ...oneOf(inputs, "properties.sku.name", ["standard", "premium"]),
    ...oneOf(inputs, "properties.networkAcls.defaultAction", ["Allow", "Deny"]),
    ...oneOf(inputs, "properties.networkAcls.bypass", ["AzureServices", "None"]),
    ...oneOf(inputs, "properties.publicNetworkAccess", ["Enabled", "Disabled", "enabled", "disabled"]),
    ...inRange(inputs, "properties.softDeleteRetentionInDays", 7, 90),
  ],
  unique: (inputs) => text(inputs, "vaultName")?.toLowerCase(),
  taken: (name) =>
    new CloudError(
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
    ),
  admit: (inputs, context) => {
    const name = text(inputs, "vaultName")?.toLowerCase();
    const now = Date.parse(context.now());
    const held = context.world
      .list(heldType)
      .some(({ state }) => state.name === name && Date.parse(String(state.until)) > now);
    refuseUnless(
      context.current !== undefined || !held,
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
    );
    const { properties } = inputs;
    for (const each of ["enablePurgeProtection", "enableSoftDelete"])
      refuseUnless(
        !isObject(properties) || properties[each] !== false,
        "BadRequest",
        `The property "${each}" cannot be set to false. Enabling it for a vault is an irreversible action.`,
      );
    refuseUnless(
      text(inputs, "properties.tenantId") === tenant(context),
      "BadRequest",
      `An invalid value was provided for 'tenantId': ${text(inputs, "properties.tenantId") ?? ""}.`,
    );
    refuseUnless(
      isTrue(inputs, "properties.enableRbacAuthorization") ||
        (isObject(properties) && Array.isArray(properties.accessPolicies)),
      "BadRequest",
      "The parameter accessPolicies is not specified.",
    );
    refuseChange(inputs, context);
  },
  outputs: (inputs, context) => {
    const kept = context.current?.state;
    return {
      properties: {
        enabledForDeployment: false,
        enableRbacAuthorization: false,
        publicNetworkAccess: "Enabled",
        accessPolicies: [],
        ...(isObject(inputs.properties) ? inputs.properties : {}),
        enableSoftDelete: true,
        softDeleteRetentionInDays: number(inputs, "properties.softDeleteRetentionInDays") ?? defaultDays,
        // Left out, it stays as it was.
        ...((isTrue(inputs, "properties.enablePurgeProtection") ||
          isTrue(kept, "properties.enablePurgeProtection")) && { enablePurgeProtection: true }),
        vaultUri: `https://${text(inputs, "vaultName")?.toLowerCase() ?? ""}.vault.azure.net/`,
        provisioningState: "Succeeded",
      },
    };
  },
  // What is in a vault goes with it.
  release: ({ id }, context) => {
    for (const each of objectTypes)
      for (const object of context.world.list(each))
        if (parentOf(object.id) === id) context.world.add({ ...object, owner: id });
  },
  afterDelete: hold,
  minutes: 1,
});

function hold({ id, region, state }: WorldObject, context: Context): void {
  const days = number(state, "properties.softDeleteRetentionInDays") ?? defaultDays;
  const until = new Date(Date.parse(context.now()) + days * 86_400_000).toISOString();
  const held = { name: text(state, "name")?.toLowerCase(), until };
  context.world.add({ type: heldType, id, region, inputs: {}, state: held });
}

export const keyVault: Provider = {
  types: { [vaultType]: vault, ...keyVaultSecret, ...keyVaultKey },
  invokes: {},
};
