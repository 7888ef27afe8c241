import type { Context, Props } from "../behaviour.js";
import { isKnown, isTrue, lookup, number, refuseUnless, text } from "./common.js";
import type { Failure } from "./common.js";
import { parameterGroupType } from "./elasticacheGroups.js";

const value = "InvalidParameterValue";
const combination = "InvalidParameterCombination";

/** Versions that a new group may have. Source: ElastiCache user guide, "Engine versions and upgrading". */
const versions: Record<string, readonly string[]> = {
  valkey: ["7.2", "8.0", "8.1", "8.2", "9.0"],
  redis: ["6.0", "6.2", "6.x", "7.0", "7.1"],
};

/** The parameter group family of an engine version: `valkey8`, `redis7`. */
export function familyOf(inputs: Props): string {
  const engine = text(inputs, "engine") ?? "redis";
  const version = text(inputs, "engineVersion") ?? (engine === "valkey" ? "8.0" : "7.1");
  return `${engine}${version.split(".")[0] ?? ""}${version.startsWith("6") ? ".x" : ""}`;
}

const families = "m5 m6g m7g m7i m8g r5 r6g r7g r7i r8g c7gn";
const sizes = "large xlarge 2xlarge 4xlarge 8xlarge 10xlarge 12xlarge 16xlarge 24xlarge";

/** What a node type is; undefined for none. Source: ElastiCache user guide, "Supported node types". */
export function cacheNode(name: string): { burstable: boolean; tiered: boolean } | undefined {
  const [prefix, family = "", size = ""] = name.split(".");
  if (prefix !== "cache") return undefined;
  if (["t2", "t3", "t4g"].includes(family))
    return ["micro", "small", "medium"].includes(size) ? { burstable: true, tiered: false } : undefined;
  const tiered = family === "r6gd";
  if (!sizes.split(" ").includes(size) || !(tiered || families.split(" ").includes(family))) return undefined;
  return { burstable: false, tiered };
}

export function refuseEngine(inputs: Props, context: Context): void {
  const engine = text(inputs, "engine") ?? "redis";
  const version = text(inputs, "engineVersion");
  refuseUnless(
    version === undefined || (versions[engine] ?? []).includes(version),
    combination,
    `Cannot find version ${String(version)} for ${engine}`,
  );
  const nodeType = text(inputs, "nodeType");
  const node = cacheNode(nodeType ?? "");
  refuseUnless(node !== undefined, value, `The parameter CacheNodeType is not valid: ${String(nodeType)}`);
  refuseUnless(
    node?.tiered === isTrue(inputs, "dataTieringEnabled"),
    combination,
    `Data tiering must be enabled for node type ${String(nodeType)}, and for r6gd nodes only.`,
  );
  const group = lookup(context, parameterGroupType, text(inputs, "parameterGroupName"));
  const named = text(inputs, "parameterGroupName");
  const family = group ? text(group.inputs, "family") : /^default\.(\w+(?:\.x)?)/.exec(named ?? "")?.[1];
  refuseUnless(
    named === undefined || family === familyOf(inputs),
    combination,
    `Expected a parameter group of family ${familyOf(inputs)} but found one of family ${String(family)}`,
  );
}

/** The provider's own check of a token. Source: ElastiCache user guide, "Authenticating with the AUTH command". */
export function refuseToken(inputs: Props): Failure[] {
  if (!isKnown(inputs.authToken)) return [];
  const token = String(inputs.authToken);
  const failure = (reason: string): Failure[] => [{ property: "authToken", reason }];
  if (token.length < 16 || token.length > 128)
    return failure(
      'authToken must contain from 16 to 128 alphanumeric characters or symbols (excluding @, ", and /)',
    );
  if (!/^[A-Za-z0-9!&#$^<>-]+$/.test(token))
    return failure(
      "only alphanumeric characters and the symbols !, &, #, $, ^, <, > and - are allowed in authToken",
    );
  return [];
}

export function refuseTopology(inputs: Props): void {
  const shards = number(inputs, "numNodeGroups") ?? 1;
  const replicas = number(inputs, "replicasPerNodeGroup") ?? (number(inputs, "numCacheClusters") ?? 1) - 1;
  const failover = isTrue(inputs, "automaticFailoverEnabled");
  const zones = isTrue(inputs, "multiAzEnabled");
  refuseUnless(
    replicas >= 0 && replicas <= 5,
    value,
    "The number of replicas per node group must be between 0 and 5.",
  );
  refuseUnless(!zones || failover, combination, "Must enable automatic failover to enable multi-AZ.");
  refuseUnless(
    !(failover || zones) || replicas >= 1,
    value,
    `"num_cache_clusters": must be at least 2 if automatic_failover_enabled or multi_az_enabled is true`,
  );
  refuseUnless(
    shards === 1 || failover,
    value,
    "Redis with cluster mode enabled cannot be created with auto failover turned off.",
  );
  const encrypted =
    inputs.transitEncryptionEnabled === undefined
      ? inputs.engine === "valkey"
      : isTrue(inputs, "transitEncryptionEnabled");
  refuseUnless(
    encrypted || (!isKnown(inputs.authToken) && !isKnown(inputs.authTokenWo)),
    value,
    "The AUTH token can only be enabled with encryption-in-transit.",
  );
  refuseUnless(
    encrypted || !isKnown(inputs.transitEncryptionMode),
    combination,
    "Transit encryption mode needs encryption-in-transit.",
  );
  refuseUnless(
    !isKnown(inputs.kmsKeyId) || isTrue(inputs, "atRestEncryptionEnabled"),
    combination,
    "A KMS key can only be given with encryption-at-rest.",
  );
}

/** The region in a cache's host names: `us-east-1` is `use1`, `ap-southeast-2` is `apse2`. */
export function zoneCode(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  const letters = direction.replace(/^(north|south)(east|west)$/, "$1-$2").split("-");
  return `${area}${letters.map((each) => each.charAt(0)).join("")}${number}`;
}
