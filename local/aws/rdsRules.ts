import type { Context, Props } from "../behaviour.js";
import { isKnown, isTrue, lookup, number, refuseUnless, text, texts } from "./common.js";
import { refuseKey } from "./kms.js";
import { parameterGroupType } from "./rdsGroups.js";
import { roleOf, trusts } from "./roles.js";

const combination = "InvalidParameterCombination";
const value = "InvalidParameterValue";

/** Minor versions of Aurora PostgreSQL by major. Source: RDS DescribeDBEngineVersions, as cfn-lint's schemas list them. */
const postgresMinors: Record<string, string> = {
  "13": "13.20 13.21 13.22 13.23",
  "14": "14.15 14.17 14.18 14.19 14.20 14.22 14.23 14.24",
  "15": "15.10 15.12 15.13 15.14 15.15 15.17 15.18 15.19",
  "16": "16.1 16.2 16.3 16.4 16.6 16.8 16.9 16.10 16.11 16.13 16.14 16.15",
  "17": "17.4 17.5 17.6 17.7 17.9 17.10 17.11",
  "18": "18.3 18.4 18.6",
};

export function isEngineVersion(engine: string, version: string): boolean {
  if (engine !== "aurora-postgresql") return /^\d+(\.\w+)*$/.test(version);
  const [major = ""] = version.split(".");
  return (
    Object.hasOwn(postgresMinors, major) &&
    (version === major || (postgresMinors[major] ?? "").split(" ").includes(version))
  );
}

/** Words that an engine keeps for itself. Source: RDS API reference, CreateDBCluster; Aurora user guide, quotas and constraints. */
const reserved = new Set([
  "admin",
  "rdsadmin",
  "rdsrepladmin",
  "rds_superuser",
  "rdstopmgr",
  "user",
  "public",
]);

export function refuseEngine(inputs: Props, context: Context): void {
  const engine = text(inputs, "engine") ?? "";
  const version = text(inputs, "engineVersion");
  refuseUnless(
    version === undefined || isEngineVersion(engine, version),
    combination,
    `Cannot find version ${String(version)} for ${engine}`,
  );
  const name = text(inputs, "databaseName");
  refuseUnless(
    name === undefined || (/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name) && !reserved.has(name.toLowerCase())),
    value,
    `DatabaseName ${String(name)} must begin with a letter, hold letters, digits and underscores only, and not be a word reserved by the engine.`,
  );
  const user = text(inputs, "masterUsername");
  refuseUnless(
    user === undefined || /^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(user),
    value,
    "The parameter MasterUsername must begin with a letter and contain only alphanumeric characters and underscores.",
  );
  refuseUnless(
    user === undefined || !reserved.has(user.toLowerCase()),
    value,
    `MasterUsername ${String(user)} cannot be used as it is a reserved word used by the engine`,
  );
  const group = lookup(context, parameterGroupType, text(inputs, "dbClusterParameterGroupName"));
  const family = `${engine}${version?.split(".")[0] ?? ""}`;
  refuseUnless(
    group === undefined || version === undefined || group.inputs.family === family,
    combination,
    `The Parameter Group ${String(group?.id)} with DBParameterGroupFamily ${String(group?.inputs.family)} can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily ${family}`,
  );
  if (engine !== "aurora-postgresql") return;
  const foreign = texts(inputs, "enabledCloudwatchLogsExports").filter(
    (each) => !["postgresql", "iam-db-auth-error", "instance"].includes(each),
  );
  refuseUnless(
    foreign.length === 0,
    combination,
    `You cannot use the log types '${foreign.join(", ")}' with engine version aurora-postgresql ${String(version)}. For supported log types, see the documentation.`,
  );
  for (const property of ["allocatedStorage", "iops", "dbClusterInstanceClass"])
    refuseUnless(!isKnown(inputs[property]), combination, `Aurora DB clusters do not support ${property}.`);
}

