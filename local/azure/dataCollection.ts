import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { arm, at, matches, objects, oneOf, refuseUnless, text, texts, toArm } from "./common.js";
import { clusterType } from "./containerServiceTypes.js";
import { once, toWorkspace } from "./networkTypes.js";

const ruleType = "azure-native:monitor:DataCollectionRule";
const associationType = "azure-native:monitor:DataCollectionRuleAssociation";

const insights = "Microsoft-ContainerInsights-Group-Default";

/** Streams that flow have a source, and destinations that they flow to exist. */
function admitFlows(inputs: Props): void {
  const extensions = objects(inputs, "dataSources.extensions");
  for (const each of extensions)
    refuseUnless(
      text(each, "extensionName") !== undefined && text(each, "name") !== undefined,
      "InvalidPayload",
      "Data collection rule is invalid: 'Extension Name' and 'Name' of an extension data source cannot be null or empty.",
    );
  const known = new Set(objects(inputs, "destinations.logAnalytics").map((each) => text(each, "name")));
  const streams = new Set([
    ...extensions.flatMap((each) => texts(each, "streams")),
    ...streamsElsewhere(inputs),
  ]);
  for (const flow of objects(inputs, "dataFlows")) {
    for (const name of texts(flow, "destinations"))
      refuseUnless(
        known.has(name),
        "InvalidPayload",
        `Data collection rule is invalid: 'Destinations' of a data flow names '${name}', which is not defined.`,
      );
    for (const stream of texts(flow, "streams"))
      refuseUnless(
        // Without any source the data comes over the ingestion API.
        streams.has(stream) || streams.size === 0,
        "InvalidPayload",
        `Data collection rule is invalid: stream '${stream}' of a data flow has no data source.`,
      );
  }
}

const streamsElsewhere = (inputs: Props): string[] =>
  ["syslog", "performanceCounters", "prometheusForwarder"].flatMap((each) =>
    objects(inputs, `dataSources.${each}`).flatMap((source) => texts(source, "streams")),
  );

const rule: Behaviour = arm({
  source: "Microsoft.Insights/dataCollectionRules (Azure/bicep-types-az)",
  type: "Microsoft.Insights/dataCollectionRules",
  names: ["dataCollectionRuleName"],
  replaces: ["kind"],
  check: (inputs) => [
    ...matches(
      inputs,
      "dataCollectionRuleName",
      /^[A-Za-z0-9]([\w.()-]{0,62}[\w()-])?$/,
      "1 to 64 letters, digits, hyphens, underscores, periods and parentheses",
    ),
    ...oneOf(inputs, "kind", ["Linux", "Windows"]),
  ],
  references: { "destinations.logAnalytics[].workspaceResourceId": toWorkspace },
  admit: admitFlows,
  outputs: (_, context) => ({
    immutableId: once(context.current, "immutableId", () => `dcr-${context.hex(32, "rule")}`),
  }),
  inUse: ({ id }, by) =>
    new CloudError(
      "RequestConflict",
      `Data collection rule ${id} has the association ${by.id} and cannot be deleted.`,
    ),
});

function refuseAssociation(inputs: Props, { world }: Context): void {
  const target = text(inputs, "dataCollectionRuleId") ?? "";
  const cluster = world.find(clusterType, text(inputs, "resourceUri") ?? "");
  const streams = at(world.find(ruleType, target)?.inputs, "dataSources.extensions[].streams[]");
  if (!cluster || !streams.includes(insights)) return;
  // The agent of the add-on asks for the association of this name alone.
  refuseUnless(
    text(inputs, "associationName") === "ContainerInsightsExtension",
    "BadRequest",
    "Container Insights looks for an association named ContainerInsightsExtension.",
  );
}

const association: Behaviour = {
  source: "Microsoft.Insights/dataCollectionRuleAssociations (Azure/bicep-types-az)",
  global: true,
  required: ["resourceUri", "associationName"],
  replaces: ["resourceUri", "associationName"],
  references: {
    resourceUri: toArm([clusterType], {
      code: "ResourceNotFound",
      message: (id) => `The Resource '${id}' was not found.`,
      // Azure deletes what is extended all the same.
      weak: true,
    }),
    dataCollectionRuleId: toArm([ruleType]),
  },
  admit: refuseAssociation,
  // An extension's id lies under that of what it extends.
  id: (inputs) =>
    `${text(inputs, "resourceUri") ?? ""}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${text(inputs, "associationName") ?? ""}`,
  outputs: (inputs) => ({
    name: inputs.associationName,
    type: "Microsoft.Insights/dataCollectionRuleAssociations",
    provisioningState: "Succeeded",
  }),
};

export const dataCollection: Provider = {
  types: { [ruleType]: rule, [associationType]: association },
  invokes: {},
};
