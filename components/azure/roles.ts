import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";

/** Built-in roles by their name. Source: Microsoft Learn, "Azure built-in roles": the ids are the same in every tenant. */
const builtInRoles = {
  "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  "Cognitive Services OpenAI User": "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
  "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  "Private DNS Zone Contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;

export type RoleName = keyof typeof builtInRoles;

/** What somebody may do where. */
export interface RoleGrant {
  /** Tells the grants of one principal apart. */
  name: string;
  role: RoleName;
  /** ARM id of the one resource that the role counts for. */
  scope: pulumi.Input<string>;
}

/** What a workload of the gateway may do to the secrets that it keeps for itself. */
export type SecretAccess = "read" | "write";

export interface GatewayRolesArgs {
  /** The vault that holds the gateway's own secrets and nothing else. */
  vaultId: pulumi.Input<string>;
  access: SecretAccess;
  /** Azure OpenAI accounts of the customer's, which exist already, in the deployment's subscription or another one. */
  openAiAccountIds: string[];
  /** A key that the workload encrypts with by itself. Default: none; a vault encrypts its secrets without one. */
  keyId?: pulumi.Input<string>;
}

/** The grants of a workload that reads, or also writes, the gateway's secrets and calls models. */
export function gatewayRoles({ vaultId, access, openAiAccountIds, keyId }: GatewayRolesArgs): RoleGrant[] {
  return [
    {
      name: "secrets",
      role: access === "write" ? "Key Vault Secrets Officer" : "Key Vault Secrets User",
      scope: vaultId,
    },
    ...openAiAccountIds.map((scope): RoleGrant => {
      const account = scope.split("/").at(-1) ?? scope;
      return { name: `models-${account}`, role: "Cognitive Services OpenAI User", scope };
    }),
    ...(keyId === undefined
      ? []
      : [{ name: "key", role: "Key Vault Crypto User", scope: keyId } satisfies RoleGrant]),
  ];
}

/**
 * The ARM id of a built-in role, as Azure reports it for an assignment at this scope.
 *
 * @throws when the scope lies in no subscription
 */
export function roleDefinitionId(role: RoleName, scope: string): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0];
  if (subscription === undefined) throw new Error(`"${scope}" is no ARM id: it begins with no subscription`);
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles[role]}`;
}

/**
 * The GUID that names an assignment. It has to be unique in the tenant, and Azure lets no assignment change its
 * principal, role or scope: so it follows from these, and another assignment has another name.
 */
export function assignmentName(role: RoleName, scope: string, principalId: string): string {
  const parts = [builtInRoles[role], scope.toLowerCase(), principalId.toLowerCase()];
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  // A version-8 UUID: made of a hash by a rule of one's own (RFC 9562).
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/**
 * Gives a principal a role. Azure looks for the principal in Entra ID unless its type is said, and a fresh identity
 * is not there at once; undefined leaves Azure to find out, for one that has long existed.
 */
export function assignRole(
  name: string,
  { role, scope }: Pick<RoleGrant, "role" | "scope">,
  principal: { id: pulumi.Input<string>; type: "ServicePrincipal" | undefined },
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  const known = pulumi.all([scope, principal.id]);
  return new authorization.RoleAssignment(
    name,
    {
      roleAssignmentName: known.apply(([at, id]) => assignmentName(role, at, id)),
      roleDefinitionId: known.apply(([at]) => roleDefinitionId(role, at)),
      scope,
      principalId: principal.id,
      // The SDK takes an absent type for "User", which a pipeline's identity is not: only an output can say nothing.
      principalType: pulumi.output(principal.type),
    },
    opts,
  );
}
