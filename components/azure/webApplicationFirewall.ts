import * as network from "@pulumi/azure-native/network/index.js";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { credentialHeaders, writes } from "../ingress.js";
import { maxAddresses, paths, tokenPrefixes } from "./wafRules.js";

export interface WebApplicationFirewallArgs {
  prefix: string;
  region: string;
  resourceGroupName: pulumi.Input<string>;
  /** IPv4 blocks that may reach the admin paths; none means nobody from outside. */
  adminAllow: string[];
  /** Requests that one address may make in a minute, 1 or more. */
  requestsPerMinute: number;
  /** True: changes of the database are refused, since it is a copy. Default false. */
  readOnly?: boolean;
}

type CustomRule = inputs.network.WebApplicationFirewallCustomRuleArgs;
type Condition = inputs.network.MatchConditionArgs;

/**
 * The policy of the Application Gateway's web application firewall. In order: spellings that hide a path, paths that
 * are not for the internet, admin paths from admin networks only, the rate of each address, changes where the database is
 * a copy, then Microsoft's managed rules. What is blocked gets 403, the rate too: one status is all that a policy takes.
 *
 * Prompts are not judged: bodies are neither read nor measured. Here a managed rule looks at body and query alike,
 * so the choice is to read bodies and let a prompt about SQL be an attack, or not to read them; headers, cookies,
 * path and query are judged all the same. Its logs are the gateway's.
 *
 * @throws for more than 600 admin blocks.
 */
export class WebApplicationFirewall extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: WebApplicationFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:WebApplicationFirewall", name, args, opts);
    const policy = new network.WebApplicationFirewallPolicy(
      `${name}-policy`,
      {
        policyName: physicalName("azure:wafPolicy", args.prefix, "gateway"),
        resourceGroupName: args.resourceGroupName,
        location: args.region,
        policySettings: {
          state: "Enabled",
          mode: "Prevention",
          requestBodyCheck: false,
          requestBodyEnforcement: false,
          fileUploadEnforcement: false,
          logScrubbing: {
            state: "Enabled",
            scrubbingRules: [
              ...credentialHeaders.map((selector) => ({
                matchVariable: "RequestHeaderNames",
                selectorMatchOperator: "Equals",
                selector,
                state: "Enabled",
              })),
              { matchVariable: "RequestCookieNames", selectorMatchOperator: "EqualsAny", state: "Enabled" },
            ],
          },
        },
        customRules: customRules(args),
        managedRules: {
          managedRuleSets: [
            { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" },
            { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
          ],
          exclusions: [
            ...credentialHeaders.map((selector) => ({
              matchVariable: "RequestHeaderNames",
              selectorMatchOperator: "Equals",
              selector,
            })),
            ...["RequestCookieNames", "RequestArgNames"].flatMap((matchVariable) =>
              tokenPrefixes.map((selector) => ({
                matchVariable,
                selectorMatchOperator: "StartsWith",
                selector,
              })),
            ),
          ],
        },
      },
      { parent: this },
    );
    this.id = policy.id;
    this.registerOutputs({ id: this.id });
  }
}

function customRules({ adminAllow, requestsPerMinute, readOnly }: WebApplicationFirewallArgs): CustomRule[] {
  const admins = [...new Set(adminAllow)];
  if (admins.length > maxAddresses)
    throw new Error(`admin networks: found ${admins.length}, right is at most ${maxAddresses}`);
  const fromElsewhere: Condition = {
    matchVariables: [{ variableName: "RemoteAddr" }],
    operator: "IPMatch",
    negationConditon: true,
    matchValues: admins,
  };
  const block = (name: string, priority: number, ...matchConditions: Condition[]): CustomRule => ({
    name,
    priority,
    ruleType: "MatchRule",
    action: "Block",
    state: "Enabled",
    matchConditions,
  });
  return [
    block("uncleanPaths", 10, uri(paths.unclean, ["Lowercase"])),
    block("internalPaths", 20, uri(paths.internal, decoded)),
    // Without a condition on the address, nobody comes in.
    block("adminPaths", 30, uri(paths.admin, decoded), ...(admins.length > 0 ? [fromElsewhere] : [])),
    {
      name: "rate",
      priority: 40,
      ruleType: "RateLimitRule",
      action: "Block",
      state: "Enabled",
      rateLimitDuration: "OneMin",
      rateLimitThreshold: requestsPerMinute,
      // The address of the connection, not what a header says.
      groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
      matchConditions: [anybody],
    },
    ...(readOnly ? [block("readOnly", 50, uri(paths.writes, decoded), writing)] : []),
  ];
}

/** A rate rule needs a condition: every address that is not the one that nobody has ("Create rate limiting custom rules"). */
const anybody: Condition = {
  matchVariables: [{ variableName: "RemoteAddr" }],
  operator: "IPMatch",
  negationConditon: true,
  matchValues: ["255.255.255.255/32"],
};

const writing: Condition = {
  matchVariables: [{ variableName: "RequestMethod" }],
  operator: "Equal",
  negationConditon: true,
  matchValues: [...writes.except],
};

const decoded = ["UrlDecode", "Lowercase"];

function uri(pattern: string, transforms: string[]): Condition {
  return {
    matchVariables: [{ variableName: "RequestUri" }],
    operator: "Regex",
    matchValues: [pattern],
    transforms,
  };
}
