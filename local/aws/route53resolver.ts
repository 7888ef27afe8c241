import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider, Reference } from "../behaviour.js";
import { arn, at, exactlyOne, inRange, oneOf, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { type } from "./references.js";
import { resolverQueryLogConfig, resolverQueryLogConfigAssociation } from "./route53resolverLog.js";
import { named, resolverId } from "./route53resolverShared.js";

const domainListType = "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList";
const ruleType = "aws:route53/resolverFirewallRule:ResolverFirewallRule";
const groupType = "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup";
const associationType =
  "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation";

const missing = (kind: string, types: string[]): Reference => ({
  types,
  code: "ResourceNotFoundException",
  message: (id) => `[RSLVR-02025] Can't find the resource with ID "${id}": ${kind}`,
});

const inUse = (what: string) => () =>
  new CloudError("ConflictException", `The ${what} cannot be deleted because it is in use`);

/** A domain, with `*` alone or as the first label. Source: Resolver API, type FirewallDomainName; DNS Firewall guide. */
const domain = /^(\*|(\*\.)?([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?)$/i;

const domainList: Behaviour = {
  source:
    "Route 53 Resolver CreateFirewallDomainList, UpdateFirewallDomains; CloudFormation AWS::Route53Resolver::FirewallDomainList",
  autoName: { property: "name", max: 64 },
  replaces: ["name"],
  check: named,
  admit: (inputs) => {
    const domains = at(inputs, "domains[]").map(String);
    for (const each of domains) {
      refuseUnless(
        domain.test(each) && each.length <= 255,
        "ValidationException",
        `The domain "${each}" is not valid`,
      );
    }
    refuseUnless(domains.length <= 1000, "LimitExceededException", "A request can hold at most 1000 domains");
  },
  id: resolverId("rslvr-fdl"),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "route53resolver", `firewall-domain-list/${domainList.id(inputs, context)}`),
  }),
  inUse: inUse("firewall domain list"),
};

const ruleGroup: Behaviour = {
  source: "Route 53 Resolver CreateFirewallRuleGroup, DeleteFirewallRuleGroup",
  autoName: { property: "name", max: 64 },
  replaces: ["name"],
  check: named,
  id: resolverId("rslvr-frg"),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "route53resolver", `firewall-rule-group/${ruleGroup.id(inputs, context)}`),
    ownerId: context.world.account,
    shareStatus: "NOT_SHARED",
  }),
  inUse: inUse("firewall rule group"),
};

const rule: Behaviour = {
  source: "Route 53 Resolver CreateFirewallRule, UpdateFirewallRule",
  required: ["action", "firewallRuleGroupId", "priority"],
  autoName: { property: "name", max: 64 },
  replaces: ["dnsThreatProtection", "firewallDomainListId", "firewallRuleGroupId", "qType"],
  check: (inputs) => [
    ...named(inputs),
    ...exactlyOne(inputs, ["firewallDomainListId", "dnsThreatProtection"]),
    ...oneOf(inputs, "action", ["ALLOW", "BLOCK", "ALERT"]),
    ...oneOf(inputs, "blockResponse", ["NODATA", "NXDOMAIN", "OVERRIDE"]),
    ...oneOf(inputs, "blockOverrideDnsType", ["CNAME"]),
    ...inRange(inputs, "blockOverrideTtl", 0, 604800),
    ...oneOf(inputs, "confidenceThreshold", ["LOW", "MEDIUM", "HIGH"]),
    ...oneOf(inputs, "dnsThreatProtection", ["DGA", "DICTIONARY_DGA", "DNS_TUNNELING"]),
    ...oneOf(inputs, "firewallDomainRedirectionAction", [
      "INSPECT_REDIRECTION_DOMAIN",
      "TRUST_REDIRECTION_DOMAIN",
    ]),
  ],
  references: {
    firewallRuleGroupId: missing("firewall rule group", [groupType]),
    // AWS's own lists cannot be told from a wrong id without the list of them, and are not known here.
    firewallDomainListId: missing("firewall domain list", [domainListType]),
  },
  unique: (inputs) =>
    ["firewallRuleGroupId", "firewallDomainListId", "dnsThreatProtection", "qType"]
      .map((each) => text(inputs, each) ?? "")
      .join("|"),
  taken: () =>
    new CloudError(
      "ConflictException",
      "A firewall rule with this domain list already exists in the rule group",
    ),
  admit: (inputs, context) => {
    const refuse = (holds: boolean, message: string) =>
      refuseUnless(holds, "ValidationException", `${message}`);
    const blocks = inputs.action === "BLOCK";
    const overrides = inputs.blockResponse === "OVERRIDE";
    refuse(
      blocks === (inputs.blockResponse !== undefined),
      "A block response is required with the action BLOCK, and only with it",
    );
    for (const each of ["blockOverrideDnsType", "blockOverrideDomain"]) {
      refuse(
        overrides === (inputs[each] !== undefined),
        `${each} is required with the block response OVERRIDE, and only with it`,
      );
    }
    refuse(
      inputs.dnsThreatProtection === undefined || inputs.action !== "ALLOW",
      "ALLOW is not valid for DNS Firewall Advanced rules",
    );
    const rival = context.world
      .list(ruleType, context.region)
      .find(
        ({ id, inputs: others }) =>
          id !== context.current?.id &&
          others.firewallRuleGroupId === inputs.firewallRuleGroupId &&
          text(others, "priority") === text(inputs, "priority"),
      );
    refuseUnless(
      rival === undefined,
      "ConflictException",
      `The priority ${text(inputs, "priority")} is already used by another rule of the rule group`,
    );
  },
  // The provider's own form.
  id: (inputs, context) =>
    context.current?.id ??
    [
      text(inputs, "firewallRuleGroupId"),
      text(inputs, "firewallDomainListId") ?? `rslvr-ftp-${context.hex(16)}`,
      text(inputs, "qType"),
    ]
      .filter((each) => each !== undefined)
      .join(":"),
  outputs: (inputs, { region }) => ({
    region,
    firewallDomainRedirectionAction:
      text(inputs, "firewallDomainRedirectionAction") ?? "INSPECT_REDIRECTION_DOMAIN",
    firewallThreatProtectionId: "",
  }),
};

