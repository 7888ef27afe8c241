import { unaccompanied } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { at, differs } from "../../values.js";
import { bucketLink } from "./documents.js";

const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const switches = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

function* judgeBlock({ props }: Resource): Iterable<string> {
  const off = switches.filter((one) => differs(at(props, one), true));
  if (off.length > 0) yield `${off.join(", ")} is off; right is all four`;
}

export const buckets: Rule = {
  each: { [block]: judgeBlock },
  together: (resources) =>
    unaccompanied(
      resources,
      "aws:s3/bucket:Bucket",
      { type: block, ...bucketLink },
      "the bucket has no public access block; right is a BucketPublicAccessBlock with all four switches on",
    ),
};
