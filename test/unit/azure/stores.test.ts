import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Cache } from "../../../components/azure/cache.js";
import { Database } from "../../../components/azure/database.js";
import type { DatabaseArgs } from "../../../components/azure/database.js";
import { globalName } from "../../../components/azure/globalName.js";
import type { Props } from "../../../local/behaviour.js";
import { azureGroundwork, common } from "../../support/azureCell.js";
import { azureProgram, subscriptionId } from "../../support/azureProgram.js";
import { run } from "../../support/mocks.js";
import type { Run } from "../../support/mocks.js";
import { isSecret } from "../../support/needles.js";

const of = ({ resources }: Run<unknown>, type: string) =>
  resources.filter((each) => each.type === `azure-native:${type}`);

/** The value, and whether it is secret. */
function seen<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  return new Promise((resolve) =>
    output.apply((value) => void pulumi.isSecret(output).then((secret) => resolve({ value, secret }))),
  );
}

const shape = {
  version: "16.11",
  instanceClass: "Standard_D4ds_v5",
  reader: true,
  databaseName: "javelin_data",
  username: "javelin",
  backupDays: 14,
  protect: true,
};

function database(
  change: Partial<DatabaseArgs> = {},
  transformations: pulumi.ResourceTransformation[] = [],
): Database {
  const { opts, cell, subnet, privateZone } = azureProgram();
  return new Database(
    "db",
    {
      ...cell,
      zones: ["1", "3"],
      subnetId: subnet("data", "10.20.1.0/28", "Microsoft.DBforPostgreSQL/flexibleServers"),
      privateZoneId: privateZone("javelin.postgres.database.azure.com"),
      ...shape,
      password: pulumi.secret("A-good-secret-1"),
      ...change,
    },
    { providers: [opts.provider], transformations },
  );
}

/** With a key of the cell's own, as the cell composes it; by an identity that may use it, or by a stranger. */
function encrypted(trusted = true): void {
  const { opts, network, secrets } = azureGroundwork(true, { customerKey: true });
  if (!secrets.key) throw new Error("no key");
  const { resourceGroupName, workspaceId, subnetIds, privateZoneIds, zones } = network;
  const stranger = new managedidentity.UserAssignedIdentity(
    "stranger",
    { resourceName: "stranger", resourceGroupName, location: common.region },
    { provider: opts.providers[0] },
  );
  new Database(
    "db",
    {
      ...common,
      ...shape,
      resourceGroupName,
      workspaceId,
      subscriptionId,
      zones,
      subnetId: subnetIds.data,
      privateZoneId: privateZoneIds.postgres,
      password: secrets.databasePassword,
      key: { uri: secrets.key.uri, identityId: trusted ? secrets.key.identityId : stranger.id },
    },
    opts,
  );
}

describe("Azure database", () => {
  it("is a zone redundant server on the private network alone", async () => {
    const done = await run(async () => seen(database().endpoint));
    const [server] = of(done, "dbforpostgresql:Server");
    expect(done.result.value).to.match(
      /^javelin-dev-westeurope-[0-9a-f]{8}\.postgres\.database\.azure\.com$/,
    );
    expect(server?.inputs).to.deep.include({
      version: "16",
      sku: { name: "Standard_D4ds_v5", tier: "GeneralPurpose" },
      availabilityZone: "1",
      highAvailability: { mode: "ZoneRedundant", standbyAvailabilityZone: "3" },
      backup: { backupRetentionDays: 14, geoRedundantBackup: "Disabled" },
    });
    expect((server?.inputs["network"] as Props)["publicNetworkAccess"]).to.equal("Disabled");
    expect(isSecret(server?.raw["administratorLoginPassword"])).to.equal(true);
    const component = done.resources.find(({ type }) => type === "javelin:azure:Database");
    expect(component?.inputs).not.to.have.property("password");
    expect(of(done, "dbforpostgresql:FirewallRule")).to.deep.equal([]);
  });

  it("takes its parameters along when it goes: to delete one alone would set its default again", async () => {
    const types = new Map<pulumi.Resource, string>();
    const gone = new Map<string, string | undefined>();
    const note: pulumi.ResourceTransformation = ({ type, name, resource, opts }) => {
      types.set(resource, type);
      const { deletedWith } = opts as pulumi.CustomResourceOptions;
      if (type.endsWith(":Configuration")) gone.set(name, deletedWith && types.get(deletedWith));
      return undefined;
    };
    await run(() => void database({}, [note]));
    expect(gone.size).to.be.above(3);
    expect([...new Set(gone.values())]).to.deep.equal(["azure-native:dbforpostgresql:Server"]);
  });

  it("asks for TLS and logs no statements", async () => {
    const done = await run(() => void database());
    const parameters = Object.fromEntries(
      of(done, "dbforpostgresql:Configuration").map(({ inputs }) => [
        String(inputs["configurationName"]),
        String(inputs["value"]),
      ]),
    );
    expect(parameters).to.include({ require_secure_transport: "on", ssl_min_protocol_version: "TLSv1.2" });
    expect(parameters).not.to.have.any.keys("log_statement", "log_min_duration_statement");
    const [logs] = of(done, "monitor:DiagnosticSetting");
    expect(logs?.inputs["logs"]).to.deep.equal([{ categoryGroup: "allLogs", enabled: true }]);
  });

  it("is one burstable server at small, with a week of backups", async () => {
    const done = await run(
      () => void database({ reader: false, instanceClass: "Standard_B2s", backupDays: 1 }),
    );
    const [server] = of(done, "dbforpostgresql:Server");
    expect(server?.inputs).to.deep.include({
      sku: { name: "Standard_B2s", tier: "Burstable" },
      backup: { backupRetentionDays: 7, geoRedundantBackup: "Disabled" },
    });
    expect((server?.inputs["highAvailability"] as Props)["mode"]).to.equal("Disabled");
  });

  it("stands in the cell's own network, and is encrypted with the cell's own key", async () => {
    const done = await run(() => encrypted());
    const [server] = of(done, "dbforpostgresql:Server");
    const key = done.resources.find(({ type }) => type === "azure-native:keyvault:Key");
    const encryption = server?.inputs["dataEncryption"] as Props;
    expect(encryption).to.include({ type: "AzureKeyVault", primaryKeyURI: key?.state["keyUri"] });
    expect(
      Object.keys((server?.inputs["identity"] as Props)["userAssignedIdentities"] as Props),
    ).to.deep.equal([encryption["primaryUserAssignedIdentityId"]]);
  });

  it("is refused a key that its identity may not use", async () => {
    const refusal: unknown = await run(() => encrypted(false)).catch((error: unknown) => error);
    expect(String(refusal)).to.match(/AzureKeyVaultKeyAccessDenied/);
  });

  it("refuses a size of no tier", async () => {
    let refusal: unknown;
    await run(() => void database({ instanceClass: "db.r7g.large" })).catch(
      (error: unknown) => (refusal = error),
    );
    expect(String(refusal)).to.match(/db\.r7g\.large is no size/);
  });
});

