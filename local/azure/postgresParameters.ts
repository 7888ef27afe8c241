/** A server parameter of PostgreSQL flexible server. Source: Azure Database for PostgreSQL, "Server parameters". */
interface Parameter {
  allowed: RegExp;
  byDefault: string;
  /** True: a change counts only after a restart. */
  restart?: boolean;
  readOnly?: boolean;
}

const flag = (byDefault: "on" | "off"): Parameter => ({ allowed: /^(on|off)$/i, byDefault });
const whole = (byDefault: string, allowed = /^-?\d+$/): Parameter => ({ allowed, byDefault });

/** Extensions that may be put on the list. Source: Azure Database for PostgreSQL, "Extensions by name". */
const extensions =
  "address_standardizer age amcheck azure_ai azure_storage bloom btree_gin btree_gist citext cube dblink dict_int earthdistance fuzzystrmatch hll hstore hypopg intarray isn lo ltree pageinspect pg_buffercache pg_cron pg_diskann pg_freespacemap pg_hint_plan pg_partman pg_prewarm pg_repack pg_stat_statements pg_trgm pg_visibility pgaudit pgcrypto pglogical pgrouting pgrowlocks pgstattuple postgis postgis_raster postgis_topology postgres_fdw semver session_variable sslinfo tablefunc timescaledb tsm_system_rows unaccent uuid-ossp vector".split(
    " ",
  );
const oneExtension = `(?:${extensions.join("|")})`;

/** The parameters that this program and its operators have reason to set; another one is refused by name. */
export const parameters: Readonly<Record<string, Parameter>> = {
  require_secure_transport: flag("on"),
  ssl_min_protocol_version: { allowed: /^TLSv1\.[23]$/, byDefault: "TLSv1.2" },
  ssl_max_protocol_version: { allowed: /^(TLSv1\.[23])?$/, byDefault: "" },
  log_connections: flag("on"),
  log_disconnections: flag("off"),
  log_checkpoints: flag("on"),
  log_lock_waits: flag("off"),
  log_statement: { allowed: /^(none|ddl|mod|all)$/i, byDefault: "none" },
  log_min_duration_statement: whole("-1"),
  "pgaudit.log": { allowed: /^[a-z, -]*$/i, byDefault: "none" },
  "pg_qs.query_capture_mode": { allowed: /^(none|top|all)$/i, byDefault: "none" },
  "azure.extensions": {
    allowed: new RegExp(`^(${oneExtension}(,\\s*${oneExtension})*)?$`, "i"),
    byDefault: "",
  },
  shared_preload_libraries: {
    allowed: /^[a-z_, ]*$/i,
    byDefault: "pg_cron,pg_stat_statements",
    restart: true,
  },
  max_connections: { ...whole("859", /^(2[5-9]|[3-9]\d|\d{3}|[1-4]\d{3}|5000)$/), restart: true },
  work_mem: whole("4096"),
  statement_timeout: whole("0"),
  idle_in_transaction_session_timeout: whole("0"),
  password_encryption: { allowed: /^(md5|scram-sha-256)$/i, byDefault: "md5" },
  ssl: { ...flag("on"), readOnly: true },
  data_directory: { allowed: /^$/, byDefault: "/datadrive/pg/data", readOnly: true },
};
