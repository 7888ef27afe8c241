import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  exactlyOne,
  isIpv4,
  isKnown,
  isTrue,
  objects,
  oneOf,
  refuseUnless,
  regions,
  text,
  texts,
} from "./common.js";
import type { Failure } from "./common.js";
import { type } from "./references.js";
import { getZone, plain } from "./route53Zone.js";

const types = "A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT".split(" ");
const policies = [
  "cidrRoutingPolicy",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "latencyRoutingPolicies",
  "multivalueAnswerRoutingPolicy",
  "weightedRoutingPolicies",
];

const given = (value: unknown) => isKnown(value) && !(Array.isArray(value) && value.length === 0);

function zoneOf(inputs: Props, context: Pick<Context, "world">): string {
  return plain(text(context.world.find(type.zone, text(inputs, "zoneId") ?? "")?.state, "name") ?? "");
}

/** The provider adds the zone's name to a name that does not end with it. */
function fqdnOf(inputs: Props, context: Pick<Context, "world">): string {
  const name = plain(text(inputs, "name") ?? "");
  const zone = zoneOf(inputs, context);
  if (name === "") return zone;
  return name === zone || name.endsWith(`.${zone}`) ? name : `${name}.${zone}`;
}

const refuse = (holds: boolean, message: string) => refuseUnless(holds, "InvalidChangeBatch", `[${message}]`);

/** Records of the same name, but for this one. */
function siblings(inputs: Props, context: Context) {
  const fqdn = fqdnOf(inputs, context);
  return context.world
    .list(type.record)
    .filter(
      ({ id, state }) => id !== context.current?.id && state.zoneId === inputs.zoneId && state.fqdn === fqdn,
    );
}

function admitAlias(alias: Props, inputs: Props, context: Context): void {
  const name = plain(text(alias, "name") ?? "").replace(/^dualstack\./, "");
  const zoneId = text(alias, "zoneId");
  const message = `Tried to create an alias that targets ${name}., type ${text(inputs, "type")} in zone ${zoneId}`;
  if (zoneId === inputs.zoneId) {
    const target = context.world
      .list(type.record)
      .some(({ state }) => state.zoneId === zoneId && state.fqdn === name && state.type === inputs.type);
    return refuse(target, `${message}, but that target was not found`);
  }
  // Load balancers, accelerators, distributions: whatever has a name and the hosted zone that it is in.
  const targets = [
    type.loadBalancer,
    "aws:globalaccelerator/accelerator:Accelerator",
    "aws:cloudfront/distribution:Distribution",
  ]
    .flatMap((each) => context.world.list(each))
    .map(({ state }) => ({
      host: text(state, "dnsName") ?? text(state, "domainName"),
      zone: text(state, "zoneId") ?? text(state, "hostedZoneId"),
    }));
  const target = targets.find(({ host }) => host !== undefined && plain(host) === name);
  refuse(
    target === undefined || target.zone === zoneId,
    `${message}, but the alias target name does not lie within the target zone`,
  );
  refuse(target !== undefined, `${message}, but that target was not found`);
}

/** What records of one name have to agree on. Source: Route 53 developer guide, "Values specific for failover records". */
function refuseRouting(inputs: Props, fqdn: string, others: { state: Props }[]): void {
  const alike = others.filter(({ state }) => state.type === inputs.type);
  const [policy] = policies.filter((each) => given(inputs[each]));
  refuse(
    policy === undefined || alike.every(({ state }) => given(state[policy])),
    `RRSet with DNS name ${fqdn}., type ${text(inputs, "type")} cannot be created because other RRSets with the same name and type use another routing policy`,
  );
  const role = text(objects(inputs, "failoverRoutingPolicies")[0], "type");
  if (role === undefined) return;
  refuse(
    !alike.some(({ state }) => text(objects(state, "failoverRoutingPolicies")[0], "type") === role),
    `RRSet with DNS name ${fqdn}., type ${text(inputs, "type")}, failover type ${role} cannot be created as a duplicate ${role} RRSet exists`,
  );
  refuse(
    role !== "PRIMARY" || given(inputs.aliases) || text(inputs, "healthCheckId") !== undefined,
    `The primary failover RRSet with DNS name ${fqdn}. needs a health check`,
  );
}

function admitValues(inputs: Props): void {
  for (const value of texts(inputs, "records")) {
    const bad = (kind: string) =>
      `Invalid Resource Record: 'FATAL problem: ${kind} encountered with '${value}''`;
    if (inputs.type === "A")
      refuse(isIpv4(value), bad("ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"));
    if (inputs.type === "CNAME")
      refuse(/^[a-z0-9._*-]+$/i.test(value), bad("DomainNameContainsInvalidCharacters"));
    if (inputs.type === "CAA") refuse(/^\d{1,3} [a-z0-9]+ ".*"$/i.test(value), bad("CAARRDATAValueWrong"));
  }
}

