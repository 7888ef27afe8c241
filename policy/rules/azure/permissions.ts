import type { Resource, Rule } from "../../policy.js";
import { at, differs, list, show, unknown } from "../../values.js";

/** Roles that may do anything, or give themselves any role. Source: "Azure built-in roles". */
const administrators: Record<string, string> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
};

/** A tenant, a management group, a subscription or a resource group: whatever is in it now or later. */
const broad =
  /^(\/|\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?|\/providers\/microsoft\.management\/managementgroups\/[^/]+)\/?$/i;

function* judgeAssignment({ props }: Resource): Iterable<string> {
  const role = at(props, "roleDefinitionId");
  const administrator = administrators[String(role).split("/").at(-1)?.toLowerCase() ?? ""];
  if (administrator) yield `${administrator} is assigned; right is a role that names what is done`;
  const scope = at(props, "scope");
  if (typeof scope === "string" && broad.test(scope))
    yield `a role counts for all of ${show(scope)}; right is the one resource that is used`;
}

function* judgeDefinition({ props }: Resource): Iterable<string> {
  for (const permission of list(at(props, "permissions")))
    for (const key of ["actions", "dataActions"])
      for (const action of list(at(permission, key)))
        if (action !== unknown && String(action).includes("*"))
          yield `a role allows ${String(action)}; right is the actions that are used`;
}

/** Access policies count for every secret of a vault, and whoever may write the vault may write them. */
function* judgeVault({ props }: Resource): Iterable<string> {
  const properties = at(props, "properties");
  if (properties !== unknown && differs(at(properties, "enableRbacAuthorization"), true))
    yield "properties.enableRbacAuthorization is off; right is true, with roles on what is used";
}

/** What identities may do: roles on single resources. */
export const permissions: Rule = {
  each: {
    "azure-native:authorization:RoleAssignment": judgeAssignment,
    "azure-native:authorization:RoleDefinition": judgeDefinition,
    "azure-native:keyvault:Vault": judgeVault,
  },
};
