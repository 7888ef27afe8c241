import { expect } from "chai";
import { net } from "../../../../local/azure/networkTypes.js";
import type { Props } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const location = "westeurope";
const start = () => new AzureGround(location);

const match = (more: Props = {}): Props => ({
  name: "rule",
  priority: 10,
  ruleType: "MatchRule",
  action: "Block",
  matchConditions: [
    { matchVariables: [{ variableName: "RequestUri" }], operator: "Regex", matchValues: ["^/admin"] },
  ],
  ...more,
});
const rate = (more: Props = {}): Props =>
  match({
    name: "rate",
    priority: 20,
    ruleType: "RateLimitRule",
    rateLimitDuration: "OneMin",
    rateLimitThreshold: 100,
    groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
    ...more,
  });
const condition = (more: Props): Props =>
  match({
    matchConditions: [{ matchVariables: [{ variableName: "RemoteAddr" }], operator: "IPMatch", ...more }],
  });
const sets = (...pairs: [string, string][]) => ({
  managedRuleSets: pairs.map(([ruleSetType, ruleSetVersion]) => ({ ruleSetType, ruleSetVersion })),
});
const waf = (ground: AzureGround, customRules: Props[], more: Props = {}) =>
  ground.put(net.wafPolicy, {
    policyName: "waf",
    location,
    managedRules: sets(["Microsoft_DefaultRuleSet", "2.1"]),
    customRules,
    ...more,
  });

describe("local Azure: WAF policies", () => {
  refuses(start, [
    ["a priority above 100", /range \(1 - 100\)/, (g) => waf(g, [match({ priority: 101 })])],
    ["a priority twice", /DuplicatePriority/, (g) => waf(g, [match(), match({ name: "other" })])],
    ["a name twice", /DuplicateName/, (g) => waf(g, [match(), match({ priority: 11 })])],
    ["a name with a hyphen", /letters and digits only/, (g) => waf(g, [match({ name: "a-b" })])],
    [
      "a pattern that is none",
      /not a regular expression/,
      (g) =>
        waf(g, [
          match({
            matchConditions: [
              { matchVariables: [{ variableName: "RequestUri" }], operator: "Regex", matchValues: ["("] },
            ],
          }),
        ]),
    ],
    [
      "601 addresses",
      /at most 600/,
      (g) =>
        waf(g, [
          condition({ matchValues: Array.from({ length: 601 }, (_, i) => `10.0.${i >> 8}.${i & 255}`) }),
        ]),
    ],
    ["an empty list of addresses", /needs match values/, (g) => waf(g, [condition({ matchValues: [] })])],
    ["an address that is none", /not an IP address/, (g) => waf(g, [condition({ matchValues: ["10.0.0"] })])],
    [
      "a rate rule without a group",
      /^ApplicationGatewayFirewallRateLimitRuleInvalid/,
      (g) => waf(g, [rate({ groupByUserSession: undefined })]),
    ],
    [
      "a threshold of a match rule",
      /^ApplicationGatewayFirewallMatchRuleInvalid/,
      (g) => waf(g, [match({ rateLimitThreshold: 5 })]),
    ],
    [
      "a version that no rule set has",
      /^ApplicationGatewayFirewallUnknownRuleSet/,
      (g) => waf(g, [], { managedRules: sets(["Microsoft_DefaultRuleSet", "3.0"]) }),
    ],
    [
      "two core rule sets",
      /exactly one of the rule sets/,
      (g) => waf(g, [], { managedRules: sets(["OWASP", "3.2"], ["Microsoft_DefaultRuleSet", "2.1"]) }),
    ],
    [
      "a bot rule set alone",
      /exactly one of the rule sets/,
      (g) => waf(g, [], { managedRules: sets(["Microsoft_BotManagerRuleSet", "1.1"]) }),
    ],
    [
      "an inspection limit for bodies that nobody reads",
      /InspectLimit/,
      (g) => waf(g, [], { policySettings: { requestBodyCheck: false, requestBodyInspectLimitInKB: 128 } }),
    ],
  ]);
});

const flowLog = (ground: AzureGround, more: Props = {}) => {
  const target = ground.network();
  const [storage] = ground.world.list(net.storageAccount);
  return ground.make(net.flowLog, {
    resourceGroupName: "NetworkWatcherRG",
    networkWatcherName: "NetworkWatcher_westeurope",
    flowLogName: "flow",
    location,
    targetResourceId: target.id,
    storageId: (storage ?? account(ground)).id,
    ...more,
  });
};
const account = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.storageAccount, {
    accountName: "javelinflow",
    location,
    kind: "StorageV2",
    sku: { name: "Standard_ZRS" },
    ...more,
  });
