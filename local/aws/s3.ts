import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { arn, dnsSuffix, exactlyOne, isTrue, matches, oneOf, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { documentText, parsePolicy, refusePrincipals } from "./policyDocument.js";
import { toBucket, type } from "./references.js";
import type { Place } from "../rules.js";
import { bucketEncryption, bucketLifecycle, encryptionType } from "./s3Settings.js";
import { isPublic, resourcesOf } from "./s3Delivery.js";

const blockType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** Source: S3 user guide, "General purpose bucket naming rules". */
const bucketName =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** An ARN of S3 has neither region nor account. */
export const bucketArn = (context: Place, name: string) =>
  arn(context, "s3", name, { region: "", account: "" });

const bucket: Behaviour = {
  source: "S3 CreateBucket, DeleteBucket; S3 user guide, naming rules; CloudFormation AWS::S3::Bucket",
  autoName: { property: "bucket", max: 63 },
  replaces: ["bucket", "bucketNamespace", "bucketPrefix", "objectLockEnabled"],
  defaults: () => ({ forceDestroy: false }),
  check: (inputs) => [
    ...matches(
      inputs,
      "bucket",
      bucketName,
      "3 to 63 lower-case letters, digits, hyphens and dots; see the bucket naming rules",
    ),
    ...oneOf(inputs, "bucketNamespace", ["account-regional", "global"]),
    ...exactlyOne(inputs, ["acl", "grants"], false),
  ],
  admit: (inputs, context) => {
    // A name is one bucket's in all regions of the partition.
    const name = text(inputs, "bucket") ?? "";
    const holder = context.world.find(type.bucket, name);
    refuseUnless(
      holder === undefined || context.current !== undefined,
      "BucketAlreadyOwnedByYou",
      `Your previous request to create the named bucket succeeded and you already own it: ${name}`,
    );
  },
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (inputs, context) => {
    const name = text(inputs, "bucket") ?? "";
    return {
      ...placed(inputs, context),
      arn: bucketArn(context, name),
      acl: text(inputs, "acl") ?? "private",
      bucketDomainName: `${name}.s3.${dnsSuffix(context.region)}`,
      bucketNamespace: text(inputs, "bucketNamespace") ?? "global",
      bucketRegion: context.region,
      bucketRegionalDomainName: `${name}.s3.${context.region}.${dnsSuffix(context.region)}`,
      objectLockEnabled: isTrue(inputs, "objectLockEnabled"),
      requestPayer: text(inputs, "requestPayer") ?? "BucketOwner",
      serverSideEncryptionConfiguration: inputs.serverSideEncryptionConfiguration ?? {
        rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false },
      },
      versioning: inputs.versioning ?? { enabled: false, mfaDelete: false },
    };
  },
};

const publicAccessBlock: Behaviour = {
  source: "S3 PutPublicAccessBlock",
  required: ["bucket"],
  replaces: ["bucket"],
  references: { bucket: toBucket },
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (inputs, { region }) => ({
    region,
    blockPublicAcls: isTrue(inputs, "blockPublicAcls"),
    blockPublicPolicy: isTrue(inputs, "blockPublicPolicy"),
    ignorePublicAcls: isTrue(inputs, "ignorePublicAcls"),
    restrictPublicBuckets: isTrue(inputs, "restrictPublicBuckets"),
  }),
};

const ownershipControls: Behaviour = {
  source: "S3 PutBucketOwnershipControls",
  required: ["bucket", "rule", "rule.objectOwnership"],
  replaces: ["bucket"],
  check: (inputs) =>
    oneOf(inputs, "rule.objectOwnership", ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]),
  references: { bucket: toBucket },
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (_, { region }) => ({ region }),
};

const status = "versioningConfiguration.status";

const versioning: Behaviour = {
  source: "S3 PutBucketVersioning; provider docs of aws.s3.BucketVersioning",
  required: ["bucket", "versioningConfiguration", status],
  replaces: ["bucket", "expectedBucketOwner"],
  check: (inputs) => [
    ...oneOf(inputs, status, ["Enabled", "Suspended", "Disabled"]),
    ...oneOf(inputs, "versioningConfiguration.mfaDelete", ["Enabled", "Disabled"]),
  ],
  references: { bucket: toBucket },
  admit: (inputs, { current }) =>
    refuseUnless(
      current === undefined ||
        text(inputs, status) !== "Disabled" ||
        text(current.inputs, status) === "Disabled",
      "InvalidBucketState",
      "versioning_configuration.status cannot be updated from 'Enabled' or 'Suspended' to 'Disabled'",
    ),
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (_, { region }) => ({ region }),
};

function admitPolicy(inputs: Props, context: Context): void {
  const refuse = (holds: boolean, message: string) => refuseUnless(holds, "MalformedPolicy", message);
  const name = text(inputs, "bucket") ?? "";
  const document = documentText(inputs.policy);
  refuse(document.length <= 20 * 1024, "Policy exceeds the maximum allowed document size.");
  const statements = parsePolicy(document, "resource", "MalformedPolicy");
  refusePrincipals(statements, context.world, "MalformedPolicy", () => "Invalid principal in policy");
  for (const action of statements.flatMap(({ actions }) => actions)) {
    refuse(action === "*" || /^s3:/i.test(action), "Policy has invalid action");
  }
  const own = bucketArn(context, name);
  for (const resource of resourcesOf(document).flat()) {
    refuse(resource === own || resource.startsWith(`${own}/`), "Policy has invalid resource");
  }
  const block = context.world.find(blockType, name);
  refuseUnless(
    !isTrue(block?.state, "blockPublicPolicy") || !statements.some(isPublic),
    "AccessDenied",
    `User is not authorized to perform: s3:PutBucketPolicy on resource: "${own}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
  );
}

const bucketPolicy: Behaviour = {
  source: "S3 PutBucketPolicy; S3 user guide, bucket policies and blocking public access",
  required: ["bucket", "policy"],
  replaces: ["bucket"],
  references: { bucket: toBucket },
  admit: admitPolicy,
  id: (inputs) => text(inputs, "bucket") ?? "",
  outputs: (inputs, { region }) => ({ region, policy: documentText(inputs.policy) }),
};

export const s3: Provider = {
  types: {
    [type.bucket]: bucket,
    [blockType]: publicAccessBlock,
    [type.bucketPolicy]: bucketPolicy,
    [encryptionType]: bucketEncryption,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketLifecycle,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
    "aws:s3/bucketVersioning:BucketVersioning": versioning,
  },
  invokes: {},
};
