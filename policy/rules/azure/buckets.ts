import type { Resource, Rule } from "../../policy.js";
import { at, differs, show } from "../../values.js";

function* judgeAccount({ props }: Resource): Iterable<string> {
  // The API's default lets a container decide.
  if (differs(at(props, "allowBlobPublicAccess"), false))
    yield `allowBlobPublicAccess is ${show(at(props, "allowBlobPublicAccess"))}; right is false`;
}

function* judgeContainer({ props }: Resource): Iterable<string> {
  const access = at(props, "publicAccess");
  if (differs(access, "None", undefined, null, "")) yield `publicAccess is ${show(access)}; right is None`;
}

export const buckets: Rule = {
  each: {
    "azure-native:storage:StorageAccount": judgeAccount,
    "azure-native:storage:BlobContainer": judgeContainer,
  },
};
