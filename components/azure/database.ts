import * as postgresql from "@pulumi/azure-native/dbforpostgresql/index.js";
import * as pulumi from "@pulumi/pulumi";
import { diagnostics } from "./diagnostics.js";
import { globalName } from "./globalName.js";
import { pause } from "./pause.js";

export interface DatabaseArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** Part of the server's name, which all of Azure shares. */
  subscriptionId: pulumi.Input<string>;
  /** The first zone holds the server, the second its standby. */
  zones: string[];
  /** The data tier's subnet, delegated to Microsoft.DBforPostgreSQL/flexibleServers. */
  subnetId: pulumi.Input<string>;
  /** Private zone that ends with `.postgres.database.azure.com` and is linked to the network. */
  privateZoneId: pulumi.Input<string>;
  /** PostgreSQL version. Azure takes the major one and moves the minor one itself: `16.11` stands for `16`. */
  version: string;
  /** Compute size: `Standard_D4ds_v5`; no `Standard_B…` with a `reader`. */
  instanceClass: string;
  /** A standby in another zone, which takes over when the server fails. It takes no queries. */
  reader: boolean;
  /** Present when the cell shares its database with others. */
  replication?: Replication;
  databaseName: string;
  username: string;
  password: pulumi.Input<string>;
  /** Days that backups are kept, 1 to 35; Azure keeps at least 7. They outlive a deleted server by 5 days. */
  backupDays: number;
  /** The server is not deleted or replaced. */
  protect: boolean;
  workspaceId: pulumi.Input<string>;
  /** The customer's key, and a user-assigned identity that may wrap and unwrap with it. Default: Azure's key. */
  key?: { uri: pulumi.Input<string>; identityId: pulumi.Input<string> };
}

/** A part of a database that cells share: the server that writes, or with a `source` one that follows it. */
export interface Replication {
  /** ARM id of the server that writes, known once it can be followed. */
  source?: { id: pulumi.Input<string> };
  /** Parent of what moves along with the writes and belongs to no cell. */
  keeper: pulumi.Resource;
  /** What connects the networks of the two. */
  connected: pulumi.Resource[];
}

const port = 5432;
/** Azure enlarges it by itself when it runs full. */
const storageGiB = 128;

/** What a server was made with, as the part that it had then. A switchover swaps the parts and changes none of this. */
const madeWith = ["administratorLogin", "createMode", "sourceServerResourceId"];

/** `require_secure_transport` is the same as AWS's `rds.force_ssl`. Statements are not logged: they hold prompts and keys. */
const configuration = {
  require_secure_transport: "on",
  ssl_min_protocol_version: "TLSv1.2",
  log_connections: "on",
  log_disconnections: "on",
  log_lock_waits: "on",
  // An extension that is not on this list cannot be created; the red team's database asks for vector.
  "azure.extensions": "VECTOR",
};

/** Azure Database for PostgreSQL, flexible server, in the data tier: TLS only, encrypted, backed up. */
export class Database extends pulumi.ComponentResource {
  /** Follows the server through a failover. Known once the database can be used. */
  readonly endpoint: pulumi.Output<string>;
  readonly port = port;
  readonly serverId: pulumi.Output<string>;
  /** The server's ARM id, known once another can follow it: a server that is being set up refuses that. */
  readonly source: pulumi.Output<string>;
  /** False for a server that follows another. */
  readonly writable: boolean;
  /** Whether it writes by what the cloud said when it was last read: a promotion changes that. */
  readonly leads: pulumi.Output<boolean>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { password, replication, ...plain } = args;
    const source = replication?.source;
    super("javelin:azure:Database", name, { ...plain, ...(source && { source: source.id }) }, opts);
    const { prefix, resourceGroupName, instanceClass, key } = args;
    const parent = { parent: this };

