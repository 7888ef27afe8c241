import type { Context, Props } from "../behaviour.js";
import { inRange, isTrue, matches, objects, oneOf, refuseUnless, text } from "./common.js";
import type { Failure } from "./common.js";
import { zonesOf } from "./places.js";

/** Cloud SQL's refusal of a request. */
export const refuse = (holds: boolean, message: string, code = "invalidRequest") =>
  refuseUnless(holds, code, `googleapi: Error 400: Invalid request: ${message}., ${code}`);

/** The major version of PostgreSQL: 16 for POSTGRES_16. */
export const major = (inputs: Props): number =>
  Number(/^POSTGRES_(\d+)/.exec(text(inputs, "databaseVersion") ?? "")?.[1] ?? 0);

/** What the API takes for the edition: from PostgreSQL 16 on, Enterprise Plus. Source: Cloud SQL, "Editions"; provider docs. */
export const editionOf = (inputs: Props): string =>
  text(inputs, "settings.edition") ?? (major(inputs) >= 16 ? "ENTERPRISE_PLUS" : "ENTERPRISE");

/** Whether a tier is one of the edition's. Source: Cloud SQL, "Instance settings" and "Machine series overview". */
function tierFits(tier: string, edition: string): boolean {
  if (edition === "ENTERPRISE_PLUS") return /^db-(perf-optimized-N-\d+|c4a-highmem-\d+)$/.test(tier);
  if (tier === "db-f1-micro" || tier === "db-g1-small") return true;
  const [, cpus, memory] = /^db-custom-(\d+)-(\d+)$/.exec(tier) ?? [];
  const [cpu, mib] = [Number(cpus), Number(memory)];
  // vCPU: 1 or an even number to 96. Memory: multiples of 256 MiB, 3.75 GiB at least, 0.9 to 6.5 GiB a vCPU.
  const counts = cpu === 1 || (cpu % 2 === 0 && cpu >= 2 && cpu <= 96);
  return counts && mib % 256 === 0 && mib >= 3840 && mib >= cpu * 0.9 * 1024 && mib <= cpu * 6.5 * 1024;
}

const onOff = /^(on|off)$/;
const count = /^-?\d+$/;

/** Flags of PostgreSQL that Cloud SQL sets, and the form of their values. Source: Cloud SQL, "Configure database flags". */
const flags: Readonly<Record<string, RegExp>> = {
  "cloudsql.enable_pgaudit": onOff,
  "cloudsql.enable_pg_cron": onOff,
  "cloudsql.iam_authentication": onOff,
  "cloudsql.logical_decoding": onOff,
  idle_in_transaction_session_timeout: count,
  log_checkpoints: onOff,
  log_connections: onOff,
  log_disconnections: onOff,
  log_duration: onOff,
  log_hostname: onOff,
  log_lock_waits: onOff,
  log_min_duration_statement: count,
  log_min_error_statement: /^(debug[1-5]|info|notice|warning|error|log|fatal|panic)$/,
  log_min_messages: /^(debug[1-5]|info|notice|warning|error|log|fatal|panic)$/,
  log_statement: /^(none|ddl|mod|all)$/,
  log_temp_files: count,
  max_connections: count,
  "pgaudit.log": /^[a-z, -]+$/,
  random_page_cost: /^\d+(\.\d+)?$/,
  statement_timeout: count,
  work_mem: count,
};

function refuseFlags(inputs: Props): void {
  const given = objects(inputs, "settings.databaseFlags");
  for (const flag of given) {
    const name = text(flag, "name") ?? "";
    const form = flags[name];
    refuse(
      form !== undefined,
      `Invalid flag for instance role: Flag '${name}' is not supported`,
      "invalidFlagName",
    );
    const value = text(flag, "value") ?? "";
    refuse(form?.test(value) ?? false, `Invalid value '${value}' for flag '${name}'`, "invalidFlagValue");
  }
  const names = given.map((flag) => text(flag, "name"));
  refuse(new Set(names).size === names.length, "A flag is given twice", "invalidFlagName");
}

