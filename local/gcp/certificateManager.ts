import { createHash } from "node:crypto";
import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider, WorldObject } from "../behaviour.js";
import { allowedAuthorities } from "../caa.js";
import { plain, publicAnswers } from "../publicDns.js";
import {
  exactlyOne,
  gcpResource,
  isKnown,
  matches,
  objects,
  oneOf,
  project,
  refuseUnless,
  stateOf,
  text,
  texts,
  toGcp,
  uuid,
} from "./common.js";

const authorization = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";
const certificateType = "gcp:certificatemanager/certificate:Certificate";
export const certificateMap = "gcp:certificatemanager/certificateMap:CertificateMap";
const mapEntry = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";

const api = "certificatemanager.googleapis.com";
const name = /^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/;
const label = "(?!-)[a-z0-9-]{1,63}(?<!-)";
const hostName = new RegExp(`^(?=.{1,253}$)(${label}\\.)+${label}$`, "i");
const hostPattern = new RegExp(`^(\\*\\.)?(?=.{1,253}$)(${label}\\.)+${label}$`, "i");

const refuse = (holds: boolean, message: string) =>
  refuseUnless(holds, "INVALID_ARGUMENT", `googleapi: Error 400: ${message}`);

const inUse = ({ id }: WorldObject, by: WorldObject) =>
  new CloudError(
    "FAILED_PRECONDITION",
    `googleapi: Error 400: can't delete ${id} that is referenced by ${by.id}`,
  );

/** Only the global location is known here: what a global load balancer takes. */
const globally = (inputs: Props) => oneOf(inputs, "location", ["global"]);

/** What Google asks for: the same for a name in every authorization of its kind, and in a project if the kind is the project's. */
function recordOf(inputs: Props, context: Pick<Context, "scope">): Props {
  const domain = plain(text(inputs, "domain") ?? "");
  const own = text(inputs, "type") === "PER_PROJECT_RECORD";
  const digest = (what: string) =>
    createHash("sha256")
      .update(`${own ? project(inputs, context) : ""}/${domain}/${what}`)
      .digest("hex");
  const mark = own ? `_${digest("name").slice(0, 16)}` : "";
  const hex = digest("data");
  const value = uuid({ hex: (length) => hex.slice(0, length) });
  return {
    name: `_acme-challenge${mark}.${domain}.`,
    type: "CNAME",
    data: `${value}.${Number.parseInt(hex.slice(32, 33), 16)}.authorize.certificatemanager.goog.`,
  };
}

const authorizations: Behaviour = gcpResource({
  source:
    "certificatemanager.v1 discovery, DnsAuthorization; Certificate Manager, DNS authorizations; provider docs of gcp.certificatemanager.DnsAuthorization",
  path: "projects/{project}/locations/global/dnsAuthorizations/{name}",
  api,
  name,
  required: ["domain"],
  replaces: ["domain", "location", "type"],
  check: (inputs) => [
    ...globally(inputs),
    ...oneOf(inputs, "type", ["FIXED_RECORD", "PER_PROJECT_RECORD"]),
    ...matches(inputs, "domain", hostName, "a domain name; it covers its wildcard too"),
  ],
  outputs: (inputs, context) => ({
    type: text(inputs, "type") ?? "FIXED_RECORD",
    dnsResourceRecords: [recordOf(inputs, context)],
  }),
  inUse,
});

/** The authorization that covers a domain, of those that the certificate names. */
function authorized(domain: string, inputs: Props, context: Pick<Context, "world">): Props | undefined {
  return texts(inputs, "managed.dnsAuthorizations")
    .map((id) => stateOf(context, [authorization], id))
    .find((state) => plain(text(state, "domain") ?? "") === plain(domain).replace(/^\*\./, ""));
}

/** Whether a public zone, on whichever cloud, answers as Google asks. */
function proved(domain: string, inputs: Props, context: Pick<Context, "world">): boolean {
  const [asked] = objects(authorized(domain, inputs, context), "dnsResourceRecords");
  if (asked === undefined) return false;
  return publicAnswers(context.world, text(asked, "name") ?? "", "CNAME").includes(
    plain(text(asked, "data") ?? ""),
  );
}

/** Why Google would not issue for a domain; empty if it would. */
function failure(domain: string, inputs: Props, context: Pick<Context, "world">): string {
  const allowed = allowedAuthorities(
    context.world,
    plain(domain).replace(/^\*\./, ""),
    domain.startsWith("*."),
  );
  if (allowed !== undefined && !allowed.includes("pki.goog")) return "CAA";
  return proved(domain, inputs, context) ? "" : "CONFIG";
}

