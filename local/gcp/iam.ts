import type { Behaviour, Context, Props, Provider, Reference } from "../behaviour.js";
import {
  at,
  gcpResource,
  matches,
  objects,
  oneOf,
  project,
  refuseUnless,
  requireApi,
  text,
  texts,
} from "./common.js";
import { isPermission, isPredefined, primitiveRoles } from "./iamRoles.js";
import type { Level } from "./iamRoles.js";
import { refuseMember } from "./members.js";

export const projectMember = "gcp:projects/iAMMember:IAMMember";
export const customRole = "gcp:projects/iAMCustomRole:IAMCustomRole";
const heldRole = "held:gcp/iam/role";

interface Binding {
  source: string;
  /** What the role is granted on. */
  level: Level;
  /** The input that names it, and what it must be; absent: the project. */
  on?: { input: string; reference: Reference };
  api: string;
  /** The resource that holds the policy, as its id. */
  target: (inputs: Props, context: Context) => string;
}

/**
 * One member of one role in a resource's IAM policy. Granting what is granted already is no error, and a
 * resource goes with its policy. Source: IAM, "Policy"; provider docs of the `IAMMember` resources.
 */
export function member(spec: Binding): Behaviour {
  const { level, on, api, target } = spec;
  const own = on ? [on.input] : ["project"];
  return {
    source: spec.source,
    global: true,
    required: [...own, "role", "member"],
    replaces: [...own, "role", "member", "condition", "project"],
    check: (inputs) => [
      ...matches(
        inputs,
        "role",
        /^(roles|(projects|organizations)\/[^/]+\/roles)\/[A-Za-z0-9_.]+$/,
        "a role",
      ),
      ...matches(inputs, "member", /^(?!deleted:)\S+$/, "an IAM member that is not deleted"),
      ...objects(inputs, "condition").flatMap((condition) =>
        ["title", "expression"].flatMap((property) =>
          (condition[property] ?? "") === ""
            ? [{ property: `condition.${property}`, reason: "must not be empty" }]
            : [],
        ),
      ),
    ],
    ...(on && { references: { [on.input]: { ...on.reference, weak: true } } }),
    adopts: true,
    admit: (inputs, context) => {
      requireApi(api, inputs, context);
      const role = text(inputs, "role");
      if (role !== undefined) refuseRole(role, level, context);
      const who = text(inputs, "member");
      if (who !== undefined) refuseMember(who, context);
      const [condition] = at(inputs, "condition");
      if (condition === undefined) return;
      refuseUnless(
        role === undefined || !primitiveRoles.includes(role),
        "badRequest",
        "googleapi: Error 400: Conditions can't be set on primitive roles, badRequest",
      );
      refuseExpression(text(condition, "expression"));
    },
    id: (inputs, context) =>
      [target(inputs, context), text(inputs, "role"), text(inputs, "member"), text(inputs, "condition.title")]
        .filter(Boolean)
        .join("/"),
    outputs: (_, context) => ({ etag: context.hex(11, "etag") }),
  };
}

function refuseRole(role: string, level: Level, context: Context): void {
  if (role.startsWith("roles/"))
    refuseUnless(
      isPredefined(role, level),
      "badRequest",
      `googleapi: Error 400: Role ${role} is not supported for this resource., badRequest`,
    );
  else
    refuseUnless(
      context.world.find(customRole, role) !== undefined,
      "badRequest",
      `googleapi: Error 400: The role name must be in the form "roles/{role}", "organizations/{organization_id}/roles/{role}", or "projects/{project_id}/roles/{role}", and exist: ${role}., badRequest`,
    );
}

/** A rough reading of the Common Expression Language: balanced, and about what conditions know. */
function refuseExpression(expression: string | undefined): void {
  if (expression === undefined) return;
  const bare = expression.replace(/"[^"]*"/g, "");
  const open = [...bare].reduce((depth, each) => depth + (each === "(" ? 1 : each === ")" ? -1 : 0), 0);
  refuseUnless(
    open === 0 && !bare.includes('"') && /\b(resource\.(name|type|service)|request\.time|api\.)/.test(bare),
    "badRequest",
    `googleapi: Error 400: Expression validation failed. Parse expression "${expression}" error, badRequest`,
  );
}

const role: Behaviour = gcpResource({
  source: "iam.v1 discovery, projects.roles.create; provider docs of gcp.projects.IAMCustomRole",
  path: "projects/{project}/roles/{roleId}",
  api: "iam.googleapis.com",
  required: ["title", "permissions"],
  check: (inputs) => [
    ...matches(inputs, "roleId", /^[a-zA-Z0-9_.]{3,64}$/, "3 to 64 letters, digits, underscores and periods"),
    ...matches(inputs, "title", /^.{1,100}$/, "at most 100 characters"),
    ...oneOf(inputs, "stage", ["ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"]),
  ],
  admit: (inputs, context) => {
    for (const permission of texts(inputs, "permissions"))
      refuseUnless(
        isPermission(permission),
        "badRequest",
        `googleapi: Error 400: Permission ${permission} is not valid., badRequest`,
      );
    if (context.current) return;
    // Within seven days the provider takes the deletion back; afterwards the id is held for 37 days more.
    const roleId = text(inputs, "roleId") ?? "";
    const gone = context.world.find(heldRole, `projects/${project(inputs, context)}/roles/${roleId}`);
    const age = gone ? (Date.parse(context.now()) - Number(gone.state["deleted"])) / 86_400_000 : 0;
    refuseUnless(
      age < 7 || age > 44,
      "failedPrecondition",
      `googleapi: Error 400: You can't create a role with role_id (${roleId}) where there is an existing role with that role_id in a deleted state., failedPrecondition`,
    );
  },
  outputs: (inputs, context) => {
    const name = `projects/${project(inputs, context)}/roles/${text(inputs, "roleId") ?? ""}`;
    return { name, deleted: false, stage: text(inputs, "stage") ?? "GA" };
  },
  afterDelete: ({ id, region }, context) =>
    context.world.add({
      type: heldRole,
      id,
      region,
      inputs: {},
      state: { deleted: Date.parse(context.now()) },
    }),
});

export const iam: Provider = {
  types: {
    [customRole]: role,
    [projectMember]: member({
      source:
        "cloudresourcemanager.v1 discovery, projects.setIamPolicy; provider docs of gcp.projects.IAMMember",
      level: "project",
      api: "cloudresourcemanager.googleapis.com",
      target: (inputs, context) => project(inputs, context),
    }),
  },
  invokes: {},
};
