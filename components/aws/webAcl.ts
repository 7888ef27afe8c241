import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { credentialHeaders, guardedPaths, pathEnd, writes } from "../ingress.js";
import { countedRules, withoutZeroPrefix } from "./webAclRules.js";

export interface WebAclArgs {
  prefix: string;
  /** IPv4 blocks that may reach the admin paths; none means nobody from outside. */
  adminAllow: string[];
  /** Requests that one address may make in a minute, 10 to 2,000,000,000 (WAFv2 RateBasedStatement). */
  requestsPerMinute: number;
  /** True: changes of the database are refused, since it is a copy. Default false. */
  readOnly?: boolean;
  /** Log group whose name starts with `aws-waf-logs-`. */
  logGroupArn: pulumi.Input<string>;
}

/**
 * The web ACL in front of the load balancer. In order: paths that are not for the internet, admin paths from
 * admin networks only, the rate of each address, then AWS's managed rules, and changes where the database is a copy.
 * Prompts are not judged: no rule blocks a request for the size or the content of its body.
 */
export class WebAcl extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:WebAcl", name, args, opts);
    const parent = { parent: this };
    const admins = new aws.wafv2.IpSet(
      `${name}-admins`,
      {
        name: physicalName("aws:webAcl", args.prefix, "admins"),
        description: "Networks that may reach the admin paths",
        scope: "REGIONAL",
        ipAddressVersion: "IPV4",
        addresses: withoutZeroPrefix(args.adminAllow),
      },
      parent,
    );

    const adminPath = { regexMatchStatement: uriPath(guardedPaths.admin) };
    const fromElsewhere = {
      notStatement: { statement: { ipSetReferenceStatement: { arn: admins.arn } } },
    };
    const rules: aws.types.input.wafv2.WebAclRule[] = [
      rule("internal-paths", 0, {
        action: { block: {} },
        statement: { regexMatchStatement: uriPath(guardedPaths.internal) },
      }),
      rule("admin-paths", 1, {
        action: { block: {} },
        statement: { andStatement: { statements: [adminPath, fromElsewhere] } },
      }),
      rule("rate", 2, {
        // 429 and not 403, so that clients know to slow down.
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: {
          rateBasedStatement: {
            aggregateKeyType: "IP",
            evaluationWindowSec: 60,
            limit: args.requestsPerMinute,
          },
        },
      }),
      ...Object.entries(countedRules).map(([group, counted], i) =>
        rule(group, 3 + i, {
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: "AWS",
              name: group,
              ruleActionOverrides: counted.map((one) => ({ name: one, actionToUse: { count: {} } })),
            },
          },
        }),
      ),
      ...(args.readOnly ? [rule("read-only", 3 + Object.keys(countedRules).length, refuseWrites)] : []),
    ];

    const acl = new aws.wafv2.WebAcl(
      `${name}-acl`,
      {
        name: physicalName("aws:webAcl", args.prefix, "gateway"),
        description: "Ingress of the gateway",
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules,
        // Covers sampled requests and logs alike.
        dataProtectionConfig: {
          dataProtections: [
            {
              action: "SUBSTITUTION",
              field: { fieldType: "SINGLE_HEADER", fieldKeys: [...credentialHeaders] },
            },
          ],
        },
        visibilityConfig: visible("gateway"),
      },
      parent,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      `${name}-logging`,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [args.logGroupArn],
        redactedFields: credentialHeaders.map((header) => ({ singleHeader: { name: header } })),
      },
      parent,
    );
    this.arn = acl.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** A match of the path as a server may read it: escapes decoded, `//`, `./` and `../` resolved, lower case. */
function uriPath(pattern: string) {
  return {
    fieldToMatch: { uriPath: {} },
    regexString: pattern + pathEnd,
    textTransformations: ["URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"].map((type, priority) => ({
      priority,
      type,
    })),
  };
}

/** 503: another region takes it now, and this one may later. */
const refuseWrites = {
  action: { block: { customResponse: { responseCode: 503 } } },
  statement: {
    andStatement: {
      statements: [
        { regexMatchStatement: uriPath(writes.path) },
        {
          notStatement: {
            statement: {
              regexMatchStatement: {
                fieldToMatch: { method: {} },
                regexString: `^(${writes.except.join("|")})$`,
                textTransformations: [{ priority: 0, type: "NONE" }],
              },
            },
          },
        },
      ],
    },
  },
};

function rule(
  name: string,
  priority: number,
  rest: Omit<aws.types.input.wafv2.WebAclRule, "name" | "priority" | "visibilityConfig">,
): aws.types.input.wafv2.WebAclRule {
  return { name, priority, ...rest, visibilityConfig: visible(name) };
}

function visible(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