/** The cloud tries to prove each name when the certificate is made; here it does not try again. */
function attempt(inputs: Props, context: Context): Props {
  const domains = texts(inputs, "managed.domains");
  const attempts = domains.map((domain) => {
    const failureReason = failure(domain, inputs, context);
    return { domain, state: failureReason === "" ? "AUTHORIZED" : "FAILED", failureReason };
  });
  const active = attempts.every(({ state }) => state === "AUTHORIZED");
  return { state: active ? "ACTIVE" : "PROVISIONING", authorizationAttemptInfos: attempts };
}

const certificates: Behaviour = gcpResource({
  source:
    "certificatemanager.v1 discovery, Certificate; Certificate Manager, quotas; provider docs of gcp.certificatemanager.Certificate",
  path: "projects/{project}/locations/global/certificates/{name}",
  api,
  name,
  replaces: ["location", "managed.dnsAuthorizations", "managed.domains", "managed.issuanceConfig", "scope"],
  defaults: () => ({ scope: "DEFAULT" }),
  check: (inputs) => [
    ...globally(inputs),
    ...exactlyOne(inputs, ["managed", "selfManaged"]),
    ...oneOf(inputs, "scope", ["DEFAULT", "EDGE_CACHE", "ALL_REGIONS", "CLIENT_AUTH"]),
    ...matches(inputs, "managed.domains[]", hostPattern, "a domain name"),
  ],
  references: { "managed.dnsAuthorizations[]": toGcp([authorization]) },
  admit: (inputs, context) => {
    if (!isKnown(inputs["managed"])) return;
    const domains = texts(inputs, "managed.domains");
    refuse(domains.length > 0, "managed.domains must not be empty");
    refuse(domains.length <= 100, `managed.domains must have at most 100 names, found ${domains.length}`);
    refuse(new Set(domains.map(plain)).size === domains.length, "managed.domains must be distinct");
    // Without one, Google proves a name through the load balancer that the name points at already.
    const needy = domains.find(
      (domain) =>
        (domain.startsWith("*.") || texts(inputs, "managed.dnsAuthorizations").length > 0) &&
        authorized(domain, inputs, context) === undefined,
    );
    refuse(needy === undefined, `domain ${String(needy)} has no DNS authorization`);
  },
  outputs: (inputs, context) => {
    if (!isKnown(inputs["managed"])) return {};
    const before = objects(context.current?.state, "managed")[0];
    const state = before?.["state"] === "ACTIVE" ? before : attempt(inputs, context);
    return {
      managed: {
        ...(inputs["managed"] as Props),
        state: state["state"],
        authorizationAttemptInfos: state["authorizationAttemptInfos"],
      },
      sanDnsnames: texts(inputs, "managed.domains"),
    };
  },
  inUse,
  minutes: 3,
});

const maps: Behaviour = gcpResource({
  source:
    "certificatemanager.v1 discovery, CertificateMap; provider docs of gcp.certificatemanager.CertificateMap",
  path: "projects/{project}/locations/global/certificateMaps/{name}",
  api,
  name,
  outputs: (_, context) => ({
    createTime: text(context.current?.state, "createTime") ?? context.now(),
    gclbTargets: [],
  }),
  inUse,
});

const entries: Behaviour = gcpResource({
  source:
    "certificatemanager.v1 discovery, CertificateMapEntry; provider docs of gcp.certificatemanager.CertificateMapEntry",
  path: "projects/{project}/locations/global/certificateMaps/{map}/certificateMapEntries/{name}",
  api,
  name,
  required: ["certificates"],
  replaces: ["hostname", "matcher"],
  check: (inputs) => [
    ...exactlyOne(inputs, ["hostname", "matcher"]),
    ...oneOf(inputs, "matcher", ["PRIMARY"]),
    ...matches(inputs, "hostname", hostPattern, "a host name"),
  ],
  references: {
    "certificates[]": toGcp([certificateType]),
    map: {
      types: [certificateMap],
      by: "name",
      code: "NOT_FOUND",
      message: (map) => `googleapi: Error 404: Resource '${map}' was not found`,
    },
  },
  unique: (inputs, context) =>
    `${project(inputs, context)}/${text(inputs, "map") ?? ""}/${text(inputs, "hostname") ?? text(inputs, "matcher") ?? ""}`,
  taken: (key) =>
    new CloudError(
      "ALREADY_EXISTS",
      `googleapi: Error 409: the certificate map has an entry for this name already: ${key}`,
    ),
  admit: (inputs) => {
    const given = texts(inputs, "certificates").length;
    refuse(given >= 1 && given <= 4, `an entry holds 1 to 4 certificates, found ${given}`);
  },
  outputs: () => ({ state: "ACTIVE" }),
});

export const certificateManager: Provider = {
  types: {
    [authorization]: authorizations,
    [certificateType]: certificates,
    [certificateMap]: maps,
    [mapEntry]: entries,
  },
  invokes: {},
};
