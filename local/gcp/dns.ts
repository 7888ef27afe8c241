import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { plain } from "../publicDns.js";
import {
  at,
  exactlyOne,
  idAt,
  inRange,
  isIpv4,
  isIpv6,
  matches,
  oneOf,
  project,
  refuseUnless,
  requireApi,
  text,
  texts,
  toGcp,
} from "./common.js";
import { api, dnsName, getManagedZones, managedZone, recordSet, zone } from "./dnsZone.js";
import { admitRouting } from "./dnsRouting.js";

export { seed } from "./dnsZone.js";

const types = [
  ...["A", "AAAA", "ALIAS", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "IPSECKEY", "MX", "NAPTR", "NS"],
  ...["PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"],
];

const zoneId = (inputs: Props, context: Pick<Context, "scope">) =>
  `projects/${project(inputs, context)}/managedZones/${text(inputs, "managedZone") ?? ""}`;

/** How Cloud DNS states what is wrong with a change. */
const refuse = (holds: boolean, code: string, message: string) =>
  refuseUnless(holds, code, `googleapi: Error ${code === "notFound" ? 404 : 400}: ${message}`);

function admitValues(type: string, name: string, values: string[]): void {
  const parameter = "Invalid value for 'entity.change.additions[0].rrdata[0]'";
  for (const value of values) {
    if (type === "A") refuse(isIpv4(value), "invalid", `${parameter}: '${value}'`);
    if (type === "AAAA") refuse(isIpv6(value), "invalid", `${parameter}: '${value}'`);
    if (type === "CNAME" || type === "NS")
      refuse(dnsName.test(value) && !value.startsWith("*"), "invalid", `${parameter}: '${value}'`);
    if (type === "CAA")
      refuse(/^\d{1,3} [a-z0-9]+ ".*"$/i.test(value), "invalid", `${parameter}: '${value}'`);
    if (type === "TXT") {
      // Text with a space in it falls apart into several strings unless it is quoted; each holds 255 characters.
      const strings = value.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/g) ?? [];
      refuse(
        strings.join(" ") === value.trim() &&
          strings.every((each) => each.replace(/^"|"$/g, "").length <= 255),
        "invalid",
        `${parameter}: '${value}'`,
      );
    }
  }
  refuse(
    type !== "CNAME" || values.length <= 1,
    "invalid",
    `The resource record set '${name} (CNAME)' must have one value only.`,
  );
}

const record: Behaviour = {
  source:
    "dns.v1 discovery, ResourceRecordSet; Cloud DNS, records overview; provider docs of gcp.dns.RecordSet and its create",
  global: true,
  required: ["managedZone", "name", "type"],
  replaces: ["managedZone", "name", "project", "type"],
  check: (inputs) => [
    ...matches(inputs, "name", dnsName, "a DNS name with a dot at its end"),
    ...oneOf(inputs, "type", types),
    ...exactlyOne(inputs, ["rrdatas", "routingPolicy"]),
    ...inRange(inputs, "ttl", 0, 2_147_483_647),
    ...inRange(inputs, "routingPolicy.primaryBackup.trickleRatio", 0, 1),
    ...inRange(inputs, "routingPolicy.wrrs[].weight", 0, 1000),
  ],
  references: {
    // The health check of a failover to external endpoints.
    "routingPolicy.healthCheck": toGcp(["gcp:compute/healthCheck:HealthCheck"]),
  },
  // The provider takes over a record set that exists already.
  adopts: true,
  admit: (inputs, context) => {
    requireApi(api, inputs, context);
    const id = zoneId(inputs, context);
    const apex = text(context.world.find(managedZone, id)?.state, "dnsName");
    refuse(
      apex !== undefined,
      "notFound",
      `The 'parameters.managedZone' resource named '${id}' does not exist.`,
    );
    const name = text(inputs, "name") ?? "";
    const type = text(inputs, "type") ?? "";
    const inZone = plain(name) === plain(apex ?? "") || plain(name).endsWith(`.${plain(apex ?? "")}`);
    refuse(
      inZone,
      "invalid",
      `Invalid value for 'entity.change.additions[0].name': '${name}' is not in ${apex ?? ""}`,
    );
    refuse(
      type !== "CNAME" || plain(name) !== plain(apex ?? ""),
      "cnameResourceRecordSetConflict",
      `The resource record set 'entity.change.additions[0]' is invalid because a zone apex cannot have a CNAME: ${name}`,
    );
    const others = context.world
      .list(recordSet)
      .filter(
        ({ id: other, state }) =>
          other !== context.current?.id &&
          other.startsWith(`${id}/rrsets/`) &&
          plain(text(state, "name") ?? "") === plain(name),
      );
    refuse(
      !others.some(({ state }) => (state["type"] === "CNAME") !== (type === "CNAME")),
      "cnameResourceRecordSetConflict",
      `The resource record set '${name} (${type})' is invalid because the DNS name '${name}' may have either one CNAME resource record set or resource record sets of other types, but not both.`,
    );
    admitValues(type, name, texts(inputs, "rrdatas"));
    admitRouting(inputs, context.world.find(managedZone, id)?.state ?? {}, context);
    refuse(
      at(inputs, "rrdatas[]").length > 0 || inputs["routingPolicy"] !== undefined,
      "invalid",
      `The resource record set '${name} (${type})' must have a value.`,
    );
  },
  id: (inputs, context) =>
    context.current?.id ??
    idAt("projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}", inputs, context),
  outputs: (inputs, context) => ({ project: project(inputs, context) }),
};

export const dns: Provider = {
  types: { [managedZone]: zone, [recordSet]: record },
  invokes: { "gcp:dns/getManagedZones:getManagedZones": getManagedZones },
};
