import type { Context, Props } from "../behaviour.js";
import { at, number, plainLocation, refuseUnless, text } from "./common.js";
import { hasZones } from "./zones.js";

/** The code of most refusals. */
export const invalid = "InvalidParameterValue";

/** Compute sizes by tier. Source: Azure Database for PostgreSQL, "Compute options". */
const sizes: Readonly<Record<string, RegExp>> = {
  Burstable: /^Standard_B(1ms|2s|(2|4|8|12|16|20)ms)$/,
  GeneralPurpose: /^Standard_D((2|4|8|16|32|48|64)(s_v3|ds_v4)|(2|4|8|16|32|48|64|96)a?ds_v5)$/,
  MemoryOptimized: /^Standard_E((2|4|8|16|20|32|48|64)(s_v3|ds_v4)|(2|4|8|16|20|32|48|64|96)a?ds_v5)$/,
};

/** Premium SSD sizes, GiB. Source: Azure Database for PostgreSQL, "Storage options". */
const storageSizes = [32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767];

/** Source: Azure Database for PostgreSQL, create a server, "Admin username". */
const refusedLogins = [
  "azure_superuser",
  "azure_pg_admin",
  "admin",
  "administrator",
  "root",
  "guest",
  "public",
];

const bad = (name: string, value: unknown, why: string): string =>
  `Invalid value given for parameter ${name}: '${String(value)}'. ${why}`;

/** Refuses a value that is none of these. */
export function allow(inputs: Props, path: string, allowed: readonly string[]): void {
  const value = text(inputs, path);
  refuseUnless(
    value === undefined || allowed.includes(value),
    invalid,
    bad(path, value, `Allowed values are: ${allowed.join(", ")}.`),
  );
}

function within(inputs: Props, path: string, low: number, high: number): void {
  const value = number(inputs, path);
  refuseUnless(
    value === undefined || (value >= low && value <= high),
    invalid,
    bad(path, value, `Specify a value between ${low} and ${high}.`),
  );
}

/** What a server may be, apart from its network. */
export function checkServer(inputs: Props, context: Context): void {
  allow(inputs, "version", ["13", "14", "15", "16", "17", "18"]);
  const tier = text(inputs, "sku.tier");
  const size = text(inputs, "sku.name");
  allow(inputs, "sku.tier", Object.keys(sizes));
  refuseUnless(tier !== undefined && size !== undefined, invalid, "The server's sku must be given.");
  refuseUnless(
    sizes[tier ?? ""]?.test(size ?? "") === true,
    "InvalidSku",
    `The SKU '${size ?? ""}' is not valid for the tier '${tier ?? ""}'.`,
  );

  allow(inputs, "storage.type", ["Premium_LRS", "PremiumV2_LRS", "UltraSSD_LRS"]);
  allow(inputs, "storage.autoGrow", ["Enabled", "Disabled"]);
  const storage = number(inputs, "storage.storageSizeGB");
  if ((text(inputs, "storage.type") ?? "Premium_LRS") === "Premium_LRS" && storage !== undefined)
    refuseUnless(
      storageSizes.includes(storage),
      invalid,
      bad("storageSizeGB", storage, `Allowed values are: ${storageSizes.join(", ")}.`),
    );

  checkAvailability(inputs);
  checkAdministrator(inputs, context);

  within(inputs, "backup.backupRetentionDays", 7, 35);
  allow(inputs, "backup.geoRedundantBackup", ["Enabled", "Disabled"]);
  within(inputs, "maintenanceWindow.dayOfWeek", 0, 6);
  within(inputs, "maintenanceWindow.startHour", 0, 23);
  within(inputs, "maintenanceWindow.startMinute", 0, 59);
}

