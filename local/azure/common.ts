import type { Behaviour, Context, Props, Reference } from "../behaviour.js";
import type { Place } from "../rules.js";
import { isKnown, refuseUnless, text } from "../rules.js";

export * from "../rules.js";

/** Token of a resource group. */
export const resourceGroup = "azure-native:resources:ResourceGroup";

/** The subscription that the provider is configured for; else the account's own. */
export function subscription({ scope, world }: Pick<Context, "scope" | "world">): string {
  return scope || `00000000-0000-4000-8000-${world.account}`;
}

/** The Entra tenant that the account's subscriptions trust. */
export function tenant({ world }: Pick<Context, "world">): string {
  return `11111111-0000-4000-8000-${world.account}`;
}

export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Azure compares locations without spaces and case: `East US` is `eastus`. */
export function plainLocation(location: string): string {
  return location.replace(/\s/g, "").toLowerCase();
}

interface Arm extends Omit<Behaviour, "id" | "global"> {
  /** `Microsoft.Network/virtualNetworks/subnets`. */
  type: string;
  /** The inputs that name each segment, outermost first: `["virtualNetworkName", "subnetName"]`. */
  names: string[];
  /** Token of the resource that it lies in; default: its resource group. */
  parent?: string;
  /** True: the input `location` is required and stays for ever. Default true for what has no parent. */
  located?: boolean;
}

/** The ARM id of a resource in a resource group. */
export function armId(
  context: Pick<Context, "scope" | "world">,
  group: string,
  type: string,
  names: readonly string[],
): string {
  const [namespace, ...segments] = type.split("/");
  const path = segments.map((segment, i) => `/${segment}/${names[i] ?? ""}`).join("");
  return `/subscriptions/${subscription(context)}/resourceGroups/${group}/providers/${namespace}${path}`;
}

/** The id of what a sub-resource's id lies in: of a subnet its network. */
export const parentOf = (id: string): string => id.split("/").slice(0, -2).join("/");

/**
 * A resource of Azure Resource Manager: its id follows from its names, its group and its parent have to exist,
 * and neither its names nor its location can change. Source: Azure Resource Manager, "Resource naming" and
 * "Common deployment errors".
 */
export function arm(spec: Arm): Behaviour {
  const { type, names, parent, located = parent === undefined, ...more } = spec;
  const idOf = (inputs: Props, context: Context) =>
    armId(
      context,
      text(inputs, "resourceGroupName") ?? "",
      type,
      names.map((name) => text(inputs, name) ?? ""),
    );
  return {
    ...more,
    global: true,
    required: ["resourceGroupName", ...names, ...(located ? ["location"] : []), ...(more.required ?? [])],
    // Two of one id cannot be at once (pulumi-azure-native deletes first where the names stay).
    deletesFirst: (olds, news) =>
      ["resourceGroupName", ...names].every((name) => text(olds, name) === text(news, name)),
    replaces: ["resourceGroupName", ...names, ...(located ? ["location"] : []), ...(more.replaces ?? [])],
    references: {
      resourceGroupName: {
        types: [resourceGroup],
        by: "name",
        code: "ResourceGroupNotFound",
        message: (group) => `Resource group '${group}' could not be found.`,
      },
      ...more.references,
    },
    admit: (inputs, context) => {
      if (parent !== undefined)
        refuseUnless(
          context.world.find(parent, parentOf(idOf(inputs, context))) !== undefined,
          "ParentResourceNotFound",
          `Failed to perform 'write' on resource(s) of type '${type.split("/").slice(1).join("/")}', because the parent resource '${parentOf(idOf(inputs, context))}' could not be found.`,
        );
      more.admit?.(inputs, context);
    },
    id: idOf,
    outputs: (inputs, context) => ({
      name: text(inputs, names.at(-1) ?? ""),
      type,
      ...(located && { location: plainLocation(text(inputs, "location") ?? "") }),
      provisioningState: "Succeeded",
      ...more.outputs?.(inputs, context),
    }),
  };
}

/** An input that holds the ARM id of another resource. `weak`: the target may be deleted all the same. */
export function toArm(types: string[], more: Partial<Reference> = {}): Reference {
  return {
    types,
    code: "InvalidResourceReference",
    message: (id) =>
      `Resource ${id} referenced by the resource was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    ...more,
  };
}

/** Azure's refusal of a name; `rule` says what would be right. */
export function refuseName(inputs: Props, property: string, pattern: RegExp, rule: string) {
  const value = inputs[property];
  return isKnown(value) && !pattern.test(String(value))
    ? [{ property, reason: `Resource name ${String(value)} is invalid. ${rule}` }]
    : [];
}

/** The state of the resource with this ARM id, of any of these types. */
export function stateOf({ world }: Pick<Place, "world">, types: readonly string[], id: string | undefined) {
  if (id === undefined) return undefined;
  for (const type of types) {
    const found = world.find(type, id);
    if (found) return found.state;
  }
  return undefined;
}
