import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { at, isTrue, matches, objects, oneOf, refuseUnless, text, toArm } from "./common.js";
import { net, toWorkspace } from "./networkTypes.js";

const settingType = "azure-native:monitor:DiagnosticSetting";

interface Signals {
  logs: readonly string[];
  /** True: some of the logs are in the group `audit`, which most services do not have. */
  audit?: true;
  metrics: boolean;
}

const words = (list: string): string[] => list.split(" ");

/** What each resource type tells of itself. Source: Azure Monitor, "Supported logs", "Supported metrics". */
const signals: Readonly<Record<string, Signals>> = {
  "azure-native:dbforpostgresql:Server": {
    logs: words(
      "PostgreSQLLogs PostgreSQLFlexSessions PostgreSQLFlexQueryStoreRuntime PostgreSQLFlexQueryStoreWaitStats PostgreSQLFlexTableStats PostgreSQLFlexDatabaseXacts PostgreSQLFlexPGBouncer",
    ),
    audit: true,
    metrics: true,
  },
  "azure-native:redisenterprise:RedisEnterprise": { logs: [], metrics: true },
  "azure-native:redisenterprise:Database": { logs: ["ConnectionEvents"], audit: true, metrics: false },
  [net.applicationGateway]: {
    logs: words("ApplicationGatewayAccessLog ApplicationGatewayPerformanceLog ApplicationGatewayFirewallLog"),
    metrics: true,
  },
  "azure-native:keyvault:Vault": {
    logs: ["AuditEvent", "AzurePolicyEvaluationDetails"],
    audit: true,
    metrics: true,
  },
  "azure-native:containerservice:ManagedCluster": {
    logs: words(
      "kube-apiserver kube-audit kube-audit-admin kube-controller-manager kube-scheduler cluster-autoscaler cloud-controller-manager guard csi-azuredisk-controller csi-azurefile-controller csi-snapshot-controller fleet-member-agent",
    ),
    audit: true,
    metrics: true,
  },
  [net.firewall]: {
    logs: words(
      "AZFWApplicationRule AZFWApplicationRuleAggregation AZFWDnsQuery AZFWFatFlow AZFWFlowTrace AZFWFqdnResolveFailure AZFWIdpsSignature AZFWNatRule AZFWNatRuleAggregation AZFWNetworkRule AZFWNetworkRuleAggregation AZFWThreatIntel AzureFirewallApplicationRule AzureFirewallDnsProxy AzureFirewallNetworkRule",
    ),
    metrics: true,
  },
  [net.virtualNetwork]: { logs: ["VMProtectionAlerts"], metrics: true },
  [net.securityGroup]: {
    logs: ["NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"],
    metrics: false,
  },
  [net.publicIp]: {
    logs: words("DDoSProtectionNotifications DDoSMitigationFlowLogs DDoSMitigationReports"),
    audit: true,
    metrics: true,
  },
  [net.natGateway]: { logs: [], metrics: true },
  [net.storageAccount]: { logs: [], metrics: true },
  [net.workspace]: { logs: ["Audit", "SummaryLogs"], audit: true, metrics: true },
};
const types = Object.keys(signals);
const sinks = words("workspaceId storageAccountId eventHubAuthorizationRuleId marketplacePartnerId");

const setting: Behaviour = {
  source:
    'Microsoft.Insights/diagnosticSettings (Azure/bicep-types-az); "Diagnostic settings in Azure Monitor"',
  global: true,
  required: ["resourceUri", "name"],
  replaces: ["resourceUri", "name"],
  check: (inputs) => [
    ...matches(inputs, "name", /^[^*<>%&:\\?+/]{1,260}$/, "1 to 260 characters other than *<>%&:\\?+/"),
    ...oneOf(inputs, "logAnalyticsDestinationType", ["Dedicated", "AzureDiagnostics"]),
  ],
  references: {
    resourceUri: toArm(types, {
      code: "ResourceTypeNotSupported",
      message: (id) => `The resource '${id}' does not exist or doesn't support diagnostic settings.`,
      // Azure deletes what has a setting, which outlives it.
      weak: true,
    }),
    workspaceId: toWorkspace,
    storageAccountId: toArm([net.storageAccount]),
  },
  admit: (inputs, context) => {
    refuseUnless(
      sinks.some((each) => at(inputs, each).length > 0),
      "BadRequest",
      "At least one data sink needs to be specified.",
    );
    checkCategories(inputs, context);
    checkOthers(inputs, context);
  },
  id: (inputs) =>
    `${text(inputs, "resourceUri") ?? ""}/providers/Microsoft.Insights/diagnosticSettings/${text(inputs, "name") ?? ""}`,
  outputs: () => ({ type: "Microsoft.Insights/diagnosticSettings" }),
};

function checkCategories(inputs: Props, context: Context): void {
  const uri = text(inputs, "resourceUri") ?? "";
  const type = types.find((each) => context.world.find(each, uri) !== undefined);
  const offered = signals[type ?? ""];
  if (!offered) return;
  const logs = objects(inputs, "logs");
  const metrics = objects(inputs, "metrics");
  refuseUnless(
    [...logs, ...metrics].some((each) => isTrue(each, "enabled")),
    "BadRequest",
    "At least one log or metric category needs to be enabled.",
  );
  for (const log of logs) {
    const category = text(log, "category");
    const group = text(log, "categoryGroup");
    refuseUnless(
      (category === undefined) !== (group === undefined),
      "BadRequest",
      "A log setting names either a category or a category group.",
    );
    refuseUnless(
      category === undefined || offered.logs.includes(category),
      "BadRequest",
      `Category '${category ?? ""}' is not supported.`,
    );
    const groups = offered.logs.length === 0 ? [] : offered.audit ? ["allLogs", "audit"] : ["allLogs"];
    refuseUnless(
      group === undefined || groups.includes(group),
      "BadRequest",
      `Category group '${group ?? ""}' is not supported.`,
    );
  }
  for (const metric of metrics)
    refuseUnless(
      offered.metrics && text(metric, "category") === "AllMetrics",
      "BadRequest",
      `Metric category '${text(metric, "category") ?? ""}' is not supported.`,
    );
}

const categoriesOf = (inputs: Props): string[] =>
  ["logs", "metrics"].flatMap((path) =>
    objects(inputs, path).flatMap((each) => text(each, "category") ?? text(each, "categoryGroup") ?? []),
  );

/** A resource has five settings at the most, and no two with the same sink for the same category. */
function checkOthers(inputs: Props, context: Context): void {
  const uri = text(inputs, "resourceUri") ?? "";
  const others = context.world
    .list(settingType)
    .filter(({ id, inputs: other }) => id !== context.current?.id && other["resourceUri"] === uri);
  refuseUnless(
    others.length < 5,
    "Conflict",
    `The resource '${uri}' has already reached its limit of 5 diagnostic settings.`,
  );
  for (const other of others)
    for (const sink of sinks) {
      const same = text(inputs, sink) !== undefined && text(inputs, sink) === text(other.inputs, sink);
      const category = categoriesOf(inputs).find((each) => categoriesOf(other.inputs).includes(each));
      refuseUnless(
        !same || category === undefined,
        "Conflict",
        `Data sink '${text(inputs, sink) ?? ""}' is already used in diagnostic setting '${String(other.inputs["name"])}' for category '${category ?? ""}'. Data sinks can't be reused in different settings on the same category for the same resource.`,
      );
    }
}

export const diagnosticSettings: Provider = { types: { [settingType]: setting }, invokes: {} };
