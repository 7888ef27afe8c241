import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import { arm, inRange, matches, oneOf, uuid } from "./common.js";
import { net, once } from "./networkTypes.js";

const access = ["Enabled", "Disabled", "SecuredByPerimeter"];

const workspace: Behaviour = arm({
  source:
    "Microsoft.OperationalInsights/workspaces (names of 4 to 63; retention 30 to 730 days where it is paid for)",
  type: "Microsoft.OperationalInsights/workspaces",
  names: ["workspaceName"],
  check: (inputs) => [
    ...matches(
      inputs,
      "workspaceName",
      /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
      "4 to 63 letters, digits and hyphens, no hyphen at an end",
    ),
    ...oneOf(inputs, "sku.name", ["PerGB2018", "CapacityReservation", "LACluster", "Free", "Standalone"]),
    ...(["Free", "Standalone"].includes(String((inputs.sku as { name?: string } | undefined)?.name))
      ? []
      : inRange(inputs, "retentionInDays", 30, 730)),
    ...oneOf(inputs, "publicNetworkAccessForIngestion", access),
    ...oneOf(inputs, "publicNetworkAccessForQuery", access),
  ],
  outputs: (inputs, context) => ({
    customerId: once(context.current, "customerId", () => uuid(context)),
    retentionInDays: inputs.retentionInDays ?? 30,
    publicNetworkAccessForIngestion: inputs.publicNetworkAccessForIngestion ?? "Enabled",
    publicNetworkAccessForQuery: inputs.publicNetworkAccessForQuery ?? "Enabled",
  }),
  inUse: ({ id }, by) => new CloudError("Conflict", `Workspace ${id} is used by ${by.id}.`),
});

export const operationalInsights: Provider = { types: { [net.workspace]: workspace }, invokes: {} };
