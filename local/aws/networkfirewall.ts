import type { Behaviour, Props, Provider } from "../behaviour.js";
import { arn, at, exactlyOne, inRange, lookup, objects, oneOf, text, texts, uuid } from "./common.js";
import { firewall } from "./networkfirewallFirewall.js";
import { loggingConfiguration } from "./networkfirewallLogging.js";
import {
  customerKey,
  firewallType,
  groupType,
  inUse,
  named,
  policyType,
  refuse,
  taken,
} from "./networkfirewallShared.js";
import { placed } from "./outputs.js";

const orders = ["DEFAULT_ACTION_ORDER", "STRICT_ORDER"];
const ruleOrder = (inputs: Props, path: string) => text(inputs, path) ?? "DEFAULT_ACTION_ORDER";
const groupOrder = "ruleGroup.statefulRuleOptions.ruleOrder";
const policyOrder = "firewallPolicy.statefulEngineOptions.ruleOrder";

/** A domain: a name, or a name and all below it by a leading dot. `*` is not one of its characters. */
const target = /^\.?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const list = "ruleGroup.rulesSource.rulesSourceList";

const ruleGroup: Behaviour = {
  source:
    "Network Firewall CreateRuleGroup, RulesSourceList; developer guide, quotas and rule group capacity",
  required: ["capacity", "type"],
  autoName: { property: "name", max: 128 },
  replaces: ["capacity", "name", "type"],
  replacesWhen: (olds, news) =>
    ruleOrder(olds, groupOrder) === ruleOrder(news, groupOrder) ? [] : [groupOrder],
  check: (inputs) => [
    ...named(inputs),
    ...exactlyOne(inputs, ["ruleGroup", "rules"]),
    ...oneOf(inputs, "type", ["STATEFUL", "STATELESS"]),
    ...inRange(inputs, "capacity", 1, 30000),
    ...oneOf(inputs, groupOrder, orders),
    ...oneOf(inputs, `${list}.generatedRulesType`, ["ALLOWLIST", "DENYLIST", "REJECTLIST", "ALERTLIST"]),
    ...oneOf(inputs, `${list}.targetTypes[]`, ["TLS_SNI", "HTTP_HOST", "AWS_ROUTE_53_RESOLVED_DOMAIN"]),
    ...oneOf(inputs, "ruleGroup.rulesSource.statefulRules[].action", ["PASS", "DROP", "ALERT", "REJECT"]),
  ],
  references: customerKey,
  unique: (inputs) => `${text(inputs, "type")}/${text(inputs, "name")}`,
  taken,
  admit: (inputs) => {
    const rules = at(inputs, "ruleGroup.rulesSource").flatMap((each) => Object.keys(each as Props));
    refuse(
      inputs.rules !== undefined || rules.length === 1,
      "A rule group needs exactly one source of rules",
    );
    for (const domain of at(inputs, `${list}.targets[]`)) {
      refuse(
        target.test(String(domain)),
        `Domain name specification is invalid, parameter: [${String(domain)}]`,
      );
    }
    // Each target makes one rule for each protocol.
    const needed =
      at(inputs, `${list}.targets[]`).length * at(inputs, `${list}.targetTypes[]`).length +
      at(inputs, "ruleGroup.rulesSource.statefulRules[]").length;
    refuse(
      needed <= Number(inputs.capacity),
      `Rule group capacity exceeded: ${needed} needed, ${text(inputs, "capacity")} reserved`,
    );
  },
  id: (inputs, context) =>
    arn(
      context,
      "network-firewall",
      `${text(inputs, "type")?.toLowerCase()}-rulegroup/${text(inputs, "name")}`,
    ),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: ruleGroup.id(inputs, context),
    updateToken: uuid(context, `token ${context.now()}`),
  }),
  volatile: ["updateToken"],
  inUse,
};

const statelessActions = ["aws:pass", "aws:drop", "aws:forward_to_sfe"];
const strictActions = [
  "aws:drop_strict",
  "aws:drop_established",
  "aws:drop_established_app_layer",
  "aws:drop_established_app_layer_to_server",
  "aws:alert_strict",
  "aws:alert_established",
  "aws:alert_established_app_layer",
  "aws:alert_established_app_layer_to_server",
];
const references = "firewallPolicy.statefulRuleGroupReferences";

