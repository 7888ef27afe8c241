import type { World, WorldObject } from "../behaviour.js";
import { text } from "./common.js";
import { managedGrants } from "./managedPolicies.js";
import { concerns, covers, parsePolicy } from "./policyDocument.js";
import type { Statement } from "./policyDocument.js";

/** The role of an ARN or a name. */
export function roleOf(world: World, arnOrName: string): WorldObject | undefined {
  return world
    .list("aws:iam/role:Role")
    .find((role) => role.state["arn"] === arnOrName || role.id === arnOrName);
}

/** Whether the role's trust policy lets a service assume it with every one of the actions. */
export function trusts(role: WorldObject, service: string, actions = ["sts:AssumeRole"]): boolean {
  const statements = read(role.state["assumeRolePolicy"], "trust");
  return actions.every((action) =>
    statements.some(
      (each) =>
        each.allows && concerns(each, action) && each.principals["Service"]?.includes(service) === true,
    ),
  );
}

/** ARNs of the managed policies attached to a role. */
export function attachedPolicies(world: World, role: WorldObject): string[] {
  const attached = world
    .list("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter((each) => each.inputs["role"] === role.id)
    .map((each) => text(each.inputs, "policyArn") ?? "");
  return [...attached, ...((role.inputs["managedPolicyArns"] as string[] | undefined) ?? [])];
}

/** Whether some policy of the role allows the action, on whatever resource. */
export function permits(world: World, role: WorldObject, action: string): boolean {
  const attached = attachedPolicies(world, role);
  if (attached.some((arn) => managedGrants(arn).some((pattern) => covers(pattern, action)))) return true;
  const documents = [
    ...world
      .list("aws:iam/policy:Policy")
      .filter((each) => attached.includes(text(each.state, "arn") ?? ""))
      .map((each) => each.state["policy"]),
    ...world
      .list("aws:iam/rolePolicy:RolePolicy")
      .filter((each) => each.inputs["role"] === role.id)
      .map((each) => each.state["policy"]),
  ];
  return documents.some((each) => read(each, "identity").some((s) => s.allows && concerns(s, action)));
}

function read(document: unknown, kind: "identity" | "trust"): Statement[] {
  return document === undefined ? [] : parsePolicy(document, kind, "MalformedPolicyDocument");
}
