import { names, ofTypes, unaccompanied } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { at, differs, list, missing, unknown } from "../../values.js";

/** What each service has to log. Source: "Supported resource log categories", Azure Monitor. */
const demanded: Record<string, readonly string[]> = {
  "azure-native:containerservice:ManagedCluster": [
    "guard",
    "kube-apiserver",
    "kube-audit",
    "kube-controller-manager",
    "kube-scheduler",
  ],
  "azure-native:network:ApplicationGateway": ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"],
  "azure-native:network:AzureFirewall": ["AZFWApplicationRule", "AZFWDnsQuery", "AZFWNetworkRule"],
  "azure-native:dbforpostgresql:Server": ["PostgreSQLLogs"],
  "azure-native:redisenterprise:Database": ["ConnectionEvents"],
  "azure-native:keyvault:Vault": ["AuditEvent"],
};

/** The resources above write no log until a diagnostic setting says where to. */
function* judgeDiagnostics(resources: Resource[]): Iterable<Finding> {
  const settings = ofTypes(resources, "azure-native:monitor:DiagnosticSetting");
  for (const [type, categories] of Object.entries(demanded))
    for (const resource of ofTypes(resources, type)) {
      const mine = settings.filter(
        (one) => names(one, { property: "resourceUri", by: ["id"] }, resource) !== false,
      );
      const on = mine
        .flatMap(({ props }) => list(at(props, "logs")))
        .filter((log) => log === unknown || at(log, "enabled") !== false);
      const groups = on.map((log) => (log === unknown ? unknown : at(log, "categoryGroup")));
      const written = on.map((log) => (log === unknown ? unknown : at(log, "category")));
      if (groups.includes("allLogs") || [...groups, ...written].includes(unknown)) continue;
      const off = categories.filter((category) => !written.includes(category));
      if (off.length > 0)
        yield {
          resource,
          message: `${off.join(", ")} ${off.length === 1 ? "is" : "are"} not logged; right is a DiagnosticSetting with allLogs`,
        };
    }
}

function* judgeSetting({ props }: Resource): Iterable<string> {
  const places = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId"];
  if (places.every((place) => missing(at(props, place))))
    yield "the setting names no place for its logs; right is a workspace";
}

function* judgeFlowLog({ props }: Resource): Iterable<string> {
  if (differs(at(props, "enabled"), true)) yield "enabled is off; right is true";
}

/** Flows end by the log's own setting, which goes to a year, or by a rule of the account that they are kept in. */
function* judgeRetention(resources: Resource[]): Iterable<Finding> {
  const policies = ofTypes(resources, "azure-native:storage:ManagementPolicy");
  const accounts = ofTypes(resources, "azure-native:storage:StorageAccount");
  for (const resource of ofTypes(resources, "azure-native:network:FlowLog")) {
    const policy = at(resource.props, "retentionPolicy");
    const days = at(policy, "days");
    if (!differs(at(policy, "enabled"), true) && !missing(days) && days !== 0) continue;
    const account = accounts.find(
      (one) => names(resource, { property: "storageId", by: ["id"] }, one) === true,
    );
    const expires = { property: "accountName", by: ["name", "accountName"] };
    if (account && policies.every((one) => names(one, expires, account) === false))
      yield {
        resource,
        message: "flows are kept for ever; right is a retentionPolicy, or a ManagementPolicy of the account",
      };
  }
}

function* judgeWorkspace({ props }: Resource): Iterable<string> {
  const days = at(props, "retentionInDays");
  if (missing(days) || (typeof days === "number" && days < 1))
    yield "retentionInDays is not set; right is the days that logs are kept";
}

export const logs: Rule = {
  each: {
    "azure-native:monitor:DiagnosticSetting": judgeSetting,
    "azure-native:network:FlowLog": judgeFlowLog,
    "azure-native:operationalinsights:Workspace": judgeWorkspace,
  },
  *together(resources) {
    yield* judgeDiagnostics(resources);
    yield* judgeRetention(resources);
    yield* unaccompanied(
      resources,
      "azure-native:network:VirtualNetwork",
      { type: "azure-native:network:FlowLog", property: "targetResourceId", by: ["id"] },
      "the virtual network has no flow log; right is a FlowLog of it",
    );
  },
};
