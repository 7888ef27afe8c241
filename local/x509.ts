import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Certificates that any X.509 reader understands, of an authority that nobody trusts. Source: RFC 5280, X.690. */

/** One element in DER: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, body]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const text = (tag: number, value: string) => der(tag, Buffer.from(value, "utf8"));
/** A positive whole number. */
const integer = (bytes: Buffer) =>
  der(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));

/** An object identifier whose numbers are given. */
function oid(first: number, second: number, ...rest: number[]): Buffer {
  const bytes = rest.flatMap((value) => {
    const groups = [value & 0x7f];
    for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from([40 * first + second, ...bytes]));
}

const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
const pkcs7Data = oid(1, 2, 840, 113549, 1, 7, 1);

/** `YYMMDDHHMMSSZ`, up to 2049. */
const time = (at: Date) => text(0x17, `${at.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`);
const named = (commonName: string) => sequence(der(0x31, sequence(oid(2, 5, 4, 3), text(0x0c, commonName))));
const extension = (id: Buffer, critical: boolean, value: Buffer) =>
  sequence(id, ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

const pem = (bytes: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${(bytes.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;

interface Tbs {
  serial: Buffer;
  issuer: string;
  subject: string;
  from: Date;
  until: Date;
  key: KeyObject;
  extensions: Buffer[];
}

function signed({ serial, issuer, subject, from, until, key, extensions }: Tbs, by: KeyObject): Buffer {
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    named(issuer),
    sequence(time(from), time(until)),
    named(subject),
    key.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", content, by));
  return sequence(content, ecdsaWithSha256, signature);
}

interface Issued {
  certificatePem: string;
  issuerPem: string;
  /**
   * Base64 of what begins as PKCS #12 does: version 3, then data that holds certificate and issuer. It has neither
   * the key nor a MAC: enough for whoever checks the form, and nothing for who would serve it.
   */
  p12: string;
}

/**
 * A certificate for these names and the authority's own.
 *
 * @param key public
 * @param serial hex digits
 */
export function issue(
  names: string[],
  authority: string,
  key: KeyObject,
  serial: string,
  from: Date,
  days: number,
): Issued {
  const until = new Date(from.getTime() + days * 86_400_000);
  const ca = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const isCa = extension(oid(2, 5, 29, 19), true, sequence(der(0x01, Buffer.from([0xff]))));
  const alternatives = sequence(...names.map((name) => text(0x82, name)));
  const bytes = Buffer.from(serial, "hex");
  const issuer = signed(
    {
      serial: createHash("sha1").update(bytes).digest(),
      issuer: authority,
      subject: authority,
      from,
      until: new Date(from.getTime() + 3650 * 86_400_000),
      key: ca.publicKey,
      extensions: [isCa],
    },
    ca.privateKey,
  );
  const leaf = signed(
    {
      serial: bytes,
      issuer: authority,
      subject: names[0] ?? "",
      from,
      until,
      key,
      extensions: [extension(oid(2, 5, 29, 17), false, alternatives)],
    },
    ca.privateKey,
  );
  const content = der(0xa0, der(0x04, sequence(leaf, issuer)));
  const p12 = sequence(integer(Buffer.from([3])), sequence(pkcs7Data, content));
  return { certificatePem: pem(leaf), issuerPem: pem(issuer), p12: p12.toString("base64") };
}
