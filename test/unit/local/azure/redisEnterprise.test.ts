import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

class Caches extends AzureGround {
  clusterArgs(change: Props = {}): Props {
    return {
      resourceGroupName: "rg",
      clusterName: "javelin-cache",
      location: this.location,
      sku: { name: "Balanced_B5" },
      highAvailability: "Enabled",
      minimumTlsVersion: "1.2",
      publicNetworkAccess: "Disabled",
      ...change,
    };
  }

  cluster(change: Props = {}): WorldObject {
    return this.put("azure-native:redisenterprise:RedisEnterprise", this.clusterArgs(change));
  }

  databaseArgs(change: Props = {}): Props {
    return {
      resourceGroupName: "rg",
      clusterName: "javelin-cache",
      databaseName: "default",
      clientProtocol: "Encrypted",
      clusteringPolicy: "NoCluster",
      evictionPolicy: "VolatileLRU",
      accessKeysAuthentication: "Enabled",
      ...change,
    };
  }

  database(change: Props = {}, cluster: Props = {}): WorldObject {
    this.cluster(cluster);
    return this.put("azure-native:redisenterprise:Database", this.databaseArgs(change));
  }

  keys(): Props {
    const args = { resourceGroupName: "rg", clusterName: "javelin-cache", databaseName: "default" };
    return this.invoke("azure-native:redisenterprise:listDatabaseKeys", args);
  }

  endpoint(change: Props = {}, connection: Props = {}): WorldObject {
    return this.put("azure-native:network:PrivateEndpoint", {
      privateEndpointName: "cache",
      location: this.location,
      subnet: { id: this.subnet("endpoints", "10.20.2.0/29").id },
      privateLinkServiceConnections: [{ name: "cache", groupIds: ["redisEnterprise"], ...connection }],
      ...change,
    });
  }
}
const fresh = () => new Caches();

describe("local cloud: Azure Managed Redis", () => {
  it("has a name in its region's domain, and keys that stay", () => {
    const caches = fresh();
    caches.database();
    const keys = caches.keys();
    expect(keys["primaryKey"]).to.match(/^[\w+/]{43}=$/);
    expect(keys["secondaryKey"]).to.not.equal(keys["primaryKey"]);
    expect(caches.keys()).to.deep.equal(keys);
  });

  it("makes the database anew for another clustering policy, except from none", () => {
    const caches = fresh();
    const change = caches.databaseArgs({ clusteringPolicy: "OSSCluster" });
    expect(caches.replaces(caches.database(), change)).to.deep.equal([]);
    const clustered = fresh().database({ clusteringPolicy: "EnterpriseCluster" });
    expect(caches.replaces(clustered, change)).to.deep.equal(["clusteringPolicy"]);
  });

  refuses(fresh, [
    ["an unknown SKU", /InvalidSku/, (c) => c.cluster({ sku: { name: "Premium_P1" } })],
    [
      "a capacity of a managed SKU",
      /takes no capacity/,
      (c) => c.cluster({ sku: { name: "Balanced_B5", capacity: 2 } }),
    ],
    ["zones of a managed SKU", /ZonesNotSupported/, (c) => c.cluster({ zones: ["1", "2"] })],
    ["an old TLS version", /minimumTlsVersion/, (c) => c.cluster({ minimumTlsVersion: "1.0" })],
    ["two hyphens in a row", /clusterName/, (c) => c.cluster({ clusterName: "javelin--cache" })],
    [
      "the end of high availability",
      /cannot be disabled/,
      (c) => c.update(c.cluster(), c.clusterArgs({ highAvailability: "Disabled" })),
    ],
    [
      "a smaller SKU",
      /scaled/,
      (c) => c.update(c.cluster(), c.clusterArgs({ sku: { name: "Balanced_B1" } })),
    ],
    ["another database name", /'default'/, (c) => c.database({ databaseName: "data" })],
    ["another port", /port 6379/, (c) => c.database({ port: 6379 })],
    ["an unknown protocol", /clientProtocol/, (c) => c.database({ clientProtocol: "TLS" })],
    ["an unknown eviction policy", /evictionPolicy/, (c) => c.database({ evictionPolicy: "volatile-lru" })],
    ["60 GB in one shard", /25 GB/, (c) => c.database({}, { sku: { name: "Balanced_B50" } })],
    [
      "60 GB under a database of one shard",
      /25 GB/,
      (c) => {
        c.database();
        const [cluster] = c.world.list("azure-native:redisenterprise:RedisEnterprise");
        if (cluster) c.update(cluster, c.clusterArgs({ sku: { name: "Balanced_B50" } }));
      },
    ],
    [
      "persistence without a frequency",
      /rdbFrequency/,
      (c) => c.database({ persistence: { rdbEnabled: true } }),
    ],
    [
      "both ways of persistence",
      /Only one/,
      (c) =>
        c.database({
          persistence: { rdbEnabled: true, rdbFrequency: "6h", aofEnabled: true, aofFrequency: "1s" },
        }),
    ],
    [
      "keys of a database without them",
      /disabled/,
      (c) => {
        c.database({ accessKeysAuthentication: "Disabled" });
        c.keys();
      },
    ],
    ["keys of a database that is not there", /ResourceNotFound/, (c) => c.keys()],
  ]);
});

