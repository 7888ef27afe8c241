import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../names.js";
import { diagnostics } from "./diagnostics.js";
import { privateEndpoint } from "./privateEndpoint.js";

export interface VaultArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** Tells the vaults of a cell apart. */
  role: string;
  tenantId: pulumi.Input<string>;
  endpointSubnetId: pulumi.Input<string>;
  /** The zone `privatelink.vaultcore.azure.net`. */
  privateZoneId: pulumi.Input<string>;
  /** Days that a deleted vault can be taken back, 7 to 90. A vault keeps what it was created with. */
  retentionDays: number;
  /** Nobody can end that time early. It can never be switched off. */
  purgeProtection: boolean;
  /** Lets services of Azure that hold a role in use its keys, past the private endpoint: disks, databases. */
  trustedServices: boolean;
  workspaceId: pulumi.Input<string>;
}

/** A name that no deleted namesake holds: Azure keeps those for days, of vaults and of what is in them. */
export function freshName(name: string, stem: string, opts: pulumi.CustomResourceOptions) {
  const generation = new random.RandomId(`${name}-generation`, { byteLength: 4 }, opts);
  return pulumi.interpolate`${stem}-${generation.hex}`;
}

/** A Key Vault that grants by Azure roles alone and answers at a private endpoint alone. */
export function createVault(
  name: string,
  args: VaultArgs,
  opts: pulumi.CustomResourceOptions,
): keyvault.Vault {
  const { prefix, region, role, resourceGroupName } = args;
  const vault = new keyvault.Vault(
    name,
    {
      vaultName: freshName(name, physicalName("azure:vault", prefix, role), opts),
      resourceGroupName,
      location: region,
      properties: {
        tenantId: args.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: args.retentionDays,
        // Azure takes no `false` here.
        ...(args.purgeProtection && { enablePurgeProtection: true }),
        publicNetworkAccess: "Disabled",
        networkAcls: { defaultAction: "Deny", bypass: args.trustedServices ? "AzureServices" : "None" },
      },
    },
    { ...opts, ignoreChanges: ["properties.softDeleteRetentionInDays"] },
  );
  privateEndpoint(
    name,
    {
      resourceGroupName,
      region,
      prefix,
      role: `${role}-vault`,
      subnetId: args.endpointSubnetId,
      resourceId: vault.id,
      groupId: "vault",
      privateZoneId: args.privateZoneId,
    },
    opts,
  );
  diagnostics(name, vault.id, args.workspaceId, opts);
  return vault;
}