const firewallPolicy: Behaviour = {
  source:
    "Network Firewall CreateFirewallPolicy, StatefulEngineOptions; developer guide, strict evaluation order",
  required: [
    "firewallPolicy",
    "firewallPolicy.statelessDefaultActions",
    "firewallPolicy.statelessFragmentDefaultActions",
  ],
  autoName: { property: "name", max: 128 },
  replaces: ["name"],
  replacesWhen: (olds, news) =>
    ruleOrder(olds, policyOrder) === ruleOrder(news, policyOrder) ? [] : [policyOrder],
  check: (inputs) => [
    ...named(inputs),
    ...oneOf(inputs, policyOrder, orders),
    ...oneOf(inputs, "firewallPolicy.statefulEngineOptions.streamExceptionPolicy", [
      "DROP",
      "CONTINUE",
      "REJECT",
    ]),
    ...inRange(inputs, `${references}[].priority`, 1, 65535),
  ],
  references: {
    ...customerKey,
    [`${references}[].resourceArn`]: {
      types: [groupType],
      by: "arn",
      code: "InvalidRequestException",
      message: (id) => `rule group reference is invalid, parameter: [${id}]`,
      except: /:aws-managed:/,
    },
  },
  unique: (inputs) => text(inputs, "name"),
  taken,
  admit: (inputs, context) => {
    const strict = ruleOrder(inputs, policyOrder) === "STRICT_ORDER";
    for (const path of ["statelessDefaultActions", "statelessFragmentDefaultActions"]) {
      const actions = texts(inputs, `firewallPolicy.${path}`).filter((each) =>
        statelessActions.includes(each),
      );
      refuse(actions.length === 1, `${path} must contain exactly one of ${statelessActions.join(", ")}`);
    }
    const defaults = texts(inputs, "firewallPolicy.statefulDefaultActions");
    refuse(strict || defaults.length === 0, "Stateful default actions are only allowed with STRICT_ORDER");
    refuse(
      defaults.every((each) => strictActions.includes(each)),
      `Stateful default action is invalid: ${defaults.join(", ")}`,
    );
    refuse(
      defaults.filter((each) => each.startsWith("aws:drop_")).length <= 1,
      "Only one drop action is allowed",
    );
    const kinds = new Set(defaults.map((each) => each.includes("_app_layer")));
    refuse(
      kinds.size <= 1 || defaults.every((each) => each.endsWith("_strict")),
      "Established and application-layer default actions cannot exist together",
    );
    const priorities = objects(inputs, references).map((each) => text(each, "priority"));
    refuse(
      priorities.every((each) => (each !== undefined) === strict),
      strict
        ? "Priority is required for each stateful rule group with STRICT_ORDER"
        : "Priority is only allowed with STRICT_ORDER",
    );
    refuse(
      !strict || new Set(priorities).size === priorities.length,
      "Priorities of stateful rule groups must be unique",
    );
    for (const reference of texts({ all: at(inputs, `${references}[].resourceArn`) }, "all")) {
      const group = lookup(context, groupType, reference);
      refuse(
        group === undefined || ruleOrder(group.state, groupOrder) === ruleOrder(inputs, policyOrder),
        `The rule order of ${reference} does not match that of the policy`,
      );
    }
  },
  id: (inputs, context) => arn(context, "network-firewall", `firewall-policy/${text(inputs, "name")}`),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: firewallPolicy.id(inputs, context),
    updateToken: uuid(context, `token ${context.now()}`),
  }),
  volatile: ["updateToken"],
  inUse,
};

export const networkfirewall: Provider = {
  types: {
    [groupType]: ruleGroup,
    [policyType]: firewallPolicy,
    [firewallType]: firewall,
    "aws:networkfirewall/loggingConfiguration:LoggingConfiguration": loggingConfiguration,
  },
  invokes: {},
};
