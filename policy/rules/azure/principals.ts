import type { Resource, Rule } from "../../policy.js";
import { at, differs, lacks, missing, show, unknown } from "../../values.js";

/** Who takes the identity: one service account, by the token that its cluster gives it for Azure. */
function* judgeCredential({ props }: Resource): Iterable<string> {
  const subject = at(props, "subject");
  if (missing(subject) || (typeof subject === "string" && subject.includes("*")))
    yield `subject is ${show(subject)}; right is one service account by namespace and name`;
  const issuer = at(props, "issuer");
  if (missing(issuer) || (typeof issuer === "string" && !issuer.startsWith("https://")))
    yield `issuer is ${show(issuer)}; right is the cluster's own`;
  if (lacks(at(props, "audiences"), "api://AzureADTokenExchange"))
    yield "audiences lacks api://AzureADTokenExchange: tokens for others would do; right is this one";
}

/** A local account is a certificate of an administrator that carries nobody's name. */
function* judgeCluster({ props }: Resource): Iterable<string> {
  if (differs(at(props, "disableLocalAccounts"), true))
    yield "disableLocalAccounts is off; right is true: callers are named by Entra ID";
  const entra = at(props, "aadProfile");
  if (entra !== unknown && differs(at(entra, "managed"), true))
    yield "aadProfile.managed is off; right is true: callers are named by Entra ID";
}

function* judgeRegistry({ props }: Resource): Iterable<string> {
  for (const key of ["adminUserEnabled", "anonymousPullEnabled"])
    if (at(props, key) === true) yield `${key} is on; right is an identity with a role on the registry`;
}

/** Whom identities and resources admit. */
export const principals: Rule = {
  each: {
    "azure-native:managedidentity:FederatedIdentityCredential": judgeCredential,
    "azure-native:containerservice:ManagedCluster": judgeCluster,
    "azure-native:containerregistry:Registry": judgeRegistry,
  },
};
