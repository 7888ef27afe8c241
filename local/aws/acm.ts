import { createHash } from "node:crypto";
import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arn,
  exactlyOne,
  lookupBy,
  matches,
  objects,
  oneOf,
  refuseUnless,
  text,
  texts,
  uuid,
} from "./common.js";
import { once, placed } from "./outputs.js";
import { type } from "./references.js";
import { plain } from "./route53Zone.js";
import { publicAnswers } from "../publicDns.js";

/** A host name, possibly with a wildcard as its first label. Source: ACM RequestCertificate, DomainNameString. */
const domainName = /^(\*\.)?(?=.{1,253}$)((?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)$/i;

const namesOf = (inputs: Props): string[] => [
  ...new Set(
    [text(inputs, "domainName") ?? "", ...texts(inputs, "subjectAlternativeNames")].map((name) =>
      name.toLowerCase(),
    ),
  ),
];

/**
 * What ACM asks for to prove a name: the same for a name in every certificate and region of an account, and the
 * same for `*.example.com` as for `example.com`. Source: ACM user guide, "DNS validation".
 */
function validationRecord(account: string, name: string): Props {
  const base = name.replace(/^\*\./, "");
  const digest = (what: string) => createHash("sha256").update(`${account}/${base}/${what}`).digest("hex");
  const letters = digest("directory").slice(0, 20).match(/../g) ?? [];
  const directory = letters.map((pair) => String.fromCharCode(97 + (parseInt(pair, 16) % 26))).join("");
  return {
    domainName: name,
    resourceRecordName: `_${digest("name").slice(0, 32)}.${base}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${digest("value").slice(0, 32)}.${directory}.acm-validations.aws.`,
  };
}

const certificate: Behaviour = {
  source:
    "ACM RequestCertificate, DeleteCertificate; ACM user guide, DNS validation; CloudFormation AWS::CertificateManager::Certificate",
  replaces: [
    "certificateAuthorityArn",
    "domainName",
    "keyAlgorithm",
    "subjectAlternativeNames",
    "validationMethod",
    "validationOptions",
  ],
  check: (inputs) => [
    ...matches(inputs, "domainName", domainName, "a domain name"),
    ...matches(inputs, "subjectAlternativeNames[]", domainName, "a domain name"),
    ...oneOf(inputs, "validationMethod", ["DNS", "EMAIL"]),
    ...oneOf(inputs, "keyAlgorithm", ["RSA_2048", "EC_prime256v1", "EC_secp384r1"]),
    ...exactlyOne(inputs, ["domainName", "privateKey", "privateKeyWo"]),
    ...oneOf(inputs, "options.certificateTransparencyLoggingPreference", ["ENABLED", "DISABLED"]),
  ],
  admit: (inputs) => {
    const [first = "", ...others] = namesOf(inputs);
    // Imported certificates are not known here.
    refuseUnless(
      text(inputs, "domainName") !== undefined,
      "ValidationException",
      "A domain name must be given",
    );
    refuseUnless(
      text(inputs, "validationMethod") !== undefined,
      "ValidationException",
      "A validation method must be given",
    );
    refuseUnless(
      first.length <= 64,
      "ValidationException",
      `The first domain name can be no longer than 64 characters: ${first}`,
    );
    // The quota before anyone asks for more.
    refuseUnless(
      others.length + 1 <= 10,
      "LimitExceededException",
      "You have reached the maximum number of domain names for a certificate (10)",
    );
  },
  id: (_, context) => context.current?.id ?? arn(context, "acm", `certificate/${uuid(context)}`),
  outputs: (inputs, context) => {
    const names = namesOf(inputs);
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        notAfter: "",
        notBefore: "",
        pendingRenewal: false,
        renewalEligibility: "INELIGIBLE",
        renewalSummaries: [],
        status: "PENDING_VALIDATION",
        type: "AMAZON_ISSUED",
        validationEmails: [],
      })),
      arn: certificate.id(inputs, context),
      domainValidationOptions:
        inputs.validationMethod === "DNS"
          ? names.map((name) => validationRecord(context.world.account, name))
          : [],
      keyAlgorithm: text(inputs, "keyAlgorithm") ?? "RSA_2048",
      options: inputs.options ?? { certificateTransparencyLoggingPreference: "ENABLED", export: "DISABLED" },
      subjectAlternativeNames: names,
    };
  },
  inUse: ({ id }, by) =>
    new CloudError("ResourceInUseException", `Certificate ${id} in account is in use by ${by.id}.`),
};

/** The validation records that no public zone answers with, on whichever cloud it is. */
function missingRecords(options: Props[], { world }: Context): Props[] {
  return options.filter((option) => {
    const answers = publicAnswers(world, text(option, "resourceRecordName") ?? "", "CNAME");
    return !answers.map(plain).includes(plain(text(option, "resourceRecordValue") ?? ""));
  });
}

const certificateValidation: Behaviour = {
  source:
    "ACM DescribeCertificate (waits for ISSUED); provider docs of aws.acm.CertificateValidation (75 minutes)",
  required: ["certificateArn"],
  replaces: ["certificateArn", "validationRecordFqdns"],
  references: {
    certificateArn: {
      types: [type.certificate],
      by: "arn",
      code: "ResourceNotFoundException",
      message: (id) => `Could not find certificate ${id}`,
      // The validation is a wait, not a thing: nothing keeps the certificate.
      weak: true,
    },
  },
  admit: (inputs, context) => {
    const found = lookupBy(context, type.certificate, "arn", text(inputs, "certificateArn"));
    if (found?.state.status === "ISSUED") return;
    const options = objects(found?.state, "domainValidationOptions");
    if (inputs.validationRecordFqdns !== undefined) {
      const given = texts(inputs, "validationRecordFqdns").map(plain);
      const absent = options.filter(
        (option) => !given.includes(plain(text(option, "resourceRecordName") ?? "")),
      );
      refuseUnless(
        absent.length === 0,
        "MissingValidationRecord",
        absent
          .map(
            (each) =>
              `missing ${text(each, "domainName")} DNS validation record: ${plain(text(each, "resourceRecordName") ?? "")}`,
          )
          .join("; "),
      );
    }
    const missing = missingRecords(options, context);
    refuseUnless(
      missing.length === 0,
      "Timeout",
      `timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s): ` +
        `no CNAME in DNS for ${missing.map((each) => text(each, "domainName")).join(", ")}`,
    );
  },
  // The provider's own form: the time of issue.
  id: (_, context) =>
    context.current?.id ?? `${context.now().replace("T", " ").replace("Z", "")} +0000 UTC ${context.hex(4)}`,
  outputs: (_, { region }) => ({ region }),
  after: ({ inputs }, context) => {
    const found = lookupBy(context, type.certificate, "arn", text(inputs, "certificateArn"));
    if (found === undefined || found.state.status === "ISSUED") return;
    const day = context.now().slice(0, 10);
    // Certificates are valid for 198 days. Source: ACM user guide, "Certificate characteristics".
    const end = new Date(Date.parse(`${day}T00:00:00Z`) + 198 * 86_400_000).toISOString().slice(0, 10);
    context.world.amend(type.certificate, found.id, {
      status: "ISSUED",
      notBefore: `${day}T00:00:00Z`,
      notAfter: `${end}T23:59:59Z`,
    });
  },
  minutes: 3,
};

export const acm: Provider = {
  types: {
    [type.certificate]: certificate,
    "aws:acm/certificateValidation:CertificateValidation": certificateValidation,
  },
  invokes: {},
};
