import type { Context } from "../behaviour.js";
import { nameOf } from "./common.js";

/** Built-in roles by their GUID. Source: Microsoft Learn, "Azure built-in roles". */
const builtInRoles: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
  "befefa01-2a29-4197-83a8-272ff33ce314": "DNS Zone Contributor",
  "b12aa53e-6015-4669-85d0-8515ebb3ae7f": "Private DNS Zone Contributor",
  "f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
  "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": "Azure Kubernetes Service RBAC Cluster Admin",
  "3498e952-d568-435e-9b2c-8d77e338d7f7": "Azure Kubernetes Service RBAC Admin",
  "7f6c6a51-bcf8-42ba-9220-52d62157d7db": "Azure Kubernetes Service RBAC Reader",
  "4abbcc35-e782-43d8-92c5-2d3f1bd2253f": "Azure Kubernetes Service Cluster User Role",
  "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": "Key Vault Crypto Officer",
  "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
  "e147488a-f6f5-4113-8e2d-b22465e65bf6": "Key Vault Crypto Service Encryption User",
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
  "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
  "21090545-7ca7-4776-b22c-e363652d74d2": "Key Vault Reader",
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": "Cognitive Services OpenAI User",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
};

export const assignmentType = "azure-native:authorization:RoleAssignment";

/** The name of the role behind a definition's ARM id; undefined for one that does not exist. */
export const roleNamed = (definitionId: string): string | undefined =>
  builtInRoles[nameOf(definitionId).toLowerCase()];

/** Whether a principal has one of these roles at a scope or at one that encloses it. */
export function holdsRole(
  { world }: Pick<Context, "world">,
  principalId: string | undefined,
  scope: string,
  roles: readonly string[],
): boolean {
  const within = (outer: string) => `${scope}/`.toLowerCase().startsWith(`${outer}/`.toLowerCase());
  return world
    .list(assignmentType)
    .some(
      ({ inputs }) =>
        inputs.principalId === principalId &&
        within(String(inputs.scope)) &&
        roles.includes(roleNamed(String(inputs.roleDefinitionId)) ?? ""),
    );
}