export function refusePassword(inputs: Props): void {
  const password = text(inputs, "masterPassword") ?? text(inputs, "masterPasswordWo");
  if (isTrue(inputs, "manageMasterUserPassword")) return;
  refuseUnless(
    text(inputs, "masterUsername") !== undefined,
    value,
    "The parameter MasterUsername must be provided and must not be blank.",
  );
  if (password === undefined)
    return refuseUnless(
      false,
      value,
      "The parameter MasterUserPassword must be provided and must not be blank.",
    );
  const message = "The parameter MasterUserPassword is not a valid password";
  refuseUnless(password.length >= 8, value, `${message} because it is shorter than 8 characters.`);
  // CreateDBCluster: 8 to 99 characters for Aurora PostgreSQL, to 41 for Aurora MySQL.
  const longest = (text(inputs, "engine") ?? "").includes("mysql") ? 41 : 99;
  refuseUnless(
    password.length <= longest,
    value,
    `${message} because it is longer than ${longest} characters.`,
  );
  refuseUnless(
    /^[!#-.0-?A-~]+$/.test(password),
    value,
    `${message}. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`,
  );
}

const retentions = new Set([7, 731, ...Array.from({ length: 23 }, (_, i) => (i + 1) * 31)]);

export function refuseInsights(inputs: Props, context: Context): void {
  const on = isTrue(inputs, "performanceInsightsEnabled");
  const days = number(inputs, "performanceInsightsRetentionPeriod");
  refuseUnless(
    days === undefined || retentions.has(days),
    value,
    `Invalid Performance Insights retention period: ${String(days)}. Valid values are 7, 731 or a multiple of 31.`,
  );
  refuseKey(inputs, "performanceInsightsKmsKeyId", context, "KMSKeyNotAccessibleFault");
  if (inputs.databaseInsightsMode !== "advanced") return;
  refuseUnless(
    on && (days ?? 7) >= 465,
    combination,
    "To enable the Advanced mode of Database Insights, enable Performance Insights and set the retention period for Performance Insights to at least 465 days.",
  );
}

/** Source: RDS CreateDBInstance, MonitoringInterval and MonitoringRoleArn. */
export function refuseMonitoring(inputs: Props, { world }: Context): void {
  const interval = number(inputs, "monitoringInterval") ?? 0;
  refuseUnless(
    [0, 1, 5, 10, 15, 30, 60].includes(interval),
    value,
    `Invalid monitoring interval: ${interval}.`,
  );
  if (interval === 0) return;
  const roleArn = text(inputs, "monitoringRoleArn");
  refuseUnless(
    roleArn !== undefined,
    combination,
    "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
  );
  const role = roleOf(world, roleArn ?? "");
  refuseUnless(
    role !== undefined && trusts(role, "monitoring.rds.amazonaws.com"),
    value,
    "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING",
  );
}

/** A version only goes up, and to another major only when that is said. Source: RDS ModifyDBCluster. */
export function refuseUpgrade(inputs: Props, state: Props): void {
  const [old, fresh] = [text(state, "engineVersion"), text(inputs, "engineVersion")];
  if (old === undefined || fresh === undefined || old === fresh) return;
  const [oldMajor = 0, oldMinor = 0] = old.split(".").map(Number);
  const [major = 0, minor = 0] = fresh.split(".").map(Number);
  refuseUnless(
    major > oldMajor || (major === oldMajor && minor >= oldMinor),
    combination,
    `Cannot upgrade ${String(inputs.engine)} from ${old} to ${fresh}`,
  );
  refuseUnless(
    major === oldMajor || isTrue(inputs, "allowMajorVersionUpgrade"),
    combination,
    "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
  );
}

/** Sizes of each family for Aurora PostgreSQL. Source: Aurora user guide, "Supported DB engines for DB instance classes", as cfn-lint's schemas list them. */
const common = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge";
const classes: Record<string, string> = {
  t3: "medium large",
  t4g: "medium large",
  r5: `${common} 24xlarge`,
  r6g: common,
  r6gd: "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
  r6i: `${common} 24xlarge 32xlarge`,
  r6id: "24xlarge 32xlarge",
  r7g: common,
  r7i: `${common} 24xlarge 48xlarge`,
  r8g: `${common} 24xlarge 48xlarge`,
  r8gd: "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
  x2g: common,
};

export function isInstanceClass(engine: string, name: string): boolean {
  if (name === "db.serverless") return true;
  const [prefix, family = "", size = ""] = name.split(".");
  if (engine !== "aurora-postgresql") return prefix === "db" && family !== "" && size !== "";
  return (
    prefix === "db" && Object.hasOwn(classes, family) && (classes[family] ?? "").split(" ").includes(size)
  );
}
