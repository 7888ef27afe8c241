import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { challengedZone } from "./acmeZones.js";
import { allowedAuthorities } from "./caa.js";
import { CloudError } from "./behaviour.js";
import type { Behaviour, Context, Props, Provider } from "./behaviour.js";
import { at, matches, number, objects, oneOf, refuseUnless, text, texts } from "./rules.js";
import { issue } from "./x509.js";

/**
 * ACME: certificates by an authority that looks into the local world's public zones. A provider's place ("region")
 * is its authority's directory.
 */

const registrationType = "acme:index/registration:Registration";

interface Authority {
  name: string;
  /** What a CAA record calls it. */
  caa: string;
  /** True: an account has to be bound to one that was made by other means. */
  bound?: true;
}

/** Directories. Source: the authorities' ACME documentation. */
const authorities: Readonly<Record<string, Authority>> = {
  "https://acme-v02.api.letsencrypt.org/directory": { name: "Let's Encrypt", caa: "letsencrypt.org" },
  "https://acme-staging-v02.api.letsencrypt.org/directory": {
    name: "(STAGING) Let's Encrypt",
    caa: "letsencrypt.org",
  },
  "https://acme.zerossl.com/v2/DV90": { name: "ZeroSSL", caa: "sectigo.com", bound: true },
  "https://dv.acme-v02.api.pki.goog/directory": {
    name: "Google Trust Services",
    caa: "pki.goog",
    bound: true,
  },
};

const error = (kind: string, status: number, message: string): CloudError =>
  new CloudError("acme", `error: ${status} :: urn:ietf:params:acme:error:${kind} :: ${message}`);

function authorityOf({ region }: Pick<Context, "region">): Authority {
  const authority = authorities[region];
  if (!authority)
    throw new CloudError("acme", `get directory at '${region}': the local world has no such authority`);
  return authority;
}

/** The public half of an account's key: what an authority knows an account by. */
function accountKey(pem: string): string {
  try {
    const der = createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "der" });
    return createHash("sha256").update(der).digest("hex");
  } catch {
    throw new CloudError("acme", "account_key_pem: no PEM data was found, or it holds no private key");
  }
}

const registration: Behaviour = {
  source: "acme provider docs, acme_registration; RFC 8555, section 7.3",
  required: ["accountKeyPem"],
  replaces: ["accountKeyPem", "emailAddress", "externalAccountBinding"],
  check: (inputs) => matches(inputs, "emailAddress", /^[^@\s]+@[^@\s]+\.[^@\s]+$/, "an e-mail address"),
  // The same key is the same account: an authority answers with what it has.
  adopts: true,
  admit: (inputs, context) => {
    const { bound, name } = authorityOf(context);
    accountKey(text(inputs, "accountKeyPem") ?? "");
    if (bound && at(inputs, "externalAccountBinding").length === 0)
      throw error("externalAccountRequired", 400, `${name} needs an external account binding`);
    if (/@example\.(com|net|org)$/i.test(text(inputs, "emailAddress") ?? ""))
      throw error("invalidContact", 400, "Error creating new account :: contact email has forbidden domain");
  },
  id: (inputs, context) => {
    const number = parseInt(accountKey(text(inputs, "accountKeyPem") ?? "").slice(0, 8), 16);
    return `${new URL(context.region).origin}/acme/acct/${number}`;
  },
  outputs: (inputs, context) => ({ registrationUrl: registration.id(inputs, context) }),
  secrets: ["accountKeyPem"],
};

const challenges = [
  "dnsChallenges",
  "httpChallenge",
  "httpWebrootChallenge",
  "httpS3Challenge",
  "tlsChallenge",
];

const namesOf = (inputs: Props): string[] => [
  ...new Set([...at(inputs, "commonName").map(String), ...texts(inputs, "subjectAlternativeNames")]),
];

