import type { Resource, Rule } from "../../policy.js";
import { at, differs, present, show } from "../../values.js";

/** Memorystore has no public addresses. */
function* judgeInstance({ props }: Resource): Iterable<string> {
  const configuration = at(props, "settings", "ipConfiguration");
  // Cloud SQL's default is a public address.
  const isPublic = at(configuration, "ipv4Enabled");
  if (differs(isPublic, false))
    yield `settings.ipConfiguration.ipv4Enabled is ${show(isPublic)}; right is false, with Private Service Connect`;
  if (present(at(configuration, "authorizedNetworks")))
    yield "settings.ipConfiguration.authorizedNetworks admits callers to a public address; right is none";
}

function* judgeAlloy({ props }: Resource): Iterable<string> {
  if (at(props, "networkConfig", "enablePublicIp") === true)
    yield "networkConfig.enablePublicIp is true; right is false";
}

export const privateStores: Rule = {
  each: {
    "gcp:sql/databaseInstance:DatabaseInstance": judgeInstance,
    "gcp:alloydb/instance:Instance": judgeAlloy,
  },
};