const record: Behaviour = {
  source:
    "Route 53 ChangeResourceRecordSets; Route 53 developer guide, choosing between alias and non-alias records; provider docs",
  global: true,
  required: ["name", "type", "zoneId"],
  replaces: ["name", "zoneId"],
  check: (inputs) => {
    const failures: Failure[] = [
      ...oneOf(inputs, "type", types),
      ...exactlyOne(inputs, ["aliases", "records"]),
      ...exactlyOne(inputs, ["aliases", "ttl"], false),
      ...exactlyOne(inputs, policies, false),
      ...oneOf(inputs, "failoverRoutingPolicies[].type", ["PRIMARY", "SECONDARY"]),
      ...oneOf(inputs, "latencyRoutingPolicies[].region", regions),
    ];
    const routed = policies.some((policy) => given(inputs[policy]));
    if (routed && inputs.setIdentifier === undefined) {
      failures.push({
        property: "setIdentifier",
        reason: "all of `setIdentifier` and a routing policy must be specified",
      });
    }
    if (inputs.records !== undefined && inputs.ttl === undefined) {
      failures.push({ property: "ttl", reason: "all of `records,ttl` must be specified" });
    }
    for (const alias of objects(inputs, "aliases")) {
      for (const property of ["evaluateTargetHealth", "name", "zoneId"]) {
        if (alias[property] === undefined)
          failures.push({ property: `aliases[0].${property}`, reason: "is required" });
      }
    }
    return failures;
  },
  references: {
    zoneId: {
      types: [type.zone],
      code: "NoSuchHostedZone",
      message: (id) => `No hosted zone found with ID: ${id}`,
    },
    healthCheckId: {
      types: [type.healthCheck],
      code: "InvalidChangeBatch",
      message: (id) => `[The specified health check ${id} does not exist]`,
      anyRegion: true,
    },
  },
  admit: (inputs, context) => {
    const zone = zoneOf(inputs, context);
    const fqdn = fqdnOf(inputs, context);
    const others = siblings(inputs, context);
    if (context.current === undefined && !isTrue(inputs, "allowOverwrite")) {
      refuse(
        !others.some(
          ({ state }) =>
            state.type === inputs.type && text(state, "setIdentifier") === text(inputs, "setIdentifier"),
        ),
        `Tried to create resource record set [name='${fqdn}.', type='${text(inputs, "type")}'] but it already exists`,
      );
    }
    refuse(
      inputs.type !== "CNAME" || fqdn !== zone,
      `RRSet of type CNAME with DNS name ${fqdn}. is not permitted at apex in zone ${zone}.`,
    );
    refuse(
      !others.some(({ state }) => (state.type === "CNAME") !== (inputs.type === "CNAME")),
      `RRSet of type ${text(inputs, "type")} with DNS name ${fqdn}. is not permitted as it conflicts with other records with the same DNS name in zone ${zone}.`,
    );
    refuse(
      !others.some(
        ({ state }) =>
          state.type === inputs.type &&
          (text(state, "setIdentifier") === undefined) !== (text(inputs, "setIdentifier") === undefined),
      ),
      `RRSet with DNS name ${fqdn}., type ${text(inputs, "type")} cannot be created as other RRSets exist with the same name and type`,
    );
    refuseRouting(inputs, fqdn, others);
    refuse(
      inputs.type !== "CNAME" || texts(inputs, "records").length <= 1,
      "A CNAME record can have one value only",
    );
    admitValues(inputs);
    for (const alias of objects(inputs, "aliases")) admitAlias(alias, inputs, context);
  },
  id: (inputs, context) => {
    const parts = [
      text(inputs, "zoneId"),
      plain(text(inputs, "name") ?? ""),
      text(inputs, "type"),
      text(inputs, "setIdentifier"),
    ];
    const id = parts.filter((each) => each !== undefined).join("_");
    // Two programs may own one record by overwriting it; the world keeps one object for each.
    const shared = context.current === undefined && context.world.find(type.record, id) !== undefined;
    return context.current?.id ?? (shared ? `${id}_${context.hex(7)}` : id);
  },
  outputs: (inputs, context) => ({
    allowOverwrite: isTrue(inputs, "allowOverwrite"),
    fqdn: fqdnOf(inputs, context),
    name: plain(text(inputs, "name") ?? ""),
  }),
  minutes: 1,
};

export const route53: Provider = {
  types: { [type.record]: record },
  invokes: { "aws:route53/getZone:getZone": getZone },
};