const certificate: Behaviour = {
  source: "acme provider docs, acme_certificate; RFC 8555; RFC 8659 (CAA); lego's DNS providers",
  required: ["accountKeyPem"],
  replaces: [
    "certificateRequestPem",
    "commonName",
    "keyType",
    "mustStaple",
    "preferredChain",
    "profile",
    "subjectAlternativeNames",
  ],
  defaults: (inputs) => ({
    keyType: "2048",
    ...(inputs["minDaysDynamic"] === undefined && { minDaysRemaining: 30 }),
    revokeCertificateOnDestroy: true,
  }),
  check: (inputs) => [
    ...oneOf(inputs, "keyType", ["P256", "P384", "2048", "3072", "4096", "8192"]),
    ...(at(inputs, "minDaysDynamic").length > 0 && at(inputs, "minDaysRemaining").length > 0
      ? [{ property: "minDaysRemaining", reason: "conflicts with minDaysDynamic" }]
      : []),
    ...(challenges.every((each) => inputs[each] === undefined)
      ? [{ property: "dnsChallenges", reason: `one of \`${challenges.join(",")}\` must be specified` }]
      : []),
    ...(["commonName", "subjectAlternativeNames", "certificateRequestPem"].every(
      (each) => inputs[each] === undefined,
    )
      ? [
          {
            property: "commonName",
            reason: "one of `common_name,subject_alternative_names` must be specified",
          },
        ]
      : []),
  ],
  admit: (inputs, context) => {
    const { caa } = authorityOf(context);
    const key = accountKey(text(inputs, "accountKeyPem") ?? "");
    const known = context.world
      .list(registrationType, context.region)
      .some(({ inputs: account }) => accountKey(text(account, "accountKeyPem") ?? "") === key);
    if (!known) throw error("accountDoesNotExist", 400, "No account exists with the provided key");
    refuseUnless(
      objects(inputs, "dnsChallenges").length > 0,
      "acme",
      "the local world answers DNS challenges only",
    );
    const names = namesOf(inputs);
    refuseUnless(
      names.length > 0,
      "acme",
      "the local world issues for names, and reads no certificate request",
    );
    if (names.length > 100) throw error("malformed", 400, `Order cannot contain more than 100 DNS names`);
    for (const name of names) admitName(name, inputs, context, caa);
  },
  id: (_, context) =>
    context.current?.id ?? `${new URL(context.region).origin}/acme/cert/${context.hex(36, "url")}`,
  outputs: (inputs, context) => (context.current ? {} : issued(inputs, context)),
  secrets: ["accountKeyPem", "privateKeyPem", "certificateP12", "certificateP12Password"],
  minutes: 2,
};

const host = /^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** The name's zone is there, where the challenge's settings lead to, and lets this authority issue. */
function admitName(name: string, inputs: Props, { world }: Context, caa: string): void {
  if (!host.test(name))
    throw error("rejectedIdentifier", 400, `Invalid identifiers requested :: Cannot issue for "${name}"`);
  const common = text(inputs, "commonName") ?? "";
  refuseUnless(common.length <= 64, "acme", `the common name "${common}" is longer than 64 characters`);
  for (const challenge of objects(inputs, "dnsChallenges")) challengedZone(world, name, challenge);
  const wildcard = name.startsWith("*.");
  const allowed = allowedAuthorities(world, name.replace(/^\*\./, ""), wildcard);
  if (allowed !== undefined && !allowed.includes(caa))
    throw error("caa", 403, `While processing CAA for ${name}: CAA record for ${name} prevents issuance`);
}

const pairs = new Map<string, KeyPairKeyObjectResult>();

/** The one pair of a kind: to make an RSA key takes longer than all else that is done for a stack's certificates. */
function pairOf(type: string): KeyPairKeyObjectResult {
  let found = pairs.get(type);
  if (!found) {
    found = type.startsWith("P")
      ? generateKeyPairSync("ec", { namedCurve: type === "P256" ? "prime256v1" : "secp384r1" })
      : generateKeyPairSync("rsa", { modulusLength: Number(type) });
    pairs.set(type, found);
  }
  return found;
}

function issued(inputs: Props, context: Context): Props {
  const type = text(inputs, "keyType") ?? "2048";
  const pair = pairOf(type);
  const from = new Date(context.now());
  const days = number(inputs, "validityDays") ?? 90;
  const names = namesOf(inputs);
  // The first digit stays below 8: a serial number is positive.
  const serial = `0${context.hex(35, "serial")}`;
  const { name } = authorityOf(context);
  const { certificatePem, issuerPem, p12 } = issue(
    names,
    `${name} (local)`,
    pair.publicKey,
    serial,
    from,
    days,
  );
  return {
    certificateUrl: certificate.id(inputs, context),
    certificateDomain: names[0],
    certificatePem,
    issuerPem,
    privateKeyPem: type.startsWith("P")
      ? pair.privateKey.export({ type: "sec1", format: "pem" })
      : pair.privateKey.export({ type: "pkcs1", format: "pem" }),
    certificateP12: p12,
    certificateNotBefore: from.toISOString(),
    certificateNotAfter: new Date(from.getTime() + days * 86_400_000).toISOString(),
    certificateSerial: BigInt(`0x${serial}`).toString(),
  };
}

export const acme: Provider = {
  types: { [registrationType]: registration, "acme:index/certificate:Certificate": certificate },
  invokes: {},
};
