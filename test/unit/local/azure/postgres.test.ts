import { expect } from "chai";
import { keyType, vaultType } from "../../../../local/azure/keyVaultTypes.js";
import { identityType } from "../../../../local/azure/managedIdentity.js";
import { assignmentType } from "../../../../local/azure/roles.js";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const server = "azure-native:dbforpostgresql:Server";
const zone = "javelin.private.postgres.database.azure.com";

class Databases extends AzureGround {
  /** The inputs of a server that Azure takes, with changes at the top and one level below. */
  args(change: Props = {}): Props {
    const whole: Props = {
      resourceGroupName: "rg",
      serverName: "javelin-db",
      location: this.location,
      version: "16",
      sku: { name: "Standard_D4ds_v5", tier: "GeneralPurpose" },
      storage: { storageSizeGB: 128, autoGrow: "Enabled" },
      highAvailability: { mode: "ZoneRedundant", standbyAvailabilityZone: "2" },
      availabilityZone: "1",
      backup: { backupRetentionDays: 7 },
      administratorLogin: "javelin",
      administratorLoginPassword: "A-good-secret-1",
    };
    for (const [key, value] of Object.entries(change))
      whole[key] =
        typeof value === "object" && value !== null
          ? { ...(whole[key] as Props | undefined), ...value }
          : value;
    return whole;
  }

  /** Where the server lies: made only when a test does not bring a network of its own. */
  place(): Props {
    return {
      delegatedSubnetResourceId: this.dataSubnet().id,
      privateDnsZoneArmResourceId: this.privateZone(zone).id,
      publicNetworkAccess: "Disabled",
    };
  }

  server(change: Props = {}): WorldObject {
    return this.put(server, this.args({ network: this.place(), ...change }));
  }

  /** A server that is encrypted by a key, on which its identity has this role. */
  keyed(role: string): WorldObject {
    const at = { location: this.location };
    const tenantId = this.invoke("azure-native:authorization:getClientConfig").tenantId;
    const sku = { family: "A", name: "standard" };
    this.put(vaultType, {
      ...at,
      vaultName: "vault",
      properties: { tenantId, sku, enableRbacAuthorization: true, enablePurgeProtection: true },
    });
    const key = this.put(keyType, { vaultName: "vault", keyName: "key", properties: { kty: "RSA" } });
    const identity = this.put(identityType, { ...at, resourceName: "database" });
    this.make(assignmentType, {
      roleAssignmentName: "00000001-0000-4000-8000-000000000000",
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      scope: key.id,
      principalId: identity.state.principalId,
      principalType: "ServicePrincipal",
    });
    return this.server({
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
      dataEncryption: {
        type: "AzureKeyVault",
        primaryKeyURI: key.state.keyUri,
        primaryUserAssignedIdentityId: identity.id,
      },
    });
  }

  parameter(configurationName: string, value: string): WorldObject {
    return this.put("azure-native:dbforpostgresql:Configuration", {
      serverName: this.server().state["name"],
      configurationName,
      value,
    });
  }
}