const vpcOf: Reference = {
  ...missing("VPC", [type.vpc]),
  message: (id) => `[RSLVR-02025] Can't find the VPC "${id}"`,
};

const ruleGroupAssociation: Behaviour = {
  source: "Route 53 Resolver AssociateFirewallRuleGroup, DisassociateFirewallRuleGroup",
  required: ["firewallRuleGroupId", "priority", "vpcId"],
  autoName: { property: "name", max: 64 },
  replaces: ["firewallRuleGroupId", "name", "vpcId"],
  check: (inputs) => [...named(inputs), ...oneOf(inputs, "mutationProtection", ["ENABLED", "DISABLED"])],
  references: { firewallRuleGroupId: missing("firewall rule group", [groupType]), vpcId: vpcOf },
  unique: (inputs) => `${text(inputs, "vpcId")}|${text(inputs, "firewallRuleGroupId")}`,
  taken: () =>
    new CloudError("ConflictException", "The firewall rule group is already associated with the VPC"),
  admit: (inputs, context) => {
    const priority = Number(inputs.priority);
    refuseUnless(
      priority > 100 && priority < 9900,
      "ValidationException",
      `The priority ${priority} is not valid: it must be greater than 100 and less than 9900`,
    );
    const rival = context.world
      .list(associationType, context.region)
      .find(
        ({ id, inputs: others }) =>
          id !== context.current?.id && others.vpcId === inputs.vpcId && Number(others.priority) === priority,
      );
    refuseUnless(
      rival === undefined,
      "ConflictException",
      `The priority ${priority} is already used in the VPC`,
    );
  },
  id: resolverId("rslvr-frgassoc"),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(
      context,
      "route53resolver",
      `firewall-rule-group-association/${ruleGroupAssociation.id(inputs, context)}`,
    ),
    mutationProtection: text(inputs, "mutationProtection") ?? "DISABLED",
  }),
  release: ({ id, state }) =>
    refuseUnless(
      state.mutationProtection !== "ENABLED",
      "AccessDeniedException",
      `The association ${id} is protected against mutation`,
    ),
};

const firewallConfig: Behaviour = {
  source: "Route 53 Resolver UpdateFirewallConfig",
  required: ["resourceId"],
  replaces: ["resourceId"],
  check: (inputs) => oneOf(inputs, "firewallFailOpen", ["ENABLED", "DISABLED"]),
  references: { resourceId: vpcOf },
  id: resolverId("rslvr-fc"),
  outputs: (inputs, context) => ({
    region: context.region,
    firewallFailOpen: text(inputs, "firewallFailOpen") ?? "DISABLED",
    ownerId: context.world.account,
  }),
};

export const route53resolver: Provider = {
  types: {
    [domainListType]: domainList,
    [ruleType]: rule,
    [groupType]: ruleGroup,
    [associationType]: ruleGroupAssociation,
    "aws:route53/resolverFirewallConfig:ResolverFirewallConfig": firewallConfig,
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": resolverQueryLogConfig,
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation":
      resolverQueryLogConfigAssociation,
  },
  invokes: {},
};
