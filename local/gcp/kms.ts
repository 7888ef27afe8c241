import type { Behaviour, Context, Provider } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import { gcpResource, idAt, isKnown, matches, oneOf, refuseUnless, text, toGcp } from "./common.js";
import { member } from "./iam.js";
import { isRegion } from "./places.js";
import { serviceAgentEmail } from "./serviceIdentity.js";

const keyRingType = "gcp:kms/keyRing:KeyRing";
export const keyType = "gcp:kms/cryptoKey:CryptoKey";
const keyMember = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";
/** Rings and keys that a program has let go: they stay for ever, and their names with them. */
const heldRing = "held:gcp/kms/keyRing";
const heldKey = "held:gcp/kms/cryptoKey";

const multiRegions = ["global", "asia", "asia1", "eur4", "europe", "us"];
const name = /^[a-zA-Z0-9_-]{1,63}$/;
const named = "1 to 63 letters, digits, underscores and hyphens";

/** Seconds of a duration such as `86400s`. */
const seconds = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : Number(/^(\d+(\.\d{1,9})?)s$/.exec(duration)?.[1] ?? NaN);

const taken = (kind: string, id: string) =>
  new CloudError("alreadyExists", `googleapi: Error 409: ${kind} ${id} already exists., alreadyExists`);

const ringPath = "projects/{project}/locations/{location}/keyRings/{name}";

const ring: Behaviour = gcpResource({
  source: "cloudkms.v1 discovery, keyRings.create; provider docs of gcp.kms.KeyRing: cannot be deleted",
  path: ringPath,
  api: "cloudkms.googleapis.com",
  name: null,
  check: (inputs) => matches(inputs, "name", name, named),
  admit: (inputs, context) => {
    const location = text(inputs, "location");
    refuseUnless(
      location === undefined || isRegion(location) || multiRegions.includes(location),
      "invalidArgument",
      `googleapi: Error 400: The request concerns location '${String(location)}' but there is no such location., badRequest`,
    );
    const id = idAt(ringPath, inputs, context);
    if (!context.current && context.world.find(heldRing, id)) throw taken("KeyRing", id);
  },
  afterDelete: ({ id, region }, context) =>
    context.world.add({ type: heldRing, id, region, inputs: {}, state: {} }),
});

const keyPath = "{keyRing}/cryptoKeys/{name}";
const day = 86_400;

const key: Behaviour = gcpResource({
  source:
    "cloudkms.v1 discovery, cryptoKeys.create; provider docs of gcp.kms.CryptoKey: what replaces; its versions are destroyed, itself stays",
  path: keyPath,
  api: "cloudkms.googleapis.com",
  name: null,
  replaces: [
    "purpose",
    "destroyScheduledDuration",
    "importOnly",
    "skipInitialVersionCreation",
    "cryptoKeyBackend",
    "versionTemplate.protectionLevel",
  ],
  // Neither of them is ever deleted: a program lets go of the one and of the other.
  references: { keyRing: toGcp([keyRingType], { weak: true }) },
  check: (inputs) => {
    const rotation = seconds(text(inputs, "rotationPeriod"));
    return [
      ...matches(inputs, "name", name, named),
      ...oneOf(inputs, "purpose", [
        "ENCRYPT_DECRYPT",
        "ASYMMETRIC_SIGN",
        "ASYMMETRIC_DECRYPT",
        "MAC",
        "RAW_ENCRYPT_DECRYPT",
      ]),
      ...(rotation !== undefined && !(rotation >= day)
        ? [{ property: "rotationPeriod", reason: "rotation period must be greater than or equal to 1 day" }]
        : []),
    ];
  },
  admit: (inputs, context) => {
    const kept = seconds(text(inputs, "destroyScheduledDuration"));
    refuseUnless(
      kept === undefined || (kept >= day && kept <= 120 * day),
      "invalidArgument",
      "googleapi: Error 400: destroy_scheduled_duration must be between 24 hours and 120 days., badRequest",
    );
    refuseUnless(
      text(inputs, "rotationPeriod") === undefined ||
        (text(inputs, "purpose") ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT",
      "invalidArgument",
      "googleapi: Error 400: rotation_period may only be set for keys with purpose ENCRYPT_DECRYPT., badRequest",
    );
    const id = idAt(keyPath, inputs, context);
    if (!context.current && context.world.find(heldKey, id)) throw taken("CryptoKey", id);
  },
  outputs: (inputs, context) => ({
    purpose: text(inputs, "purpose") ?? "ENCRYPT_DECRYPT",
    destroyScheduledDuration: text(inputs, "destroyScheduledDuration") ?? `${30 * day}s`,
    primaries: [{ name: `${idAt(keyPath, inputs, context)}/cryptoKeyVersions/1`, state: "ENABLED" }],
  }),
  afterDelete: ({ id, region }, context) =>
    context.world.add({ type: heldKey, id, region, inputs: {}, state: {} }),
});

/**
 * Refuses a key that a service could not encrypt with: one that does not exist, lies elsewhere, or that the
 * service's agent may not use. Source: "Using customer-managed encryption keys" of each service.
 *
 * @param keyId the input that names the key; unknown or absent: nothing is refused
 * @param api the service, `sqladmin.googleapis.com`
 * @param place of what is encrypted, with its project
 */
export function refuseKey(
  keyId: unknown,
  api: string,
  place: { project: string; location: string },
  { world }: Pick<Context, "world">,
): void {
  if (!isKnown(keyId) || typeof keyId !== "string") return;
  const refuse = (why: string): never => {
    throw new CloudError("badRequest", `googleapi: Error 400: ${why}, badRequest`);
  };
  if (!world.find(keyType, keyId)) refuse(`Cloud KMS key ${keyId} was not found.`);
  const [, location = ""] = /\/locations\/([^/]+)\//.exec(keyId) ?? [];
  if (location !== place.location)
    refuse(`Cloud KMS key ${keyId} must be in location ${place.location}, not in ${location}.`);
  const agent = `serviceAccount:${serviceAgentEmail(api, place.project)}`;
  const admitted = world
    .list(keyMember)
    .some(
      ({ inputs }) =>
        inputs["cryptoKeyId"] === keyId &&
        inputs["member"] === agent &&
        inputs["role"] === "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    );
  if (!admitted)
    refuse(
      `Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource '${keyId}': grant roles/cloudkms.cryptoKeyEncrypterDecrypter to ${agent}`,
    );
}

export const kms: Provider = {
  types: {
    [keyRingType]: ring,
    [keyType]: key,
    [keyMember]: member({
      source: "cloudkms.v1 discovery, cryptoKeys.setIamPolicy; provider docs of gcp.kms.CryptoKeyIAMMember",
      level: "key",
      on: { input: "cryptoKeyId", reference: toGcp([keyType]) },
      api: "cloudkms.googleapis.com",
      target: (inputs) => text(inputs, "cryptoKeyId") ?? "",
    }),
  },
  invokes: {},
};
