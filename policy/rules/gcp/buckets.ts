import { isAnyone, grants } from "./iam.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, show } from "../../values.js";

function* judgeBucket({ props }: Resource): Iterable<string> {
  const prevention = at(props, "publicAccessPrevention");
  if (differs(prevention, "enforced"))
    yield `publicAccessPrevention is ${show(prevention)}; right is enforced`;
  // Without it, every object may have a list of its own.
  if (differs(at(props, "uniformBucketLevelAccess"), true))
    yield "uniformBucketLevelAccess is off; right is true: only IAM decides then";
}

function* judgeEntity({ props }: Resource): Iterable<string> {
  if (isAnyone(at(props, "entity")))
    yield `${show(at(props, "entity"))} is admitted; right is an identity by name`;
}

function* judgeList({ props }: Resource): Iterable<string> {
  const open = [
    ...list(at(props, "predefinedAcl")).filter((acl) => /^public|^authenticated/i.test(String(acl))),
    ...list(at(props, "roleEntities")).filter((entity) => /:all(Authenticated)?Users$/.test(String(entity))),
  ];
  if (open.length > 0) yield `${open.map(show).join(", ")} is admitted; right is identities by name`;
}

function* judgeGrants(resources: Resource[]): Iterable<Finding> {
  for (const resource of resources.filter(({ type }) => type.startsWith("gcp:storage/")))
    for (const { role, members } of grants(resource))
      if (members.some(isAnyone))
        yield { resource, message: `${show(role)} is for anybody; right is an identity by name` };
}

export const buckets: Rule = {
  each: {
    "gcp:storage/bucket:Bucket": judgeBucket,
    ...forTypes(
      [
        "gcp:storage/bucketAccessControl:BucketAccessControl",
        "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
        "gcp:storage/objectAccessControl:ObjectAccessControl",
      ],
      judgeEntity,
    ),
    ...forTypes(
      [
        "gcp:storage/bucketACL:BucketACL",
        "gcp:storage/defaultObjectACL:DefaultObjectACL",
        "gcp:storage/objectACL:ObjectACL",
      ],
      judgeList,
    ),
  },
  together: judgeGrants,
};
