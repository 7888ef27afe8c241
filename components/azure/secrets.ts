import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { generatedPassword } from "../password.js";
import { pause } from "./pause.js";
import { assignRole } from "./roles.js";
import { createVault, freshName } from "./vault.js";

export interface SecretsArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  tenantId: pulumi.Input<string>;
  /** The endpoint tier's subnet. */
  endpointSubnetId: pulumi.Input<string>;
  /** The zone `privatelink.vaultcore.azure.net`. */
  privateZoneId: pulumi.Input<string>;
  /**
   * True: 90 days to take a deletion back, and nobody can end them early. False: 7, the least Azure allows. A vault
   * keeps the days that it was created with, and cannot lose its purge protection again.
   */
  protect: boolean;
  /** Master user of the database; stored beside its password. */
  databaseUsername: string;
  /** Password of a database that this cell shares with others. Default: one is generated. */
  databasePassword?: pulumi.Input<string>;
  /** Values the customer supplies (licence, registry token, …) by name; `database` is taken. */
  customer: Record<string, pulumi.Input<string>>;
  /** A key of the cell's own for disks and database, where Azure's own is the default. It needs purge protection. */
  customerKey: boolean;
  workspaceId: pulumi.Input<string>;
}

/** The cell's key, and who may use it. */
export interface EncryptionKey {
  /** ARM ids of the key and of its vault. */
  id: pulumi.Output<string>;
  vaultId: pulumi.Output<string>;
  /** Without a version: whoever takes this one follows the key's yearly rotation. */
  uri: pulumi.Output<string>;
  /** With the version of now. */
  versionedUri: pulumi.Output<string>;
  /** A managed identity that may wrap and unwrap with the key, for the services that encrypt by it. */
  identityId: pulumi.Output<string>;
}

/**
 * Two Key Vaults: the cell's own, which no workload can read, and the gateway's, where it keeps the provider keys
 * that it writes itself. A role counts for a vault or for a secret that exists: so what the gateway may read and
 * what it may not cannot share one.
 *
 * Secrets and keys are written through Azure Resource Manager, which a vault's closed network does not concern.
 * Deleting one is possible only from inside the network: they go with their vault.
 */
export class Secrets extends pulumi.ComponentResource {
  readonly vaultId: pulumi.Output<string>;
  readonly vaultUri: pulumi.Output<string>;
  readonly gatewayVaultId: pulumi.Output<string>;
  readonly gatewayVaultUri: pulumi.Output<string>;
  /** Secret. 40 characters, accepted by PostgreSQL, and by a connection URL without escaping. */
  readonly databasePassword: pulumi.Output<string>;
  /** ARM id by name: `database` and one for each of the customer's. */
  readonly secretIds: Record<string, pulumi.Output<string>>;
  /** Present with `customerKey`. */
  readonly key?: EncryptionKey;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { customer, databasePassword, ...plain } = args;
    super("javelin:azure:Secrets", name, plain, opts);
    const { prefix, region, resourceGroupName, protect, customerKey } = args;
    const parent = { parent: this };
    // What is in a vault cannot be deleted from outside its network: Azure would refuse the deployer.
    const inVault = { ...parent, retainOnDelete: true };

    const shared = { ...args, retentionDays: protect ? 90 : 7 };
    const vault = createVault(
      `${name}-vault`,
      {
        ...shared,
        role: "cell",
        purgeProtection: protect || customerKey,
        trustedServices: customerKey,
      },
      parent,
    );
    const gatewayVault = createVault(
      `${name}-gateway-vault`,
      { ...shared, role: "gateway", purgeProtection: protect, trustedServices: false },
      parent,
    );

    this.databasePassword = pulumi.secret(
      databasePassword ?? generatedPassword(`${name}-database-password`, parent),
    );
    const values: Record<string, pulumi.Input<string>> = {
      ...customer,
      database: pulumi.jsonStringify({ username: args.databaseUsername, password: this.databasePassword }),
    };
    this.secretIds = {};
    for (const [secretName, value] of Object.entries(values)) {
      const secret = new keyvault.Secret(
        `${name}-${secretName}`,
        {
          // A secret that was dropped is still in the vault: one that comes back needs another name.
          secretName: freshName(
            `${name}-${secretName}`,
            physicalName("azure:vaultObject", secretName),
            parent,
          ),
          resourceGroupName,
          vaultName: vault.name,
          properties: { value: pulumi.secret(value) },
        },
        inVault,
      );
      this.secretIds[secretName] = secret.id;
    }

    if (customerKey) {
      const key = new keyvault.Key(
        `${name}-key`,
        {
          keyName: freshName(`${name}-key`, physicalName("azure:vaultObject", "encryption"), parent),
          resourceGroupName,
          vaultName: vault.name,
          properties: {
            kty: "RSA",
            keySize: 3072,
            keyOps: ["wrapKey", "unwrapKey"],
            rotationPolicy: {
              lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P365D" } }],
            },
          },
        },
        inVault,
      );
      const identity = new managedidentity.UserAssignedIdentity(
        `${name}-key-identity`,
        {
          resourceName: physicalName("azure:identity", prefix, "encryption"),
          resourceGroupName,
          location: region,
        },
        parent,
      );
      const access = assignRole(
        `${name}-key-access`,
        { role: "Key Vault Crypto Service Encryption User", scope: key.id },
        { id: identity.principalId, type: "ServicePrincipal" },
        parent,
      );
      // Azure tells of the right at once, and heeds it some minutes later.
      const heeded = pause(`${name}-key-settling`, "5m", access.id, parent);
      this.key = {
        id: key.id,
        vaultId: vault.id,
        uri: key.keyUri,
        versionedUri: key.keyUriWithVersion,
        // Whoever encrypts by the key comes after the identity's right to use it.
        identityId: pulumi.all([identity.id, heeded.id]).apply(([id]) => id),
      };
    }

    this.vaultId = vault.id;
    this.vaultUri = vault.properties.vaultUri;
    this.gatewayVaultId = gatewayVault.id;
    this.gatewayVaultUri = gatewayVault.properties.vaultUri;
    this.registerOutputs({
      vaultId: this.vaultId,
      gatewayVaultId: this.gatewayVaultId,
      secretIds: this.secretIds,
    });
  }
}