const workspace = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.workspace, { workspaceName: "logs", location, ...more });

describe("local Azure: logs", () => {
  refuses(start, [
    [
      "a second flow log for a network",
      /^CannotCreateMoreThanOneFlowLog/,
      (g) => [flowLog(g), flowLog(g, { flowLogName: "other" })],
    ],
    [
      "a flow log before any network",
      /^(ResourceGroupNotFound|InvalidResourceReference)/,
      (g) => flowLog(g, { networkWatcherName: "NetworkWatcher_eastus", resourceGroupName: "none" }),
    ],
    [
      "a flow log in a region without a watcher",
      /^ParentResourceNotFound/,
      (g) => flowLog(g, { networkWatcherName: "NetworkWatcher_eastus" }),
    ],
    [
      "a flow log to storage elsewhere",
      /DifferentRegions/,
      (g) => [account(g, { location: "eastus" }), flowLog(g)],
    ],
    [
      "a flow log to storage without keys",
      /KeyAccessDisabled/,
      (g) => [account(g, { allowSharedKeyAccess: false }), flowLog(g)],
    ],
    [
      "a new flow log of a security group",
      /^NsgFlowLogCreationBlocked/,
      (g) =>
        flowLog(g, {
          targetResourceId: g.put(net.securityGroup, { networkSecurityGroupName: "n", location }).id,
        }),
    ],
    [
      "retention beyond a year",
      /range \(0 - 365\)/,
      (g) => flowLog(g, { retentionPolicy: { days: 366, enabled: true } }),
    ],
    [
      "a hyphen in an account's name",
      /lower-case letters and digits/,
      (g) => account(g, { accountName: "a-b" }),
    ],
    [
      "an account's name that another group has",
      /^StorageAccountAlreadyTaken/,
      (g) => {
        account(g);
        g.make("azure-native:resources:ResourceGroup", { resourceGroupName: "two", location });
        g.make(net.storageAccount, {
          resourceGroupName: "two",
          accountName: "javelinflow",
          location,
          kind: "StorageV2",
          sku: { name: "Standard_LRS" },
        });
      },
    ],
    [
      "TLS 1.3 as the least",
      /^MinimumTlsVersionNotSupported/,
      (g) => account(g, { minimumTlsVersion: "TLS1_3" }),
    ],
    ["logs kept for a week", /range \(30 - 730\)/, (g) => workspace(g, { retentionInDays: 7 })],
  ]);
});

describe("local Azure: private DNS", () => {
  const link = (ground: AzureGround, more: Props = {}) =>
    ground.put(net.zoneLink, {
      privateZoneName: "privatelink.example.net",
      virtualNetworkLinkName: "l",
      location: "global",
      virtualNetwork: { id: ground.network().id },
      registrationEnabled: false,
      ...more,
    });
  refuses(start, [
    ["a name with a dot at its end", /no dot at the end/, (g) => g.privateZone("example.net.", false)],
    [
      "a zone in a region",
      /private DNS zones are global/,
      (g) => g.put(net.privateZone, { privateZoneName: "a.net", location }),
    ],
    ["a link of no zone", /^ParentResourceNotFound/, (g) => link(g)],
    [
      "a link to no network",
      /^InvalidResourceReference/,
      (g) => [g.privateZone("privatelink.example.net", false), link(g, { virtualNetwork: { id: "/none" } })],
    ],
    [
      "two zones of one name for a network",
      /overlapping namespaces/,
      (g) => {
        g.privateZone("privatelink.example.net");
        g.make("azure-native:resources:ResourceGroup", { resourceGroupName: "two", location });
        g.make(net.privateZone, {
          resourceGroupName: "two",
          privateZoneName: "privatelink.example.net",
          location: "global",
        });
        link(g, { resourceGroupName: "two" });
      },
    ],
    [
      "deleting a zone with links",
      /^CannotDeleteResource/,
      (g) => g.delete(g.privateZone("privatelink.example.net")),
    ],
  ]);

  it("a zone may be replaced by nothing but its name", () => {
    const ground = start();
    const zone = ground.privateZone("privatelink.example.net");
    expect(ground.replaces(zone, { ...zone.inputs, tags: { a: "b" } })).to.deep.equal([]);
    expect(ground.replaces(zone, { ...zone.inputs, privateZoneName: "b.net" })).to.deep.equal([
      "privateZoneName",
    ]);
  });
});
