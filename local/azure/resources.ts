import type { Behaviour, Invoke, Provider } from "../behaviour.js";
import { caller } from "./authorization.js";
import { plainLocation, refuseName, resourceGroup, subscription, tenant, text } from "./common.js";

const group: Behaviour = {
  source:
    "Azure Resource Manager, resource groups: names of 1 to 90 characters that do not end with a period",
  global: true,
  required: ["resourceGroupName", "location"],
  replaces: ["resourceGroupName", "location"],
  check: (inputs) =>
    refuseName(
      inputs,
      "resourceGroupName",
      /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
      "1 to 90 letters, digits, underscores, parentheses, hyphens and periods, without a period at the end.",
    ),
  id: (inputs, context) =>
    `/subscriptions/${subscription(context)}/resourceGroups/${text(inputs, "resourceGroupName") ?? ""}`,
  outputs: (inputs) => ({
    name: text(inputs, "resourceGroupName"),
    type: "Microsoft.Resources/resourceGroups",
    location: plainLocation(text(inputs, "location") ?? ""),
    properties: { provisioningState: "Succeeded" },
  }),
};

/** Who calls, and where. */
const getClientConfig: Invoke = (_, context) => ({
  clientId: `22222222-0000-4000-8000-${context.world.account}`,
  objectId: caller(context),
  subscriptionId: subscription(context),
  tenantId: tenant(context),
});

export const resources: Provider = {
  types: { [resourceGroup]: group },
  invokes: { "azure-native:authorization:getClientConfig": getClientConfig },
};
