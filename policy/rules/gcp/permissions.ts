import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, missing, unknown } from "../../values.js";
import { grants } from "./iam.js";
import type { Grant } from "./iam.js";

/** Roles that hold nearly everything. Source: "Basic roles", IAM documentation. */
const basic = ["owner", "editor", "viewer", "admin", "writer", "reader"].map((role) => `roles/${role}`);

/** Roles on secrets, keys, buckets and accounts: given on a project, they are for all that it has. */
const ofOne = /^roles\/(secretmanager|cloudkms|storage)\.|^roles\/iam\.(serviceAccount|workloadIdentityUser)/;

/** Whether a grant is to a machine; people may administer a service. */
function isForWorkload({ members }: Grant): boolean {
  return members.some((one) => typeof one === "string" && !/^(group|user):/.test(one));
}

function* judgeGrant(grant: Grant): Iterable<string> {
  const { role, condition } = grant;
  if (typeof role !== "string") return;
  if (basic.includes(role)) yield `${role} is granted; right is a role that names what is done`;
  else if (isForWorkload(grant) && (/\.admin$/.test(role) || (grant.broad && /Admin$/.test(role))))
    yield `${role} is granted to a workload; right is a role that names what is done`;
  if (grant.broad && ofOne.test(role) && missing(condition))
    yield `${role} is granted on all of a project; right is on the resource, or a condition on its name`;
}

function* judgeGrants(resources: Resource[]): Iterable<Finding> {
  for (const resource of resources)
    for (const grant of grants(resource))
      for (const message of judgeGrant(grant)) yield { resource, message };
}

/** Permissions by which an identity gives itself more. Source: "Role recommendations: privilege escalation", IAM. */
const escalating =
  /\.setIamPolicy$|^iam\.roles\.(create|update)$|^iam\.serviceAccountKeys\.create$|^iam\.serviceAccounts\.(actAs|getAccessToken|getOpenIdToken|implicitDelegation|signBlob|signJwt)$/;

function* judgeCustomRole({ props }: Resource): Iterable<string> {
  for (const permission of list(at(props, "permissions")))
    if (typeof permission === "string" && escalating.test(permission))
      yield `a role grants ${permission}; right is not to`;
}

/** Compute Engine's default account may be an editor of the whole project. */
function* judgeNodes(config: unknown): Iterable<string> {
  const account = at(config, "serviceAccount");
  if (config === unknown) return;
  if (missing(account) || account === "default" || /-compute@developer/.test(String(account)))
    yield "nodes act as the project's default service account; right is one of their own";
}

function* judgeCluster({ props }: Resource): Iterable<string> {
  if (differs(at(props, "enableLegacyAbac"), false, undefined, null))
    yield "enableLegacyAbac is on: every service account may do everything; right is off";
  // The first pool is made and removed again.
  if (differs(at(props, "removeDefaultNodePool"), true)) yield* judgeNodes(at(props, "nodeConfig"));
}

/** What identities may do: permissions and resources by name. */
export const permissions: Rule = {
  each: {
    "gcp:container/cluster:Cluster": judgeCluster,
    "gcp:container/nodePool:NodePool": ({ props }) => judgeNodes(at(props, "nodeConfig")),
    ...forTypes(
      ["gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:organizations/iAMCustomRole:IAMCustomRole"],
      judgeCustomRole,
    ),
  },
  together: judgeGrants,
};
