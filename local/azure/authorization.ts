import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { guid, matches, oneOf, refuseUnless, resourceGroup, tenant, text } from "./common.js";
import { identityType } from "./managedIdentity.js";
import { net } from "./networkTypes.js";
import { assignmentType, roleNamed } from "./roles.js";

/** Where a role can be given: what may lie in the world, and beyond it subscriptions and what is the customer's. */
const scopes = [
  resourceGroup,
  "azure-native:keyvault:Vault",
  "azure-native:keyvault:Key",
  "azure-native:keyvault:Secret",
  "azure-native:compute:DiskEncryptionSet",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:dns:Zone",
  identityType,
  ...Object.values(net),
];
const elsewhere =
  /^\/(subscriptions\/[^/]+|subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.CognitiveServices\/accounts\/[^/]+|providers\/Microsoft\.Management\/managementGroups\/[^/]+)$/;

/** The one who calls, as `getClientConfig` tells. */
export const caller = ({ world }: Pick<Context, "world">) => `33333333-0000-4000-8000-${world.account}`;

const same = (one: Props, other: Props): boolean =>
  ["scope", "principalId", "roleDefinitionId"].every(
    (each) => String(one[each]).toLowerCase() === String(other[each]).toLowerCase(),
  );

function refusePrincipal(inputs: Props, context: Context): void {
  const id = text(inputs, "principalId") ?? "";
  const type = text(inputs, "principalType");
  const ours = context.world.list(identityType).some(({ state }) => state.principalId === id);
  // Entra ID knows a new identity some minutes later only: Azure looks for it unless it is told the type.
  refuseUnless(
    !ours || type !== undefined,
    "PrincipalNotFound",
    `Principal ${id.replaceAll("-", "")} does not exist in the directory ${tenant(context)}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
  );
  refuseUnless(
    type !== "ServicePrincipal" || ours || id === caller(context),
    "PrincipalNotFound",
    `Principal ${id.replaceAll("-", "")} does not exist in the directory ${tenant(context)}.`,
  );
  refuseUnless(
    !ours || type === "ServicePrincipal",
    "UnmatchedPrincipalType",
    `The PrincipalId '${id}' has type 'ServicePrincipal', which is different from specified PrincipalType '${type ?? ""}'.`,
  );
}

const roleAssignment: Behaviour = {
  source:
    'Microsoft.Authorization/roleAssignments; "Azure role assignments"; "Troubleshoot Azure RBAC"; pulumi-azure-native, replacement.go',
  global: true,
  required: ["roleAssignmentName", "scope", "principalId", "roleDefinitionId"],
  replaces: ["roleAssignmentName", "scope", "principalId"],
  check: (inputs) => [
    ...matches(inputs, "principalId", guid, "a GUID"),
    ...oneOf(inputs, "principalType", ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]),
  ],
  references: {
    scope: {
      types: scopes,
      code: "ResourceNotFound",
      message: (id) => `The resource '${id}' was not found.`,
      except: elsewhere,
      // Azure deletes what roles are given on, and leaves the assignments behind.
      weak: true,
    },
  },
  unique: (inputs) => text(inputs, "roleAssignmentName")?.toLowerCase(),
  taken: () =>
    new CloudError(
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    ),
  admit: (inputs, context) => {
    const { world, current } = context;
    const name = text(inputs, "roleAssignmentName") ?? "";
    refuseUnless(
      guid.test(name),
      "InvalidRoleAssignmentId",
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
    const definition = text(inputs, "roleDefinitionId") ?? "";
    refuseUnless(
      /\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(definition) &&
        roleNamed(definition) !== undefined,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${definition.split("/").at(-1)?.replaceAll("-", "") ?? ""}' does not exist.`,
    );
    refuseUnless(
      current === undefined || same(current.inputs, inputs),
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
    refusePrincipal(inputs, context);
    const twin = world
      .list(assignmentType)
      .find((each) => each.id !== current?.id && same(each.inputs, inputs));
    if (twin)
      throw new CloudError(
        "RoleAssignmentExists",
        `The role assignment already exists. The ID of the existing role assignment is ${String(twin.inputs.roleAssignmentName).replaceAll("-", "")}.`,
      );
  },
  id: (inputs) =>
    `${String(inputs.scope)}/providers/Microsoft.Authorization/roleAssignments/${String(inputs.roleAssignmentName)}`,
  outputs: (inputs, context) => ({
    name: inputs.roleAssignmentName,
    type: "Microsoft.Authorization/roleAssignments",
    principalType: inputs.principalType ?? "ServicePrincipal",
    createdOn: context.current?.state.createdOn ?? context.now(),
    updatedOn: context.now(),
    createdBy: caller(context),
    updatedBy: caller(context),
  }),
  volatile: ["updatedOn"],
};

export const authorization: Provider = { types: { [assignmentType]: roleAssignment }, invokes: {} };
