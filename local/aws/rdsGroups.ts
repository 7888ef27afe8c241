import { CloudError } from "../behaviour.js";
import type { Behaviour, Props } from "../behaviour.js";
import { arn, exactlyOne, matches, objects, refuseUnless, text } from "./common.js";
import type { Failure } from "./common.js";
import { placed } from "./outputs.js";
import { toSubnet } from "./references.js";
import { placesOf } from "./vpcGroups.js";

export const subnetGroupType = "aws:rds/subnetGroup:SubnetGroup";
export const parameterGroupType = "aws:rds/clusterParameterGroup:ClusterParameterGroup";

/** RDS keeps the names of its groups in lower case; the provider refuses any other. */
const groupName = (inputs: Props): Failure[] => [
  ...exactlyOne(inputs, ["name", "namePrefix"], false),
  ...matches(
    inputs,
    "name",
    /^[ .0-9a-z_-]{1,255}$/,
    "1 to 255 lower-case letters, digits, hyphens, underscores, periods and spaces",
  ),
  ...matches(inputs, "name", /^(?!default$)/, '"Default" is a reserved name'),
];

export const subnetGroup: Behaviour = {
  source:
    "RDS CreateDBSubnetGroup, DeleteDBSubnetGroup; CloudFormation AWS::RDS::DBSubnetGroup; provider docs of aws.rds.SubnetGroup",
  required: ["subnetIds"],
  replaces: ["name", "namePrefix"],
  autoName: { property: "name", max: 255 },
  defaults: () => ({ description: "Managed by Pulumi" }),
  check: groupName,
  references: { "subnetIds[]": toSubnet },
  unique: (inputs) => text(inputs, "name"),
  taken: (name) =>
    new CloudError("DBSubnetGroupAlreadyExists", `The DB subnet group '${name}' already exists.`),
  admit: (inputs, context) => {
    const { zones } = placesOf(inputs, context);
    refuseUnless(
      zones.length >= 2,
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${zones.join(", ")}. Add subnets to cover at least 2 AZs.`,
    );
  },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "rds", `subgrp:${String(inputs.name)}`),
    namePrefix: "",
    supportedNetworkTypes: ["IPV4"],
    vpcId: placesOf(inputs, context).vpcId,
  }),
  inUse: (object, by) =>
    new CloudError(
      "InvalidDBSubnetGroupStateFault",
      `Cannot delete the subnet group '${object.id}' because at least one database instance: ${by.id} is still using it.`,
    ),
};

/** Families of Aurora PostgreSQL and Aurora MySQL. Source: RDS DescribeDBEngineVersions. */
const family = /^(aurora-postgresql(1[1-8])|aurora-mysql(5\.7|8\.0|8\.4))$/;

interface Parameter {
  /** True: takes effect at a restart only. */
  static?: boolean;
  /** Allowed values as RDS lists them. */
  allowed?: RegExp;
}

const onOff: Parameter = { allowed: /^[01]$/ };
const onOffStatic: Parameter = { ...onOff, static: true };
const number: Parameter = { allowed: /^-?\d+$|^[{}A-Za-z0-9/*+(),. ]+$/ };

/** Cluster parameters of Aurora PostgreSQL. Source: Aurora user guide, "Aurora PostgreSQL cluster-level parameters". */
const postgres: Record<string, Parameter> = {
  "rds.force_ssl": onOff,
  "rds.logical_replication": onOffStatic,
  "rds.babelfish_status": { static: true, allowed: /^(on|off|datadirectory)$/ },
  "rds.log_retention_period": { allowed: /^(14[4-9]\d|1[5-9]\d\d|[2-9]\d{3}|10080)$/ },
  "rds.restrict_password_commands": onOffStatic,
  "rds.accepted_password_auth_method": { allowed: /^(md5\+scram|scram)$/ },
  "rds.enable_plan_management": onOffStatic,
  "rds.force_autovacuum_logging_level": { allowed: /^[a-z0-9]+$/ },
  "rds.rds_superuser_reserved_connections": { static: true, allowed: /^\d+$/ },
  "rds.global_db_rpo": { allowed: /^\d+$/ },
  "apg_plan_mgmt.capture_plan_baselines": { allowed: /^(automatic|manual|off)$/ },
  ssl_min_protocol_version: { allowed: /^TLSv1(\.[123])?$/ },
  ssl_max_protocol_version: { allowed: /^(TLSv1(\.[123])?)?$/ },
  ssl_ciphers: {},
  password_encryption: { allowed: /^(md5|scram-sha-256)$/ },
  shared_preload_libraries: { static: true },
  max_connections: { ...number, static: true },
  max_wal_senders: { ...number, static: true },
  max_replication_slots: { ...number, static: true },
  max_worker_processes: { ...number, static: true },
  max_logical_replication_workers: { ...number, static: true },
  max_locks_per_transaction: { ...number, static: true },
  max_prepared_transactions: { ...number, static: true },
  shared_buffers: { ...number, static: true },
  track_activity_query_size: { ...number, static: true },
  autovacuum_max_workers: { ...number, static: true },
  "pg_stat_statements.max": { ...number, static: true },
  "pg_stat_statements.track": { allowed: /^(none|top|all)$/ },
  "pgaudit.log": {},
  "pgaudit.role": {},
  "pgaudit.log_catalog": onOff,
  "auto_explain.log_min_duration": number,
  log_connections: onOff,
  log_disconnections: onOff,
  log_statement: { allowed: /^(none|ddl|mod|all)$/ },
  log_min_duration_statement: number,
  log_min_messages: { allowed: /^[a-z0-9]+$/ },
  log_min_error_statement: { allowed: /^[a-z0-9]+$/ },
  log_lock_waits: onOff,
  log_temp_files: number,
  log_autovacuum_min_duration: number,
  log_error_verbosity: { allowed: /^(terse|default|verbose)$/ },
  log_hostname: onOff,
  log_rotation_age: number,
  log_duration: onOff,
  track_io_timing: onOff,
  idle_in_transaction_session_timeout: number,
  idle_session_timeout: number,
  statement_timeout: number,
  lock_timeout: number,
  deadlock_timeout: number,
  tcp_keepalives_idle: number,
  tcp_keepalives_interval: number,
  tcp_keepalives_count: number,
  work_mem: number,
  maintenance_work_mem: number,
  effective_cache_size: number,
  random_page_cost: {},
  timezone: {},
  client_encoding: {},
  default_transaction_isolation: {},
};

function refuseParameters(inputs: Props): void {
  if (!(text(inputs, "family") ?? "").startsWith("aurora-postgresql")) return;
  for (const given of objects(inputs, "parameters")) {
    const name = text(given, "name") ?? "";
    const known = Object.hasOwn(postgres, name) ? postgres[name] : undefined;
    if (!known) throw new CloudError("InvalidParameterValue", `Could not find parameter with name: ${name}`);
    const value = String(given.value);
    refuseUnless(
      known.allowed?.test(value) ?? true,
      "InvalidParameterValue",
      `Invalid parameter value: ${value} for: ${name} allowed values are: ${String(known.allowed?.source)}`,
    );
    refuseUnless(
      known.static !== true || given.applyMethod === "pending-reboot",
      "InvalidParameterCombination",
      `cannot use immediate apply method for static parameter`,
    );
  }
}

export const parameterGroup: Behaviour = {
  source:
    "RDS CreateDBClusterParameterGroup, ModifyDBClusterParameterGroup; CloudFormation AWS::RDS::DBClusterParameterGroup; provider docs of aws.rds.ClusterParameterGroup",
  required: ["family"],
  replaces: ["name", "namePrefix", "family", "description"],
  autoName: { property: "name", max: 255 },
  defaults: () => ({ description: "Managed by Pulumi" }),
  check: (inputs) => [
    ...exactlyOne(inputs, ["name", "namePrefix"], false),
    ...matches(
      inputs,
      "name",
      /^[a-z](-?[a-z0-9])*$/,
      "lower-case letters, digits and single hyphens, beginning with a letter",
    ),
    ...matches(
      inputs,
      "parameters[].applyMethod",
      /^(immediate|pending-reboot)$/,
      "immediate or pending-reboot",
    ),
  ],
  unique: (inputs) => text(inputs, "name"),
  taken: (name) => new CloudError("DBParameterGroupAlreadyExists", `Parameter group ${name} already exists`),
  admit: (inputs) => {
    const given = text(inputs, "family") ?? "";
    refuseUnless(
      family.test(given),
      "InvalidParameterValue",
      `ParameterGroupFamily ${given} is not a valid parameter group family`,
    );
    refuseParameters(inputs);
  },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "rds", `cluster-pg:${String(inputs.name)}`),
    namePrefix: "",
    parameters: objects(inputs, "parameters").map((each) => ({ applyMethod: "immediate", ...each })),
  }),
  inUse: (object) =>
    new CloudError(
      "InvalidDBParameterGroupState",
      `One or more database instances are still members of this parameter group ${object.id}, so the group cannot be deleted`,
    ),
};