describe("local cloud: PostgreSQL flexible server", () => {
  it("has a name in the public domain, whichever private zone resolves it", () => {
    expect(new Databases().server().state["fullyQualifiedDomainName"]).to.equal(
      "javelin-db.postgres.database.azure.com",
    );
  });

  it("takes a second availability, a newer version and more storage in place", () => {
    const databases = new Databases();
    const made = databases.server({ highAvailability: { mode: "Disabled" } });
    const change = databases.args({
      network: databases.place(),
      version: "17",
      storage: { storageSizeGB: 256 },
    });
    expect(databases.replaces(made, change)).to.deep.equal([]);
    expect(databases.update(made, change).state["version"]).to.equal("17");
  });

  it("is encrypted by a key that its identity may use, and not by one that it may look at", () => {
    expect(() => new Databases().keyed("e147488a-f6f5-4113-8e2d-b22465e65bf6")).to.not.throw();
    expect(() => new Databases().keyed("21090545-7ca7-4776-b22c-e363652d74d2")).to.throw(
      /^AzureKeyVaultKeyAccessDenied.*lacks the permissions/,
    );
  });

  it("keeps its subnet as long as it is there", () => {
    const databases = new Databases();
    databases.server();
    expect(() => databases.delete(databases.dataSubnet())).to.throw(/InUse/);
  });

  refuses(
    () => new Databases(),
    [
      ["a name with capitals", /serverName/, (d) => d.server({ serverName: "Javelin" })],
      ["a version that is no longer made", /version: '12'/, (d) => d.server({ version: "12" })],
      ["a minor version", /version: '16\.11'/, (d) => d.server({ version: "16.11" })],
      ["a size of another tier", /InvalidSku/, (d) => d.server({ sku: { name: "Standard_B2s" } })],
      ["an unknown size", /InvalidSku/, (d) => d.server({ sku: { name: "Standard_D3ds_v5" } })],
      [
        "high availability of a burstable server",
        /Burstable/,
        (d) => d.server({ sku: { name: "Standard_B2s", tier: "Burstable" } }),
      ],
      [
        "a standby in the same zone",
        /another zone/,
        (d) => d.server({ highAvailability: { standbyAvailabilityZone: "1" } }),
      ],
      [
        "a storage size between two",
        /storageSizeGB: '100'/,
        (d) => d.server({ storage: { storageSizeGB: 100 } }),
      ],
      ["backups for less than a week", /7 and 35/, (d) => d.server({ backup: { backupRetentionDays: 1 } })],
      [
        "backups for more than five weeks",
        /7 and 35/,
        (d) => d.server({ backup: { backupRetentionDays: 36 } }),
      ],
      ["a reserved login", /administratorLogin: 'admin'/, (d) => d.server({ administratorLogin: "admin" })],
      ["a login like a role's", /administratorLogin/, (d) => d.server({ administratorLogin: "pg_me" })],
      [
        "a password of two classes",
        /PasswordNotComplex/,
        (d) => d.server({ administratorLoginPassword: "all-lower-case" }),
      ],
      [
        "a password with the login in it",
        /PasswordNotComplex/,
        (d) => d.server({ administratorLoginPassword: "Javelin-2025-secret" }),
      ],
      [
        "no way to authenticate",
        /authentication/,
        (d) => d.server({ authConfig: { passwordAuth: "Disabled", activeDirectoryAuth: "Disabled" } }),
      ],
      [
        "a subnet smaller than a /28",
        /InvalidSubnetSize/,
        (d) => {
          d.dataSubnet("10.20.1.0/29");
          d.server();
        },
      ],
      [
        "a subnet that is not delegated",
        /SubnetNotDelegated/,
        (d) => {
          d.subnet("data", "10.20.1.0/28");
          d.server();
        },
      ],
      [
        "a subnet that is not there",
        /InvalidResourceReference/,
        (d) =>
          d.server({
            network: { ...d.place(), delegatedSubnetResourceId: `${d.network().id}/subnets/none` },
          }),
      ],
      [
        "a private network without a zone",
        /EmptyPrivateDnsZone/,
        (d) => d.server({ network: { delegatedSubnetResourceId: d.dataSubnet().id } }),
      ],
      [
        "a zone of another ending",
        /InvalidPrivateDnsZoneName/,
        (d) =>
          d.server({
            network: { ...d.place(), privateDnsZoneArmResourceId: d.privateZone("db.internal").id },
          }),
      ],
      [
        "a zone that is the server's own name",
        /InvalidPrivateDnsZoneName/,
        (d) => {
          const privateDnsZoneArmResourceId = d.privateZone("javelin-db.postgres.database.azure.com").id;
          d.server({ network: { ...d.place(), privateDnsZoneArmResourceId } });
        },
      ],
      [
        "a zone that is not linked to the network",
        /PrivateDnsZoneNotLinked/,
        (d) => {
          d.privateZone(zone, false);
          d.server();
        },
      ],
      [
        "public access to a private server",
        /Public network access/,
        (d) => d.server({ network: { ...d.place(), publicNetworkAccess: "Enabled" } }),
      ],
      [
        "a customer's key without an identity",
        /primaryUserAssignedIdentityId/,
        (d) =>
          d.server({
            dataEncryption: { type: "AzureKeyVault", primaryKeyURI: "https://v.vault.azure.net/keys/k" },
          }),
      ],
      [
        "the same name in another group",
        /ServerNameAlreadyExists/,
        (d) => {
          d.server();
          d.make("azure-native:resources:ResourceGroup", {
            resourceGroupName: "other",
            location: d.location,
          });
          d.make(server, { ...d.args({ network: d.place() }), resourceGroupName: "other" });
        },
      ],
      [
        "another login for an existing server",
        /administratorLogin' cannot be changed/,
        (d) => d.update(d.server(), d.args({ network: d.place(), administratorLogin: "other" })),
      ],
      [
        "a way back to an older version",
        /back to 15/,
        (d) => d.update(d.server(), d.args({ network: d.place(), version: "15" })),
      ],
      [
        "a smaller disk",
        /not reduced/,
        (d) => d.update(d.server(), d.args({ network: d.place(), storage: { storageSizeGB: 64 } })),
      ],
      ["an unknown parameter", /does not exist/, (d) => d.parameter("rds.force_ssl", "1")],
      [
        "a value that a parameter does not take",
        /require_secure_transport/,
        (d) => d.parameter("require_secure_transport", "1"),
      ],
      [
        "an old TLS version",
        /ssl_min_protocol_version/,
        (d) => d.parameter("ssl_min_protocol_version", "TLSv1"),
      ],
      [
        "an unknown extension",
        /azure\.extensions/,
        (d) => d.parameter("azure.extensions", "VECTOR,NONSENSE"),
      ],
      ["a read-only parameter", /read only/, (d) => d.parameter("ssl", "off")],
      [
        "a reserved database name",
        /reserved/,
        (d) =>
          d.put("azure-native:dbforpostgresql:Database", {
            serverName: d.server().state["name"],
            databaseName: "azure_sys",
          }),
      ],
      [
        "a database on a server that is not there",
        /ParentResourceNotFound/,
        (d) => d.put("azure-native:dbforpostgresql:Database", { serverName: "none", databaseName: "data" }),
      ],
    ],
  );

  refuses(
    () => new Databases("westus"),
    [
      ["zone redundancy in a region without zones", /not supported in location/, (d) => d.server()],
      [
        "a standby there, without zones named",
        /ZoneRedundantHANotSupported/,
        (d) => {
          const args = d.args({ network: d.place() });
          d.put(server, {
            ...args,
            availabilityZone: undefined,
            highAvailability: { mode: "ZoneRedundant" },
          });
        },
      ],
    ],
  );
});
