import { expect } from "chai";
import { diskEncryptionSetType } from "../../../../local/azure/diskEncryption.js";
import { keyType, secretType, vaultType } from "../../../../local/azure/keyVaultTypes.js";
import { identityType } from "../../../../local/azure/managedIdentity.js";
import { assignmentType } from "../../../../local/azure/roles.js";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

class Vaults extends AzureGround {
  readonly tenantId = this.invoke("azure-native:authorization:getClientConfig").tenantId;

  vault(properties: Props = {}, more: Props = {}): WorldObject {
    return this.put(vaultType, {
      vaultName: "vault",
      location: this.location,
      ...more,
      properties: {
        tenantId: this.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        ...properties,
      },
    });
  }

  secret(value: unknown = "value", secretName = "licence"): WorldObject {
    return this.put(secretType, { vaultName: "vault", secretName, properties: { value } });
  }

  key(properties: Props = {}): WorldObject {
    return this.put(keyType, {
      vaultName: "vault",
      keyName: "key",
      properties: { kty: "RSA", ...properties },
    });
  }

  /** A disk encryption set by the vault's key, whose identity has this role on it. */
  disks(role: string | undefined, vault: Props = {}, change: Props = {}): WorldObject {
    const made = this.vault({ enablePurgeProtection: true, ...vault });
    const key = this.key();
    const identity = this.put(identityType, { resourceName: "disks", location: this.location });
    if (role !== undefined)
      this.make(assignmentType, {
        roleAssignmentName: "00000001-0000-4000-8000-000000000000",
        roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        scope: key.id,
        principalId: identity.state.principalId,
        principalType: "ServicePrincipal",
      });
    return this.put(diskEncryptionSetType, {
      diskEncryptionSetName: "disks",
      location: this.location,
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
      activeKey: { keyUrl: key.state.keyUriWithVersion, sourceVault: { id: made.id }, ...change },
    });
  }
}

const encrypts = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
const reads = "21090545-7ca7-4776-b22c-e363652d74d2";

