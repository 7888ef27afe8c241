import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import type { Failure } from "./common.js";
import {
  addressAt,
  cidrContains,
  cidrsOverlap,
  gcpResource,
  inRange,
  isCidr,
  isTrue,
  number,
  oneOf,
  prefixLength,
  project,
  relative,
  refuseUnless,
  selfLink,
  text,
  uuid,
} from "./common.js";
import { refuseKey } from "./kms.js";
import { refuseNoNetwork, toNetwork } from "./network.js";
import { pem } from "./pem.js";
import { zonesOf } from "./places.js";
import { takenRanges } from "./subnetworks.js";

const api = "redis.googleapis.com";
const instanceType = "gcp:redis/instance:Instance";

const refuse = (holds: boolean, message: string) =>
  refuseUnless(holds, "INVALID_ARGUMENT", `googleapi: Error 400: ${message}`);

const highlyAvailable = (inputs: Props) => text(inputs, "tier") === "STANDARD_HA";
const readsReplicas = (inputs: Props) => text(inputs, "readReplicasMode") === "READ_REPLICAS_ENABLED";
const encrypted = (inputs: Props) => text(inputs, "transitEncryptionMode") === "SERVER_AUTHENTICATION";

const versions = ["REDIS_3_2", "REDIS_4_0", "REDIS_5_0", "REDIS_6_X", "REDIS_7_0", "REDIS_7_2"];
const latest = "REDIS_7_0";
/** What can be configured, and since which version. Source: redis.v1 discovery, Instance.redisConfigs. */
const configs: Readonly<Record<string, string>> = {
  "maxmemory-policy": "REDIS_3_2",
  "notify-keyspace-events": "REDIS_3_2",
  activedefrag: "REDIS_4_0",
  "lfu-decay-time": "REDIS_4_0",
  "lfu-log-factor": "REDIS_4_0",
  "maxmemory-gb": "REDIS_4_0",
  "stream-node-max-bytes": "REDIS_5_0",
  "stream-node-max-entries": "REDIS_5_0",
};
const evictions = ["volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu", "volatile-random"];
const days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

function check(inputs: Props): Failure[] {
  const settings = Object.keys((inputs["redisConfigs"] as Props | undefined) ?? {});
  const version = text(inputs, "redisVersion") ?? latest;
  return [
    ...oneOf(inputs, "tier", ["BASIC", "STANDARD_HA"]),
    ...oneOf(inputs, "redisVersion", versions),
    ...oneOf(inputs, "connectMode", ["DIRECT_PEERING", "PRIVATE_SERVICE_ACCESS"]),
    ...oneOf(inputs, "transitEncryptionMode", ["SERVER_AUTHENTICATION", "DISABLED"]),
    ...oneOf(inputs, "readReplicasMode", ["READ_REPLICAS_DISABLED", "READ_REPLICAS_ENABLED"]),
    ...oneOf(inputs, "persistenceConfig.persistenceMode", ["DISABLED", "RDB"]),
    ...oneOf(inputs, "persistenceConfig.rdbSnapshotPeriod", [
      ...["ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS"],
    ]),
    ...oneOf(inputs, "maintenancePolicy.weeklyMaintenanceWindows[].day", days),
    ...inRange(inputs, "maintenancePolicy.weeklyMaintenanceWindows[].startTime.hours", 0, 23),
    ...inRange(inputs, "memorySizeGb", 1, 300),
    ...oneOf(inputs, "redisConfigs.maxmemory-policy", [
      ...evictions,
      "allkeys-random",
      "volatile-ttl",
      "noeviction",
    ]),
    ...settings.flatMap((name) =>
      versions.indexOf(configs[name] ?? "") < 0 ||
      versions.indexOf(configs[name] ?? "") > versions.indexOf(version)
        ? [{ property: "redisConfigs", reason: `${name} cannot be configured in ${version}` }]
        : [],
    ),
    ...inRange(inputs, "replicaCount", 0, 5),
  ];
}

/** Redis peers with the network: its block must be of the right size, and nobody else's. */
function refuseRange(inputs: Props, context: Context): void {
  const range = text(inputs, "reservedIpRange");
  const network = text(inputs, "authorizedNetwork");
  if (range === undefined || text(inputs, "connectMode") === "PRIVATE_SERVICE_ACCESS") return;
  const length = readsReplicas(inputs) ? 28 : 29;
  refuse(
    isCidr(range) && prefixLength(range) === length,
    `The reserved_ip_range '${range}' is not a valid CIDR block of size /${length}`,
  );
  refuse(
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].some((block) =>
      cidrContains(block, range),
    ),
    `The reserved_ip_range '${range}' is not in a private range`,
  );
  if (network === undefined) return;
  const subnet = takenRanges(context, network).find(({ block }) => cidrsOverlap(block, range));
  refuse(
    subnet === undefined,
    `The reserved_ip_range '${range}' overlaps with the subnetwork ${String(subnet?.id)}`,
  );
  const rival = context.world.list(instanceType).find(({ id, state }) => {
    const other = text(state, "effectiveReservedIpRange");
    return (
      id !== context.current?.id &&
      other !== undefined &&
      relative(text(state, "authorizedNetwork") ?? "") === relative(network) &&
      cidrsOverlap(other, range)
    );
  });
  refuse(rival === undefined, `The reserved_ip_range '${range}' is already in use by ${String(rival?.id)}`);
}

