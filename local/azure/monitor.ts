import { CloudError } from "../behaviour.js";
import type { Behaviour, Props, Provider } from "../behaviour.js";
import { at, isTrue, matches, objects, refuseUnless, text, toArm } from "./common.js";
import type { Failure } from "./common.js";
import { net, toWorkspace } from "./networkTypes.js";

const destinations = [
  "workspaceId",
  "storageAccountId",
  "eventHubAuthorizationRuleId",
  "marketplacePartnerId",
];

/** A category, or a group of them, of each kind of data. */
function dataFailures(inputs: Props): Failure[] {
  return ["logs", "metrics"].flatMap((kind) =>
    objects(inputs, kind).flatMap((each): Failure[] => {
      const given = ["category", "categoryGroup"].filter((property) => each[property] !== undefined);
      return given.length === 1
        ? []
        : [{ property: kind, reason: `each of ${kind} has exactly one of category and categoryGroup` }];
    }),
  );
}

/** What the cells are watched by. A kind that is not here has no diagnostics as far as the local cloud knows. */
const observable = [
  ...[net.virtualNetwork, net.securityGroup, net.publicIp, net.firewall, net.applicationGateway],
  ...[net.workspace, net.storageAccount],
  "azure-native:keyvault:Vault",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:dbforpostgresql:Server",
  "azure-native:redisenterprise:RedisEnterprise",
  "azure-native:redisenterprise:Database",
];

const target = ({ inputs }: { inputs: Props }) => text(inputs, "resourceUri")?.toLowerCase();

const diagnosticSetting: Behaviour = {
  source:
    'Microsoft.Insights/diagnosticSettings; "Diagnostic settings in Azure Monitor" (five for a resource, no destination twice)',
  global: true,
  required: ["resourceUri", "name"],
  replaces: ["resourceUri", "name"],
  check: (inputs) => [
    ...matches(inputs, "name", /^[^<>*%&:\\?+/]{1,260}$/, "1 to 260 characters without <>*%&:\\?+/"),
    ...matches(
      inputs,
      "logAnalyticsDestinationType",
      /^(Dedicated|AzureDiagnostics)$/,
      "Dedicated or AzureDiagnostics",
    ),
    ...dataFailures(inputs),
  ],
  references: {
    resourceUri: toArm(observable, {
      // A setting outlives its resource, and Azure has it again when that comes back.
      weak: true,
      code: "ResourceNotFound",
      message: (id) => `The Resource '${id}' was not found.`,
    }),
    workspaceId: toWorkspace,
    storageAccountId: toArm([net.storageAccount]),
  },
  admit: (inputs, context) => {
    const resource = text(inputs, "resourceUri") ?? "";
    const given = destinations.filter((each) => at(inputs, each).length > 0);
    refuseUnless(given.length > 0, "BadRequest", "At least one data sink needs to be specified.");
    const enabled = [...objects(inputs, "logs"), ...objects(inputs, "metrics")].some((each) =>
      isTrue(each, "enabled"),
    );
    refuseUnless(enabled, "BadRequest", "At least one log or metric must be enabled.");
    const others = context.world
      .list(diagnosticType)
      .filter((each) => target(each) === resource.toLowerCase() && each.id !== context.current?.id);
    refuseUnless(
      others.length < 5,
      "Conflict",
      `Resource ${resource} has five diagnostic settings already, which is the limit.`,
    );
    for (const sink of given) {
      const twice = others.find((each) => each.inputs[sink] === inputs[sink]);
      if (twice)
        throw new CloudError(
          "Conflict",
          `Data sink '${text(inputs, sink)}' is already used in diagnostic setting '${text(twice.inputs, "name")}' for category groups of resource '${resource}'. Data sinks can't be reused in different settings on the same category for the same resource.`,
        );
    }
  },
  id: (inputs) =>
    `${text(inputs, "resourceUri")}/providers/Microsoft.Insights/diagnosticSettings/${text(inputs, "name")}`,
  outputs: (inputs) => ({ name: text(inputs, "name"), type: "Microsoft.Insights/diagnosticSettings" }),
};

const diagnosticType = "azure-native:monitor:DiagnosticSetting";

export const monitor: Provider = { types: { [diagnosticType]: diagnosticSetting }, invokes: {} };
