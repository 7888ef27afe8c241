import type { Behaviour, Props } from "../behaviour.js";
import { at, inRange, isKnown, matches, number, objects, oneOf, refuseUnless, text } from "./common.js";
import { toBucket, toKey } from "./references.js";

export const encryptionType =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const byDefault = "rules[].applyServerSideEncryptionByDefault";

export const bucketEncryption: Behaviour = {
  source: "S3 PutBucketEncryption; CloudFormation AWS::S3::Bucket ServerSideEncryptionByDefault",
  required: ["bucket", "rules"],
  replaces: ["bucket", "expectedBucketOwner"],
  check: (inputs) => [
    ...oneOf(inputs, `${byDefault}.sseAlgorithm`, ["AES256", "aws:kms", "aws:kms:dsse"]),
    ...(Array.isArray(inputs.rules) && inputs.rules.length !== 1
      ? [{ property: "rules", reason: "exactly one rule is supported" }]
      : []),
  ],
  references: {
    bucket: toBucket,
    [`${byDefault}.kmsMasterKeyId`]: { ...toKey, except: /:alias\/|^(?!arn:)/ },
  },
  admit: (inputs) => {
    for (const rule of at(inputs, byDefault)) {
      refuseUnless(
        text(rule, "sseAlgorithm") !== "AES256" || text(rule, "kmsMasterKeyId") === undefined,
        "InvalidArgument",
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
      );
    }
  },
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (_, { region }) => ({ region }),
};

const actions = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];
/** Infrequent-access classes take objects of thirty days and older. */
const infrequent = ["STANDARD_IA", "ONEZONE_IA"];

function admitRule(rule: Props): void {
  const refuse = (holds: boolean, code: string, message: string) => refuseUnless(holds, code, message);
  refuse(
    actions.some((action) => objects(rule, action).length > 0),
    "InvalidRequest",
    "At least one action needs to be specified in a rule",
  );
  for (const expiration of objects(rule, "expiration")) {
    const kinds = ["date", "days", "expiredObjectDeleteMarker"].filter((each) => isKnown(expiration[each]));
    refuse(
      kinds.length === 1,
      "MalformedXML",
      "An expiration holds exactly one of days, date, expiredObjectDeleteMarker",
    );
    const days = number(expiration, "days");
    refuse(
      days === undefined || days > 0,
      "InvalidArgument",
      "'Days' for Expiration action must be a positive integer",
    );
    for (const transition of objects(rule, "transitions")) {
      refuse(
        days === undefined || days > (number(transition, "days") ?? 0),
        "InvalidArgument",
        "'Days' in the Expiration action must be greater than 'Days' in the Transition action",
      );
    }
  }
  for (const transition of objects(rule, "transitions")) {
    refuse(
      !infrequent.includes(text(transition, "storageClass") ?? "") ||
        (number(transition, "days") ?? 30) >= 30,
      "InvalidArgument",
      `'Days' in Transition action must be greater than or equal to 30 for storageClass '${text(transition, "storageClass")}'`,
    );
  }
}

export const bucketLifecycle: Behaviour = {
  source: "S3 PutBucketLifecycleConfiguration; S3 user guide, lifecycle configuration elements",
  required: ["bucket", "rules"],
  replaces: ["bucket", "expectedBucketOwner"],
  check: (inputs) => [
    ...oneOf(inputs, "rules[].status", ["Enabled", "Disabled"]),
    ...matches(inputs, "rules[].id", /^.{1,255}$/, "1 to 255 characters"),
    ...inRange(inputs, "rules[].abortIncompleteMultipartUpload.daysAfterInitiation", 1, 2 ** 31 - 1),
    ...inRange(inputs, "rules[].noncurrentVersionExpiration.noncurrentDays", 1, 2 ** 31 - 1),
    ...oneOf(inputs, "rules[].transitions[].storageClass", [
      "DEEP_ARCHIVE",
      "GLACIER",
      "GLACIER_IR",
      "INTELLIGENT_TIERING",
      "ONEZONE_IA",
      "STANDARD_IA",
    ]),
    ...oneOf(inputs, "transitionDefaultMinimumObjectSize", [
      "all_storage_classes_128K",
      "varies_by_storage_class",
    ]),
  ],
  references: { bucket: toBucket },
  admit: (inputs) => {
    const ids = at(inputs, "rules[].id");
    refuseUnless(
      new Set(ids).size === ids.length,
      "InvalidArgument",
      "Rule ID must be unique. Found same ID for more than one rule",
    );
    objects(inputs, "rules").forEach(admitRule);
  },
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (inputs, { region }) => ({
    region,
    transitionDefaultMinimumObjectSize:
      text(inputs, "transitionDefaultMinimumObjectSize") ?? "all_storage_classes_128K",
  }),
};
