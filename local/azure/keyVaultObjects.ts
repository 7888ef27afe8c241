import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, WorldObject } from "../behaviour.js";
import { arm, isObject, nameOf, number, oneOf, parentOf, refuseName, refuseUnless, text } from "./common.js";
import { keyType, secretType, vaultType } from "./keyVaultTypes.js";

/** A deleted key or secret: its name in the vault stays taken. */
const heldType = "held:keyvault/object";
/** What lies in a vault. */
export const objectTypes = [keyType, secretType, heldType];
/** Source: "About keys, secrets and certificates": 25 KB. */
const mostBytes = 25_000;

const vaultOf = (id: string, { world }: Pick<Context, "world">) => world.find(vaultType, parentOf(id));

function refuseHeld(kind: string, id: string, { world, current }: Context): void {
  if (current || !world.find(heldType, id)) return;
  throw new CloudError(
    "ConflictError",
    `${kind} ${nameOf(id)} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the object can only be recovered or purged.`,
  );
}

/** Azure Resource Manager has no way to delete one: the provider calls the vault itself, from where it runs. */
function refuseDelete({ id }: WorldObject, context: Context): void {
  const access = text(vaultOf(id, context)?.state, "properties.publicNetworkAccess");
  refuseUnless(
    access?.toLowerCase() !== "disabled",
    "Forbidden",
    "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
  );
}

const common = (kind: string, plural: string) => ({
  parent: vaultType,
  check: (inputs: Props) =>
    refuseName(inputs, `${kind}Name`, /^[A-Za-z0-9-]{1,127}$/, "1 to 127 letters, digits and hyphens."),
  release: refuseDelete,
  afterDelete: ({ id, region }: WorldObject, { world }: Context) => {
    world.add({ type: heldType, id, region, inputs: {}, state: {} });
  },
  type: `Microsoft.KeyVault/vaults/${plural}`,
  names: ["vaultName", `${kind}Name`],
});

/** The addresses of an object's newest version, and of whichever is the newest. */
function uris(id: string, context: Context, plural: string, version: string): [string, string] {
  const base = `${text(vaultOf(id, context)?.state, "properties.vaultUri") ?? ""}${plural}/${nameOf(id)}`;
  return [base, `${base}/${version}`];
}

const secret: Behaviour = arm({
  ...common("secret", "secrets"),
  source: "Microsoft.KeyVault/vaults/secrets (Azure/bicep-types-az); pulumi-azure-native, custom_keyvault.go",
  required: ["properties"],
  admit: (inputs, context) => {
    refuseHeld("Secret", secret.id(inputs, context), context);
    const value = text(inputs, "properties.value");
    refuseUnless(value !== undefined, "BadParameter", "The value of the secret must not be null or empty.");
    refuseUnless(
      Buffer.byteLength(value ?? "") <= mostBytes,
      "BadParameter",
      "The value of the secret must not be longer than 25 KB.",
    );
  },
  outputs: (inputs, context) => {
    // Every change makes a version; the value itself is never returned.
    const version = context.hex(32, `version${context.now()}${JSON.stringify(inputs.properties)}`);
    const [secretUri, secretUriWithVersion] = uris(secret.id(inputs, context), context, "secrets", version);
    const { value, ...rest } = isObject(inputs.properties) ? inputs.properties : {};
    void value;
    return { properties: { ...rest, attributes: { enabled: true }, secretUri, secretUriWithVersion } };
  },
  volatile: ["properties"],
});

const operations = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey", "import", "release"];

const key: Behaviour = arm({
  ...common("key", "keys"),
  source:
    'Microsoft.KeyVault/vaults/keys (Azure/bicep-types-az); "About keys"; pulumi-azure-native, custom_keyvault.go',
  required: ["properties"],
  check: (inputs) => [
    ...common("key", "keys").check(inputs),
    ...oneOf(inputs, "properties.kty", ["EC", "EC-HSM", "RSA", "RSA-HSM"]),
    ...oneOf(inputs, "properties.keySize", ["2048", "3072", "4096"]),
    ...oneOf(inputs, "properties.keyOps[]", operations),
    ...oneOf(inputs, "properties.rotationPolicy.lifetimeActions[].action.type", ["rotate", "notify"]),
  ],
  admit: (inputs, context) => {
    const id = key.id(inputs, context);
    refuseHeld("Key", id, context);
    refuseUnless(
      !(text(inputs, "properties.kty") ?? "").endsWith("-HSM") ||
        text(vaultOf(id, context)?.state, "properties.sku.name") === "premium",
      "BadParameter",
      "HSM protected keys are only supported in vaults of the SKU premium.",
    );
    const before = context.current?.inputs;
    // Writing a key that exists changes nothing of it, so Azure would say yes and do nothing.
    for (const each of ["kty", "keySize"])
      refuseUnless(
        before === undefined || text(before, `properties.${each}`) === text(inputs, `properties.${each}`),
        "BadParameter",
        `Property ${each} of an existing key cannot be changed.`,
      );
  },
  outputs: (inputs, context) => {
    const { properties } = inputs;
    const version = context.hex(32, "version");
    const [keyUri, newest] = uris(key.id(inputs, context), context, "keys", version);
    return {
      ...(isObject(properties) ? properties : {}),
      kty: text(inputs, "properties.kty") ?? "RSA",
      keySize: number(inputs, "properties.keySize") ?? 2048,
      attributes: { enabled: true, exportable: false },
      keyUri,
      keyUriWithVersion: text(context.current?.state, "keyUriWithVersion") ?? newest,
    };
  },
});

export const keyVaultSecret = { [secretType]: secret };
export const keyVaultKey = { [keyType]: key };
