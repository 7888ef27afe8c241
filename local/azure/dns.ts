import { createHash } from "node:crypto";
import type { Behaviour, Context, Props, Provider, World } from "../behaviour.js";
import { plain } from "../publicDns.js";
import { seeded } from "../world.js";
import {
  arm,
  armId,
  at,
  isIpv4,
  isIpv6,
  isKnown,
  matches,
  number,
  objects,
  refuseUnless,
  resourceGroup,
  text,
} from "./common.js";
import { lookUpInGroup } from "./queries.js";

const zoneType = "azure-native:dns:Zone";
const recordType = "azure-native:dns:RecordSet";
const armZone = "Microsoft.Network/dnsZones";

/** Labels of 1 to 63 characters. */
const hostName =
  /^(?=.{1,253}\.?$)(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?$/i;

const zone: Behaviour = arm({
  source: "Microsoft.Network/dnsZones (Azure/bicep-types-az); Azure DNS: zones and records",
  type: armZone,
  names: ["zoneName"],
  replaces: ["zoneType"],
  check: (inputs) =>
    matches(
      inputs,
      "zoneName",
      /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i,
      "a domain of at least two labels",
    ),
  admit: (inputs) =>
    refuseUnless(
      text(inputs, "location") === "global",
      "LocationNotAvailableForResourceType",
      `The provided location '${text(inputs, "location") ?? ""}' is not available for resource type '${armZone}'. List of available regions for the resource type is 'global'.`,
    ),
  outputs: (inputs, { world }) => zoneState(inputs, world),
});

function zoneState(inputs: Props, { account }: World): Props {
  return {
    zoneType: text(inputs, "zoneType") ?? "Public",
    nameServers: nameServers(account, text(inputs, "zoneName") ?? ""),
    numberOfRecordSets: 2,
    maxNumberOfRecordSets: 10000,
  };
}

/** The four servers of one of Azure's sets. */
function nameServers(account: string, name: string): string[] {
  const digest = createHash("sha256").update(`${account}/${name}`).digest();
  const set = String((digest[0] ?? 0) % 10).padStart(2, "0");
  return ["com", "net", "org", "info"].map((suffix, i) => `ns${i + 1}-${set}.azure-dns.${suffix}.`);
}

/** Which input holds the values of a record type. */
const values: Readonly<Record<string, string>> = {
  A: "aRecords",
  AAAA: "aaaaRecords",
  CAA: "caaRecords",
  CNAME: "cnameRecord",
  MX: "mxRecords",
  NS: "nsRecords",
  PTR: "ptrRecords",
  SRV: "srvRecords",
  TXT: "txtRecords",
};

/** What each type's values look like. Source: Azure DNS REST API, record sets; RFC 1035, RFC 8659. */
const formats: Readonly<Record<string, (inputs: Props) => boolean>> = {
  A: (inputs) => at(inputs, "aRecords[].ipv4Address").every((each) => isIpv4(String(each))),
  AAAA: (inputs) => at(inputs, "aaaaRecords[].ipv6Address").every((each) => isIpv6(String(each))),
  CNAME: (inputs) => at(inputs, "cnameRecord.cname").every((each) => hostName.test(String(each))),
  TXT: (inputs) => at(inputs, "txtRecords[].value[]").every((each) => String(each).length <= 255),
  CAA: (inputs) =>
    objects(inputs, "caaRecords").every(
      (each) =>
        (number(each, "flags") ?? 0) <= 255 &&
        ["issue", "issuewild", "iodef"].includes(text(each, "tag") ?? "issue"),
    ),
};

const idOf = (inputs: Props, context: Pick<Context, "scope" | "world">): string =>
  armId(context, text(inputs, "resourceGroupName") ?? "", `${armZone}/${text(inputs, "recordType") ?? ""}`, [
    text(inputs, "zoneName") ?? "",
    text(inputs, "relativeRecordSetName") ?? "",
  ]);

const names = ["zoneName", "relativeRecordSetName"];

const recordSet: Behaviour = {
  ...arm({
    source:
      "Microsoft.Network/dnsZones/{recordType} (Azure/bicep-types-az); Azure DNS: zones and records, limits",
    type: `${armZone}/recordSets`,
    names,
    parent: zoneType,
    required: ["recordType"],
    replaces: ["recordType"],
    check: (inputs) => [
      ...matches(
        inputs,
        "recordType",
        new RegExp(`^(${Object.keys(values).join("|")}|SOA|DS|NAPTR|TLSA)$`),
        "a record type",
      ),
      ...matches(
        inputs,
        "relativeRecordSetName",
        /^(@|(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/i,
        "a name relative to the zone, or @",
      ),
    ],
    admit: checkRecord,
  }),
  id: idOf,
  outputs: (inputs) => ({
    name: text(inputs, "relativeRecordSetName"),
    type: `Microsoft.Network/dnszones/${text(inputs, "recordType") ?? ""}`,
    fqdn: `${fullName(inputs)}.`,
    provisioningState: "Succeeded",
  }),
};

function fullName(inputs: Props): string {
  const zoneName = text(inputs, "zoneName") ?? "";
  const name = text(inputs, "relativeRecordSetName") ?? "@";
  return name === "@" ? zoneName : `${name}.${zoneName}`;
}

function checkRecord(inputs: Props, context: Context): void {
  const type = text(inputs, "recordType") ?? "";
  const name = text(inputs, "relativeRecordSetName") ?? "";
  const zoneName = text(inputs, "zoneName") ?? "";
  refuseUnless(
    !name.toLowerCase().endsWith(`.${zoneName.toLowerCase()}`) &&
      name.toLowerCase() !== zoneName.toLowerCase(),
    "BadRequest",
    `The record set name '${name}' must be relative to the zone '${zoneName}'.`,
  );
  refuseUnless(fullName(inputs).length <= 253, "BadRequest", `The name '${fullName(inputs)}' is too long.`);
  const ttl = number(inputs, "ttl");
  refuseUnless(
    ttl !== undefined || at(inputs, "ttl").length > 0 || at(inputs, "targetResource.id").length > 0,
    "BadRequest",
    `The TTL of record set '${name}' must be given.`,
  );
  refuseUnless(
    ttl === undefined || (ttl >= 1 && ttl <= 2147483647),
    "BadRequest",
    `The TTL '${ttl ?? ""}' of record set '${name}' must be 1 to 2147483647.`,
  );
  const property = values[type] ?? "";
  const given = inputs[property];
  const count = Array.isArray(given) ? given.length : isKnown(given) ? 1 : 0;
  refuseUnless(
    given !== undefined || at(inputs, "targetResource.id").length > 0,
    "BadRequest",
    `Record set '${name}' of type '${type}' needs '${property}'.`,
  );
  refuseUnless(count <= 20, "BadRequest", `Record set '${name}' has ${count} records; 20 is the most.`);
  refuseUnless(
    Object.values(values).every((other) => other === property || inputs[other] === undefined),
    "BadRequest",
    `Record set '${name}' of type '${type}' has records of another type.`,
  );
  refuseUnless(
    formats[type]?.(inputs) !== false,
    "BadRequest",
    `The value of record set '${name}' of type '${type}' is not valid.`,
  );
  refuseUnless(
    type !== "CNAME" || name !== "@",
    "BadRequest",
    "A CNAME record set cannot be at the zone's apex ('@').",
  );
  const others = context.world
    .list(recordType)
    .filter(
      ({ id, inputs: other }) =>
        id !== context.current?.id && plain(fullName(other)) === plain(fullName(inputs)),
    )
    .map(({ inputs: other }) => text(other, "recordType"));
  refuseUnless(
    type === "CNAME" ? others.length === 0 : !others.includes("CNAME"),
    "BadRequest",
    `A CNAME record set named '${name}' cannot stand beside record sets of other types: ${others.join(", ")}.`,
  );
}

/** The group and the public zone that every new world has, delegated as a domain's owner would have done. */
export function seed(world: World, zoneName = "example.com", resourceGroupName = "dns"): void {
  const context = { world, scope: "" };
  const id = armId(context, resourceGroupName, armZone, [zoneName]);
  if (world.find(zoneType, id)) return;
  const owned = { region: "global", owner: seeded };
  const location = "westeurope";
  const group = { name: resourceGroupName, type: "Microsoft.Resources/resourceGroups", location };
  world.add({
    type: resourceGroup,
    id: id.replace(/\/providers\/.*/, ""),
    inputs: { resourceGroupName, location },
    state: { resourceGroupName, ...group, properties: { provisioningState: "Succeeded" } },
    ...owned,
  });
  const inputs = { resourceGroupName, zoneName, location: "global" };
  const state = { ...inputs, name: zoneName, type: armZone, ...zoneState(inputs, world) };
  world.add({ type: zoneType, id, inputs, state, ...owned });
}

export const dns: Provider = {
  types: { [zoneType]: zone, [recordType]: recordSet },
  invokes: { "azure-native:dns:getZone": lookUpInGroup(zoneType, armZone, ["zoneName"]) },
};