/** What the provider refuses of an instance's settings. Source: provider docs; sqladmin.v1 discovery. */
export function checkSettings(inputs: Props): Failure[] {
  const longest = editionOf(inputs) === "ENTERPRISE_PLUS" ? 35 : 7;
  return [
    ...matches(inputs, "databaseVersion", /^POSTGRES_(9_6|1[0-8])$/, "a version of PostgreSQL"),
    ...oneOf(inputs, "settings.edition", ["ENTERPRISE", "ENTERPRISE_PLUS"]),
    ...oneOf(inputs, "settings.availabilityType", ["REGIONAL", "ZONAL"]),
    ...oneOf(inputs, "settings.activationPolicy", ["ALWAYS", "NEVER", "ON_DEMAND"]),
    ...oneOf(inputs, "settings.diskType", ["PD_SSD", "PD_HDD", "HYPERDISK_BALANCED"]),
    ...oneOf(inputs, "settings.ipConfiguration.sslMode", [
      ...["ALLOW_UNENCRYPTED_AND_ENCRYPTED", "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"],
    ]),
    ...oneOf(inputs, "settings.maintenanceWindow.updateTrack", ["canary", "stable", "week5"]),
    ...oneOf(inputs, "settings.backupConfiguration.backupRetentionSettings.retentionUnit", ["COUNT"]),
    ...inRange(inputs, "settings.backupConfiguration.backupRetentionSettings.retainedBackups", 1, 365),
    ...inRange(inputs, "settings.finalBackupConfig.retentionDays", 1, 365),
    ...inRange(inputs, "settings.maintenanceWindow.day", 1, 7),
    ...inRange(inputs, "settings.maintenanceWindow.hour", 0, 23),
    ...inRange(inputs, "settings.insightsConfig.queryStringLength", 256, 4500),
    ...inRange(inputs, "settings.insightsConfig.queryPlansPerMinute", 0, 20),
    ...inRange(inputs, "settings.backupConfiguration.transactionLogRetentionDays", 1, longest),
    ...matches(
      inputs,
      "settings.backupConfiguration.startTime",
      /^([01]\d|2[0-3]):[0-5]\d$/,
      "HH:MM, on the clock of 24 hours",
    ),
  ];
}

/** What Cloud SQL refuses of an instance's settings. Source: Cloud SQL, "Instance settings", "About high availability", PSC. */
export function refuseSettings(inputs: Props, context: Context): void {
  const tier = text(inputs, "settings.tier") ?? "";
  const edition = editionOf(inputs);
  refuse(
    tierFits(tier, edition),
    `Invalid Tier (${tier}) for (${edition}) Edition. Use a predefined Tier or db-custom`,
  );

  const backups = isTrue(inputs, "settings.backupConfiguration.enabled");
  const recovery = isTrue(inputs, "settings.backupConfiguration.pointInTimeRecoveryEnabled");
  refuse(backups || !recovery, "Point-in-time recovery needs automated backups");
  if (text(inputs, "settings.availabilityType") === "REGIONAL")
    refuse(
      backups && recovery,
      "A regional instance needs automated backups and point-in-time recovery enabled",
    );

  // Unless they are given, 7 backups are kept, and logs for 7 days (Enterprise Plus: 15 backups and 14 days).
  // Source of the refusal: terraform-google-sql-db, pull request 785; of the defaults: Cloud SQL, "About backups".
  const [keptBackups, keptDays] = edition === "ENTERPRISE_PLUS" ? [15, 14] : [7, 7];
  const kept = (path: string, usual: number) =>
    Number(text(inputs, `settings.backupConfiguration.${path}`) ?? usual);
  refuse(
    !recovery ||
      kept("backupRetentionSettings.retainedBackups", keptBackups) >=
        kept("transactionLogRetentionDays", keptDays),
    "backup retention should be > transaction log retention",
    "invalid",
  );

  const zones = zonesOf(context.region);
  const [first, second] = ["zone", "secondaryZone"].map((each) =>
    text(inputs, `settings.locationPreference.${each}`),
  );
  for (const zone of [first, second])
    refuse(
      zone === undefined || zones.includes(zone),
      `Zone ${String(zone)} is not in the region ${context.region}`,
    );
  refuse(
    second === undefined || (second !== first && text(inputs, "settings.availabilityType") === "REGIONAL"),
    "A secondary zone is for a regional instance, and differs from the zone",
  );

  const psc = objects(inputs, "settings.ipConfiguration.pscConfigs").filter((each) =>
    isTrue(each, "pscEnabled"),
  );
  const peered = text(inputs, "settings.ipConfiguration.privateNetwork") !== undefined;
  // The API gives an instance a public address unless it is told not to.
  const open = objects(inputs, "settings.ipConfiguration")[0]?.["ipv4Enabled"] !== false;
  refuse(
    open || peered || psc.length > 0,
    "At least one of Public IP, Private IP or PSC connectivity must be enabled",
  );
  refuse(
    psc.length === 0 || !open,
    "Public IP cannot be enabled on an instance with Private Service Connect",
  );
  refuseFlags(inputs);
}