function admit(inputs: Props, context: Context): void {
  refuseNoNetwork(inputs, "authorizedNetwork", context);
  const network = relative(text(inputs, "authorizedNetwork") ?? "");
  refuse(
    !network.startsWith("projects/") || network.startsWith(`projects/${project(inputs, context)}/`),
    "authorized_network must exist in the same project as redis instance.",
  );
  const replicas = number(inputs, "replicaCount");
  refuse(highlyAvailable(inputs) || (replicas ?? 0) === 0, "Replicas need the STANDARD_HA tier");
  refuse(highlyAvailable(inputs) || !readsReplicas(inputs), "Read replicas need the STANDARD_HA tier");
  if (readsReplicas(inputs)) {
    refuse((number(inputs, "memorySizeGb") ?? 0) >= 5, "Read replicas need at least 5 GiB of memory");
    refuse((replicas ?? 2) >= 1, "replica_count must be from 1 to 5 with read replicas");
  } else
    refuse(
      !highlyAvailable(inputs) || (replicas ?? 1) === 1,
      "replica_count must be 1 in the STANDARD_HA tier without read replicas",
    );
  const [first, second] = ["locationId", "alternativeLocationId"].map((each) => text(inputs, each));
  for (const zone of [first, second])
    refuse(
      zone === undefined || zonesOf(context.region).includes(zone),
      `Zone ${String(zone)} is not in the region ${context.region}`,
    );
  refuse(
    second === undefined || (highlyAvailable(inputs) && second !== first),
    "alternative_location_id must differ",
  );
  refuseRange(inputs, context);
  refuseKey(
    inputs["customerManagedKey"],
    api,
    { project: project(inputs, context), location: context.region },
    context,
  );
}

/** A block that no subnet of the network has, for an instance that names none. */
function freeRange(inputs: Props, context: Context): string {
  const taken = takenRanges(context, text(inputs, "authorizedNetwork") ?? "").map(({ block }) => block);
  const others = context.world
    .list(instanceType)
    .flatMap(({ state }) => text(state, "effectiveReservedIpRange") ?? []);
  for (let i = 0; i < 8192; i++) {
    const block = `${addressAt("10.0.0.0/16", i * 16)}/${readsReplicas(inputs) ? 28 : 29}`;
    if (![...taken, ...others].some((other) => cidrsOverlap(other, block))) return block;
  }
  throw new CloudError("RESOURCE_EXHAUSTED", "googleapi: Error 429: no free IP range in the network");
}

const instance: Behaviour = gcpResource({
  source:
    "redis.v1 discovery, Instance, instances.create; Memorystore for Redis, networking; provider docs of gcp.redis.Instance",
  path: "projects/{project}/locations/{region}/instances/{name}",
  api,
  name: /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
  autoName: { property: "name", max: 40 },
  required: ["memorySizeGb"],
  replaces: [
    ...["alternativeLocationId", "authorizedNetwork", "connectMode", "customerManagedKey", "locationId"],
    ...["reservedIpRange", "tier", "transitEncryptionMode"],
  ],
  replacesWhen: (olds, news) => {
    const [old, fresh] = [olds, news].map((each) => versions.indexOf(text(each, "redisVersion") ?? latest));
    return (fresh ?? 0) < (old ?? 0) ? ["redisVersion"] : [];
  },
  defaults: () => ({
    authEnabled: false,
    connectMode: "DIRECT_PEERING",
    deletionProtection: true,
    tier: "BASIC",
    transitEncryptionMode: "DISABLED",
  }),
  references: { authorizedNetwork: toNetwork },
  secrets: ["authString"],
  check,
  admit,
  outputs: (inputs, context) => {
    const state = context.current?.state;
    const zones = zonesOf(context.region);
    const range =
      text(state, "effectiveReservedIpRange") ??
      text(inputs, "reservedIpRange") ??
      freeRange(inputs, context);
    const tls = encrypted(inputs);
    const replicas = number(inputs, "replicaCount") ?? (readsReplicas(inputs) ? 2 : 1);
    return {
      authString: isTrue(inputs, "authEnabled") ? (text(state, "authString") ?? uuid(context, "auth")) : "",
      authorizedNetwork:
        text(inputs, "authorizedNetwork") ??
        selfLink(`projects/${project(inputs, context)}/global/networks/default`),
      createTime: text(state, "createTime") ?? context.now(),
      currentLocationId: text(inputs, "locationId") ?? zones[0],
      effectiveReservedIpRange: range,
      host: addressAt(range, 3),
      locationId: text(inputs, "locationId") ?? zones[0],
      alternativeLocationId:
        text(inputs, "alternativeLocationId") ?? (highlyAvailable(inputs) ? zones[1] : ""),
      port: tls ? 6378 : 6379,
      readEndpoint: readsReplicas(inputs) ? addressAt(range, 4) : "",
      readEndpointPort: readsReplicas(inputs) ? (tls ? 6378 : 6379) : 0,
      readReplicasMode: text(inputs, "readReplicasMode") ?? "READ_REPLICAS_DISABLED",
      redisVersion: text(inputs, "redisVersion") ?? latest,
      replicaCount: highlyAvailable(inputs) ? replicas : 0,
      reservedIpRange: range,
      serverCaCerts: tls
        ? (state?.["serverCaCerts"] ?? [
            {
              cert: pem(context),
              createTime: context.now(),
              serialNumber: context.hex(32, "serial"),
              sha1Fingerprint: context.hex(40, "ca"),
            },
          ])
        : [],
    };
  },
  release: ({ id, state }) =>
    refuseUnless(
      state["deletionProtection"] === false,
      "DeletionProtection",
      `cannot destroy redis instance ${id} without setting deletion_protection=false and running up first`,
    ),
  minutes: 6,
});

export const redis: Provider = { types: { [instanceType]: instance }, invokes: {} };