function checkAvailability(inputs: Props): void {
  allow(inputs, "highAvailability.mode", ["Disabled", "SameZone", "ZoneRedundant"]);
  const location = text(inputs, "location") ?? "";
  const mode = text(inputs, "highAvailability.mode") ?? "Disabled";
  const zones = [text(inputs, "availabilityZone"), text(inputs, "highAvailability.standbyAvailabilityZone")];
  for (const zone of zones)
    refuseUnless(
      zone === undefined || (["1", "2", "3"].includes(zone) && hasZones(location)),
      "AvailabilityZoneNotAvailable",
      `Specified availability zone ${zone ?? ""} is not supported in location '${location}'.`,
    );
  if (mode === "Disabled") return;
  refuseUnless(
    text(inputs, "sku.tier") !== "Burstable",
    "HighAvailabilityNotSupported",
    "High availability is not supported for the Burstable tier.",
  );
  if (mode !== "ZoneRedundant") return;
  refuseUnless(
    hasZones(location),
    "ZoneRedundantHANotSupported",
    `Zone redundant high availability is not supported in location '${plainLocation(location)}'.`,
  );
  refuseUnless(
    zones[0] === undefined || zones[0] !== zones[1],
    invalid,
    bad(
      "standbyAvailabilityZone",
      zones[1],
      "A zone redundant standby lies in another zone than the server.",
    ),
  );
}

function checkAdministrator(inputs: Props, context: Context): void {
  if (text(inputs, "createMode") !== "Default") return;
  allow(inputs, "authConfig.passwordAuth", ["Enabled", "Disabled"]);
  allow(inputs, "authConfig.activeDirectoryAuth", ["Enabled", "Disabled"]);
  const byPassword = (text(inputs, "authConfig.passwordAuth") ?? "Enabled") === "Enabled";
  const byEntra = text(inputs, "authConfig.activeDirectoryAuth") === "Enabled";
  refuseUnless(byPassword || byEntra, invalid, "At least one way of authentication must be enabled.");
  refuseUnless(
    !byEntra || at(inputs, "authConfig.tenantId").length > 0,
    invalid,
    "Microsoft Entra authentication needs a tenant id.",
  );
  if (!byPassword) return;
  const login = text(inputs, "administratorLogin");
  const password = text(inputs, "administratorLoginPassword");
  refuseUnless(login !== undefined, "MissingRequiredParameter", "administratorLogin must be given.");
  refuseUnless(
    password !== undefined || context.current !== undefined,
    "MissingRequiredParameter",
    "administratorLoginPassword must be given.",
  );
  refuseUnless(
    /^[A-Za-z0-9_]{1,63}$/.test(login ?? "") &&
      !/^(\d|pg_)/i.test(login ?? "") &&
      !refusedLogins.includes((login ?? "").toLowerCase()),
    invalid,
    bad("administratorLogin", login, "The login name is reserved or has characters that are not allowed."),
  );
  if (password !== undefined) checkPassword(password, login ?? "");
}

/** Source: Azure Database for PostgreSQL, create a server, "Password". */
function checkPassword(password: string, login: string): void {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((each) => each.test(password)).length;
  refuseUnless(
    password.length >= 8 && password.length <= 128 && classes >= 3,
    "PasswordNotComplex",
    "The password must have 8 to 128 characters, of three of: upper case, lower case, digits, others.",
  );
  refuseUnless(
    !password.toLowerCase().includes(login.toLowerCase()),
    "PasswordNotComplex",
    "The password must not contain the login name.",
  );
}

/** What a server keeps for life. */
export function checkUpdate(olds: Props, news: Props): void {
  for (const path of [
    "administratorLogin",
    "network.delegatedSubnetResourceId",
    "dataEncryption.type",
    "backup.geoRedundantBackup",
  ])
    refuseUnless(
      (text(olds, path) ?? "") === (text(news, path) ?? ""),
      "PropertyChangeNotAllowed",
      `The property '${path}' cannot be changed after the server was created.`,
    );
  refuseUnless(
    Number(text(news, "version") ?? 0) >= Number(text(olds, "version") ?? 0),
    "MajorVersionDowngradeNotSupported",
    `The server cannot go from version ${text(olds, "version") ?? ""} back to ${text(news, "version") ?? ""}.`,
  );
  refuseUnless(
    (number(news, "storage.storageSizeGB") ?? Infinity) >= (number(olds, "storage.storageSizeGB") ?? 0),
    "StorageShrinkNotSupported",
    "The storage of a server can be enlarged, and not reduced.",
  );
}