    const server = new postgresql.Server(
      `${name}-server`,
      {
        serverName: globalName("azure:postgresServer", args.subscriptionId, prefix),
        resourceGroupName,
        location: args.region,
        version: args.version.split(".")[0],
        sku: { name: instanceClass, tier: tierOf(instanceClass) },
        storage: { storageSizeGB: storageGiB, autoGrow: "Enabled" },
        availabilityZone: args.zones[0],
        // A copy has no standby before it writes.
        highAvailability:
          args.reader && !source
            ? { mode: "ZoneRedundant", standbyAvailabilityZone: args.zones[1] }
            : { mode: "Disabled" },
        network: {
          delegatedSubnetResourceId: args.subnetId,
          privateDnsZoneArmResourceId: args.privateZoneId,
          publicNetworkAccess: "Disabled",
        },
        // One that follows has the users and the databases of the other.
        ...(source
          ? { createMode: "Replica", sourceServerResourceId: source.id }
          : { administratorLogin: args.username, administratorLoginPassword: pulumi.secret(password) }),
        authConfig: { passwordAuth: "Enabled", activeDirectoryAuth: "Disabled" },
        // A copy of the data in another region would leave the cell.
        backup: { backupRetentionDays: Math.max(7, args.backupDays), geoRedundantBackup: "Disabled" },
        maintenanceWindow: { customWindow: "Enabled", dayOfWeek: 0, startHour: 5, startMinute: 0 },
        ...(key && {
          identity: {
            type: "UserAssigned",
            userAssignedIdentities: pulumi.output(key.identityId).apply((id) => ({ [id]: {} })),
          },
          dataEncryption: {
            type: "AzureKeyVault",
            primaryKeyURI: key.uri,
            primaryUserAssignedIdentityId: key.identityId,
          },
        }),
      },
      {
        ...parent,
        protect: args.protect,
        dependsOn: replication?.connected ?? [],
        // A failover swaps the two zones, and storage that has grown cannot shrink.
        ignoreChanges: [
          "availabilityZone",
          "highAvailability.standbyAvailabilityZone",
          "storage.storageSizeGB",
          ...(replication ? madeWith : []),
          ...(source ? ["administratorLoginPassword"] : []),
        ],
        // What a server keeps for life; its name has to be free for the next one.
        replaceOnChanges: ["administratorLogin", "dataEncryption.type", "network.delegatedSubnetResourceId"],
        deleteBeforeReplace: true,
      },
    );

    // A server takes one change at a time, and none at first ("ServerIsBusy"): each waits for the one before.
    // Source: github.com/Azure/azure-postgresql/issues/134.
    let last: pulumi.Resource = pause(`${name}-settling`, "2m", server.id, parent);
    for (const [parameter, value] of Object.entries(configuration))
      last = new postgresql.Configuration(
        `${name}-${parameter}`,
        {
          configurationName: parameter,
          resourceGroupName,
          serverName: server.name,
          value,
          source: "user-override",
        },
        // Its deletion would set the default again.
        { ...parent, dependsOn: last, deletedWith: server },
      );
    // It goes with its server, and is dropped in no other way. Where cells share it, it is nobody's own: whichever
    // server writes, it is the same database.
    const inServer = { dependsOn: last, retainOnDelete: true };
    const database = source
      ? undefined
      : new postgresql.Database(
          replication ? "database-content" : `${name}-database`,
          {
            databaseName: args.databaseName,
            resourceGroupName,
            serverName: server.name,
            charset: "UTF8",
            collation: "en_US.utf8",
          },
          replication
            ? {
                ...inServer,
                parent: replication.keeper,
                ignoreChanges: ["resourceGroupName", "serverName"],
              }
            : { ...inServer, ...parent },
        );
    diagnostics(name, server.id, args.workspaceId, parent);

    // The server's name resolves before the database in it exists: whoever connects waits for both.
    const usable = pulumi.all([server.fullyQualifiedDomainName, last.urn, database?.id]);
    this.endpoint = usable.apply(([fullyQualifiedDomainName]) => fullyQualifiedDomainName);
    this.source = pulumi.all([server.id, this.endpoint]).apply(([id]) => id);
    this.writable = source === undefined;
    this.leads = server.replicationRole.apply((role) => !role?.endsWith("Replica"));
    this.serverId = server.id;
    this.registerOutputs({ endpoint: this.endpoint, port, serverId: this.serverId });
  }
}

/** The tier that a compute size belongs to. @throws for a size of none of the three */
function tierOf(instanceClass: string): string {
  const family = /^Standard_([BDE])/.exec(instanceClass)?.[1];
  const tiers: Record<string, string> = { B: "Burstable", D: "GeneralPurpose", E: "MemoryOptimized" };
  const tier = tiers[family ?? ""];
  if (tier === undefined) throw new Error(`${instanceClass} is no size of a flexible server`);
  return tier;
}
