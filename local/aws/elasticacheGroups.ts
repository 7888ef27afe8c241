import { CloudError } from "../behaviour.js";
import type { Behaviour, Props } from "../behaviour.js";
import { arn, matches, objects, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { toSubnet } from "./references.js";
import { placesOf } from "./vpcGroups.js";

export const subnetGroupType = "aws:elasticache/subnetGroup:SubnetGroup";
export const parameterGroupType = "aws:elasticache/parameterGroup:ParameterGroup";

/** ElastiCache keeps names in lower case. */
const nameOf = (inputs: Props) => (text(inputs, "name") ?? "").toLowerCase();

export const subnetGroup: Behaviour = {
  source:
    "ElastiCache CreateCacheSubnetGroup, DeleteCacheSubnetGroup; provider docs of aws.elasticache.SubnetGroup",
  required: ["subnetIds"],
  replaces: ["name"],
  autoName: { property: "name", max: 255 },
  defaults: () => ({ description: "Managed by Pulumi" }),
  check: (inputs) => matches(inputs, "name", /^[A-Za-z0-9-]{1,255}$/, "1 to 255 letters, digits and hyphens"),
  references: { "subnetIds[]": toSubnet },
  unique: nameOf,
  taken: (name) =>
    new CloudError("CacheSubnetGroupAlreadyExists", `Cache subnet group ${name} already exists.`),
  admit: (inputs, context) => {
    placesOf(inputs, context);
  },
  id: nameOf,
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "elasticache", `subnetgroup:${nameOf(inputs)}`),
    vpcId: placesOf(inputs, context).vpcId,
  }),
  inUse: ({ id }) =>
    new CloudError(
      "CacheSubnetGroupInUse",
      `Cache subnet group ${id} is currently in use by a cache cluster.`,
    ),
};

/** Parameters that may be changed, and their values. Source: ElastiCache user guide, "Engine specific parameters". */
const parameters: Record<string, RegExp> = {
  "maxmemory-policy":
    /^(volatile-lru|allkeys-lru|volatile-lfu|allkeys-lfu|volatile-random|allkeys-random|volatile-ttl|noeviction)$/,
  "maxmemory-samples": /^\d+$/,
  "reserved-memory-percent": /^\d{1,3}$/,
  "cluster-enabled": /^(yes|no)$/,
  "cluster-allow-reads-when-down": /^(yes|no)$/,
  "notify-keyspace-events": /^[KEg$lshzxeAtmdn]*$/,
  timeout: /^(0|[2-9]\d|\d{3,})$/,
  "tcp-keepalive": /^\d+$/,
  "slowlog-log-slower-than": /^-?\d+$/,
  "slowlog-max-len": /^\d+$/,
  "client-output-buffer-limit-pubsub-hard-limit": /^\d+$/,
  "client-output-buffer-limit-pubsub-soft-limit": /^\d+$/,
  "client-output-buffer-limit-pubsub-soft-seconds": /^\d+$/,
  "active-defrag-cycle-max": /^\d+$/,
  activedefrag: /^(yes|no)$/,
  activerehashing: /^(yes|no)$/,
  appendonly: /^(yes|no)$/,
  "lazyfree-lazy-eviction": /^(yes|no)$/,
  "lazyfree-lazy-expire": /^(yes|no)$/,
  "acllog-max-len": /^\d+$/,
  databases: /^\d+$/,
  "list-max-listpack-size": /^-?\d+$/,
};

export const parameterGroup: Behaviour = {
  source:
    "ElastiCache CreateCacheParameterGroup, ModifyCacheParameterGroup; provider docs of aws.elasticache.ParameterGroup",
  required: ["family"],
  replaces: ["name", "family", "description"],
  autoName: { property: "name", max: 255 },
  defaults: () => ({ description: "Managed by Pulumi" }),
  check: (inputs) =>
    matches(
      inputs,
      "name",
      /^[A-Za-z](-?[A-Za-z0-9])*$/,
      "letters, digits and single hyphens, beginning with a letter",
    ),
  unique: nameOf,
  taken: (name) =>
    new CloudError("CacheParameterGroupAlreadyExists", `Cache Parameter Group ${name} already exists.`),
  admit: (inputs) => {
    const family = text(inputs, "family") ?? "";
    refuseUnless(
      /^(redis(6\.x|7)|valkey[789])$/.test(family),
      "InvalidParameterValue",
      `CacheParameterGroupFamily ${family} is not a valid parameter group family.`,
    );
    for (const each of objects(inputs, "parameters")) {
      const [name = "", given = ""] = [text(each, "name"), text(each, "value")];
      const allowed = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      if (!allowed)
        throw new CloudError("InvalidParameterValue", `Could not find parameter with name: ${name}`);
      refuseUnless(
        allowed.test(given),
        "InvalidParameterValue",
        `Invalid parameter value: ${given} for: ${name} allowed values are: ${allowed.source}`,
      );
    }
  },
  id: nameOf,
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "elasticache", `parametergroup:${nameOf(inputs)}`),
  }),
  inUse: ({ id }) =>
    new CloudError(
      "InvalidCacheParameterGroupState",
      `One or more cache clusters are still members of this parameter group ${id}, so the group cannot be deleted.`,
    ),
};
