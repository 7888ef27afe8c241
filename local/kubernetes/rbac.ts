import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props } from "../behaviour.js";
import { objects, text, texts } from "../rules.js";
import { describe, sibling } from "./objects.js";
import type { Named } from "./objects.js";

const source = 'Kubernetes API reference, rbac.authorization.k8s.io/v1; docs, "Using RBAC Authorization"';
const roleType = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const clusterRoleType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
/** Roles that every cluster has from the start, besides those that begin with `system:`. */
const builtIn = ["admin", "cluster-admin", "edit", "view"];

function refuseRules(inputs: Props, namespaced: boolean, { refuse }: Named): void {
  objects(inputs, "rules").forEach((rule, i) => {
    const where = `rules[${i}]`;
    const paths = texts(rule, "nonResourceURLs");
    if (texts(rule, "verbs").length === 0)
      refuse(`${where}.verbs`, "Required value: verbs must contain at least one value");
    if (paths.length > 0) {
      if (namespaced)
        refuse(
          `${where}.nonResourceURLs`,
          "Invalid value: namespaced rules cannot apply to non-resource URLs",
        );
      return;
    }
    // The core group is the empty string, which `texts` keeps.
    if (!Array.isArray(rule.apiGroups) || rule.apiGroups.length === 0)
      refuse(`${where}.apiGroups`, "Required value: resource rules must supply at least one api group");
    if (texts(rule, "resources").length === 0)
      refuse(`${where}.resources`, "Required value: resource rules must supply at least one resource");
  });
}

function refuseBinding(
  inputs: Props,
  context: Context,
  namespaced: boolean,
  { namespace, refuse }: Named,
): void {
  const [kind = "", name = "", group = ""] = ["kind", "name", "apiGroup"].map((each) =>
    text(inputs, `roleRef.${each}`),
  );
  if (group !== "rbac.authorization.k8s.io")
    refuse(
      "roleRef.apiGroup",
      `Unsupported value: "${group}": supported values: "rbac.authorization.k8s.io"`,
    );
  if (kind !== "ClusterRole" && !(namespaced && kind === "Role"))
    refuse(
      "roleRef.kind",
      `Unsupported value: "${kind}": supported values: ${namespaced ? `"ClusterRole", "Role"` : `"ClusterRole"`}`,
    );
  const exists =
    kind === "Role"
      ? sibling(context, roleType, namespace, name) !== undefined
      : builtIn.includes(name) ||
        name.startsWith("system:") ||
        context.world.list(clusterRoleType, context.region).some((each) => each.id === name);
  if (!exists)
    throw new CloudError(
      "NotFound",
      `${kind === "Role" ? "roles" : "clusterroles"}.rbac.authorization.k8s.io "${name}" not found`,
    );
  objects(inputs, "subjects").forEach((subject, i) => {
    const subjectKind = text(subject, "kind") ?? "";
    if (!["User", "Group", "ServiceAccount"].includes(subjectKind))
      refuse(
        `subjects[${i}].kind`,
        `Unsupported value: "${subjectKind}": supported values: "ServiceAccount", "User", "Group"`,
      );
    if (subjectKind === "ServiceAccount" && text(subject, "namespace") === undefined)
      refuse(`subjects[${i}].namespace`, "Required value");
  });
}

const roleOf = (kind: string, plural: string, namespaced: boolean): Behaviour =>
  describe({
    kind: `${kind}.rbac.authorization.k8s.io`,
    plural: `${plural}.rbac.authorization.k8s.io`,
    source,
    namespaced,
    name: "path",
    admit: (inputs, _, place) => refuseRules(inputs, namespaced, place),
  });

const bindingOf = (kind: string, plural: string, namespaced: boolean): Behaviour =>
  describe({
    kind: `${kind}.rbac.authorization.k8s.io`,
    plural: `${plural}.rbac.authorization.k8s.io`,
    source,
    namespaced,
    name: "path",
    required: ["roleRef"],
    replaces: ["roleRef"],
    admit: (inputs, context, place) => refuseBinding(inputs, context, namespaced, place),
  });

export const rbac = {
  [roleType]: roleOf("Role", "roles", true),
  [clusterRoleType]: roleOf("ClusterRole", "clusterroles", false),
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": bindingOf("RoleBinding", "rolebindings", true),
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": bindingOf(
    "ClusterRoleBinding",
    "clusterrolebindings",
    false,
  ),
};
