import type { Finding, Resource, Rule } from "../../policy.js";
import { at, missing, show } from "../../values.js";
import { grants, isAnyone } from "./iam.js";

/** A whole pool of identities from outside: whoever its provider lets in. */
function isPool(member: unknown): boolean {
  return (
    typeof member === "string" &&
    /^principalSet:\/\/iam\.googleapis\.com\/.*\/workloadIdentityPools\/[^/]+\/\*$/.test(member)
  );
}

function* judgeGrants(resources: Resource[]): Iterable<Finding> {
  for (const resource of resources)
    for (const { role, members } of grants(resource)) {
      for (const member of members.filter((one) => isAnyone(one) || isPool(one)))
        yield { resource, message: `${show(role)} is for ${show(member)}; right is an identity by name` };
    }
}

function* judgeProvider({ props }: Resource): Iterable<string> {
  if (missing(at(props, "attributeCondition")))
    yield "attributeCondition is nothing: everybody of an identity provider may come; right is a condition on the subject";
}

/** A client certificate is an administrator that carries nobody's name. */
function* judgeCluster({ props }: Resource): Iterable<string> {
  if (at(props, "masterAuth", "clientCertificateConfig", "issueClientCertificate") === true)
    yield "masterAuth issues a client certificate; right is none: callers are named by IAM";
}

/** Whom roles and resources admit. */
export const principals: Rule = {
  each: {
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": judgeProvider,
    "gcp:container/cluster:Cluster": judgeCluster,
  },
  together: judgeGrants,
};