describe("local cloud: Key Vault", () => {
  it("holds a deleted vault's name, whoever asks for it, as long as it can come back", () => {
    const ground = new Vaults();
    ground.delete(ground.vault());
    expect(() => ground.vault()).to.throw(/ConflictError.*deleted state/);
    expect(() => ground.vault({}, { vaultName: "VAULT" })).to.throw(/ConflictError/);
    expect(() => ground.vault({}, { vaultName: "other" })).to.not.throw();
  });

  it("keeps retention days and purge protection for ever", () => {
    const ground = new Vaults();
    const made = ground.vault({ softDeleteRetentionInDays: 7, enablePurgeProtection: true });
    const update = (properties: Props) =>
      ground.update(made, {
        ...made.inputs,
        properties: { ...(made.inputs.properties as Props), ...properties },
      });
    expect(() => update({ softDeleteRetentionInDays: 90 })).to.throw(
      /softDeleteRetentionInDays.*can't be modified/,
    );
    expect(() => update({ enablePurgeProtection: false })).to.throw(/cannot be set to false/);
    expect(update({ enablePurgeProtection: undefined }).state).to.have.nested.property(
      "properties.enablePurgeProtection",
      true,
    );
  });

  it("never returns a secret's value, and gives each change a version", () => {
    const ground = new Vaults();
    ground.vault();
    const made = ground.secret("hush");
    expect(JSON.stringify(made.state)).to.not.include("hush");
    expect(made.state).to.have.nested.property(
      "properties.secretUri",
      "https://vault.vault.azure.net/secrets/licence",
    );
    const after = ground.update(made, { ...made.inputs, properties: { value: "hush!" } });
    expect(after.state.properties).to.not.deep.equal(made.state.properties);
  });

  it("lets nobody delete what is in a closed vault, and takes it along when it goes", () => {
    const ground = new Vaults();
    const vault = ground.vault({ publicNetworkAccess: "Disabled" });
    const secret = ground.secret();
    ground.key();
    expect(() => ground.delete(secret)).to.throw(/Forbidden: Public network access is disabled/);
    ground.delete(vault);
    for (const type of [secretType, keyType]) expect(ground.world.list(type)).to.have.length(0);
  });

  it("holds a deleted secret's name in an open vault, until the vault goes", () => {
    const ground = new Vaults();
    const vault = ground.vault();
    ground.delete(ground.secret());
    expect(() => ground.secret()).to.throw(/deleted but recoverable/);
    expect(() => ground.secret("value", "another")).to.not.throw();
    ground.delete(vault);
    expect(ground.world.list("held:keyvault/object")).to.have.length(0);
  });

  it("lets disks use a key through the firewall when their identity may", () => {
    const closed = {
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", bypass: "AzureServices" },
    };
    const ground = new Vaults();
    const disks = ground.disks(encrypts, closed);
    expect(() => ground.delete(ground.world.list(identityType)[0]!)).to.throw(/in use by .*disks/);
    ground.delete(disks);
  });

  refuses(
    () => new Vaults(),
    [
      ["a name of two characters", /vaultName|invalid/, (g) => g.vault({}, { vaultName: "ab" })],
      ["a name of 25 characters", /3 to 24/, (g) => g.vault({}, { vaultName: "a".repeat(25) })],
      ["a name with two hyphens in a row", /single hyphens/, (g) => g.vault({}, { vaultName: "a--b" })],
      ["a name that begins with a digit", /the first a letter/, (g) => g.vault({}, { vaultName: "1ab" })],
      ["a name that is taken", /VaultAlreadyExists/, (g) => [g.vault(), g.vault({}, { vaultName: "Vault" })]],
      ["another tenant's vault", /'tenantId'/, (g) => g.vault({ tenantId: "11111111-0000-4000-8000-0" })],
      [
        "purge protection said to be off",
        /"enablePurgeProtection" cannot be set to false/,
        (g) => g.vault({ enablePurgeProtection: false }),
      ],
      [
        "soft delete said to be off",
        /"enableSoftDelete" cannot be set to false/,
        (g) => g.vault({ enableSoftDelete: false }),
      ],
      [
        "six days of retention",
        /softDeleteRetentionInDays/,
        (g) => g.vault({ softDeleteRetentionInDays: 6 }),
      ],
      [
        "neither roles nor policies",
        /accessPolicies is not specified/,
        (g) => g.vault({ enableRbacAuthorization: false }),
      ],
      ["a secret in no vault", /ParentResourceNotFound/, (g) => g.secret()],
      ["an empty secret", /must not be null or empty/, (g) => [g.vault(), g.secret("")]],
      ["a secret of 25 KB and one byte", /25 KB/, (g) => [g.vault(), g.secret("a".repeat(25_001))]],
      ["a secret's name with a slash", /1 to 127 letters/, (g) => [g.vault(), g.secret("a", "a/b")]],
      ["an HSM's key in a standard vault", /premium/, (g) => [g.vault(), g.key({ kty: "RSA-HSM" })]],
      [
        "another size of a key that is there",
        /keySize of an existing key cannot be changed/,
        (g) => {
          g.vault();
          const key = g.key({ keySize: 2048 });
          g.update(key, { ...key.inputs, properties: { kty: "RSA", keySize: 3072 } });
        },
      ],
      [
        "another type of a key that is there",
        /kty of an existing key cannot be changed/,
        (g) => {
          g.vault();
          const key = g.key();
          g.update(key, { ...key.inputs, properties: { kty: "EC" } });
        },
      ],
      ["a key of 1024 bits", /keySize/, (g) => [g.vault(), g.key({ keySize: 1024 })]],
      [
        "disks by a key without purge protection",
        /purge protection enabled/,
        (g) => g.disks(encrypts, { enablePurgeProtection: undefined }),
      ],
      ["disks whose identity may not use the key", /lacks the permissions/, (g) => g.disks(undefined)],
      ["disks whose identity may only look", /lacks the permissions/, (g) => g.disks(reads)],
      [
        "disks by a key without its version",
        /has to name a version/,
        (g) => g.disks(encrypts, {}, { keyUrl: "https://vault.vault.azure.net/keys/key" }),
      ],
      [
        "disks by a key behind a firewall without exceptions",
        /does not let trusted services/,
        (g) => g.disks(encrypts, { networkAcls: { defaultAction: "Deny", bypass: "None" } }),
      ],
    ],
  );
});
