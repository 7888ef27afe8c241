import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, list, missing, show } from "../../values.js";

const roleTypes = [
  "kubernetes:rbac.authorization.k8s.io/v1:Role",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
];
const bindingTypes = roleTypes.map((type) => `${type}Binding`);

/** Verbs by which a subject gives itself more. Source: "Privilege escalation prevention", Kubernetes RBAC. */
const escalating = ["bind", "escalate", "impersonate"];

function* judgeRole({ type, props }: Resource): Iterable<string> {
  for (const rule of list(at(props, "rules"))) {
    for (const key of ["apiGroups", "resources", "verbs", "nonResourceURLs"])
      if (list(at(rule, key)).includes("*")) yield `a rule has ${key} *; right is to name them`;
    const verbs = list(at(rule, "verbs"));
    for (const verb of escalating) if (verbs.includes(verb)) yield `a rule grants ${verb}; right is not to`;
    if (!list(at(rule, "resources")).includes("secrets")) continue;
    // Whoever may list or watch gets every Secret whole, whatever names the rule has.
    const all = ["list", "watch"].filter((verb) => verbs.includes(verb));
    const unnamed = type.endsWith(":ClusterRole") || missing(at(rule, "resourceNames"));
    if (verbs.includes("get") && unnamed) all.push("get");
    if (all.length > 0)
      yield `a rule grants ${all.join(", ")} on every Secret; right is get, in a Role, by resourceNames`;
  }
}

function* judgeBinding({ props }: Resource): Iterable<string> {
  const role = at(props, "roleRef", "name");
  if (role === "cluster-admin" || role === "admin")
    yield `${show(role)} is bound; right is a role that names what is used`;
  for (const subject of list(at(props, "subjects"))) {
    const name = at(subject, "name");
    if (
      typeof name === "string" &&
      /^system:(anonymous|authenticated|unauthenticated|serviceaccounts)/.test(name)
    )
      yield `${show(name)} is bound; right is a service account by name`;
  }
}

export const roles: Rule = {
  each: { ...forTypes(roleTypes, judgeRole), ...forTypes(bindingTypes, judgeBinding) },
};