describe("Azure cache", () => {
  const cache = (change: { highAvailability?: boolean; protect?: boolean } = {}) => {
    const { opts, cell, subnet, privateZone } = azureProgram();
    return new Cache(
      "cache",
      {
        ...cell,
        endpointSubnetId: subnet("endpoints", "10.20.2.0/24"),
        privateZoneId: privateZone("privatelink.redis.azure.net"),
        sku: "Balanced_B5",
        highAvailability: true,
        protect: true,
        ...change,
      },
      { providers: [opts.provider] },
    );
  };

  it("answers by TLS at a private endpoint alone, with a secret key", async () => {
    const done = await run(() => {
      const { endpoint, password } = cache();
      return Promise.all([seen(endpoint), seen(password)]);
    });
    const [endpoint, password] = done.result;
    expect(endpoint.value).to.match(/^javelin-dev-westeurope-[0-9a-f]{8}\.westeurope\.redis\.azure\.net$/);
    expect(password.secret).to.equal(true);
    expect(password.value).to.match(/^.{44}$/);
    expect(of(done, "redisenterprise:RedisEnterprise")[0]?.inputs).to.include({
      publicNetworkAccess: "Disabled",
      minimumTlsVersion: "1.2",
      highAvailability: "Enabled",
    });
    expect(of(done, "redisenterprise:Database")[0]?.inputs).to.deep.include({
      port: 10000,
      clientProtocol: "Encrypted",
      evictionPolicy: "VolatileLRU",
      persistence: { rdbEnabled: true, rdbFrequency: "6h" },
    });
    const [group] = of(done, "network:PrivateDnsZoneGroup");
    expect(JSON.stringify(group?.inputs)).to.match(/privatelink\.redis\.azure\.net/);
  });

  it("sends the logs of its database and the metrics of its cluster", async () => {
    const settings = of(
      await run(() => void cache({ highAvailability: false, protect: false })),
      "monitor:DiagnosticSetting",
    );
    expect(settings.map(({ inputs }) => ["logs" in inputs, "metrics" in inputs])).to.have.deep.members([
      [false, true],
      [true, false],
    ]);
  });

  it("is planned before anything is known", async () => {
    const preview = await run(() => void cache(), { preview: true });
    expect(preview.world.size).to.equal(0);
  });
});

describe("names that all of Azure shares", () => {
  const name = (subscription: string) =>
    seen(globalName("azure:postgresServer", subscription, "javelin-dev"));

  it("differ between subscriptions, and do not tell which one it is", async () => {
    const [one, same, other] = await Promise.all([
      name(subscriptionId),
      name(subscriptionId.toUpperCase()),
      name("87654321-1234-4234-8234-123456789abc"),
    ]);
    expect(one.value)
      .to.equal(same.value)
      .and.to.match(/^javelin-dev-[0-9a-f]{8}$/);
    expect(one.value).not.to.equal(other.value);
    expect(subscriptionId).not.to.include(one.value.slice(-8));
  });
});