describe("local cloud: private endpoints", () => {
  const type = "privateLinkServiceId";

  it("take the subnet's addresses in turn", () => {
    const caches = fresh();
    const { id } = caches.cluster();
    const addresses = ["one", "two"].map(
      (privateEndpointName) =>
        caches.endpoint({ privateEndpointName }, { [type]: id }).state["customDnsConfigs"],
    );
    const fqdn = "javelin-cache.westeurope.redis.azure.net";
    expect(addresses).to.deep.equal([
      [{ fqdn, ipAddresses: ["10.20.2.4"] }],
      [{ fqdn, ipAddresses: ["10.20.2.5"] }],
    ]);
  });

  refuses(fresh, [
    ["a service that is not there", /InvalidResourceReference/, (c) => c.endpoint({}, { [type]: "/none" })],
    [
      "another service's group",
      /group id 'vault'/,
      (c) => c.endpoint({}, { [type]: c.cluster().id, groupIds: ["vault"] }),
    ],
    ["no group", /needs one group id/, (c) => c.endpoint({}, { [type]: c.cluster().id, groupIds: [] })],
    [
      "a delegated subnet",
      /DelegatedSubnet/,
      (c) => c.endpoint({ subnet: { id: c.dataSubnet().id } }, { [type]: c.cluster().id }),
    ],
    [
      "a full subnet",
      /SubnetIsFull/,
      (c) => {
        const { id } = c.cluster();
        for (const privateEndpointName of ["one", "two", "three", "four"])
          c.endpoint({ privateEndpointName }, { [type]: id });
      },
    ],
    [
      "a zone group for a zone that is not there",
      /InvalidResourceReference/,
      (c) => {
        c.endpoint({}, { [type]: c.cluster().id });
        c.put("azure-native:network:PrivateDnsZoneGroup", {
          privateEndpointName: "cache",
          privateDnsZoneGroupName: "default",
          privateDnsZoneConfigs: [{ name: "cache", privateDnsZoneId: "/none" }],
        });
      },
    ],
    [
      "a second zone group",
      /MoreThanOnePrivateDnsZoneGroup/,
      (c) => {
        c.endpoint({}, { [type]: c.cluster().id });
        const privateDnsZoneId = c.privateZone("privatelink.redis.azure.net").id;
        for (const privateDnsZoneGroupName of ["one", "two"])
          c.put("azure-native:network:PrivateDnsZoneGroup", {
            privateEndpointName: "cache",
            privateDnsZoneGroupName,
            privateDnsZoneConfigs: [{ name: "cache", privateDnsZoneId }],
          });
      },
    ],
  ]);
});
