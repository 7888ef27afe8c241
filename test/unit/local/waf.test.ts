import { expect } from "chai";
import { aws } from "../../../local/aws/index.js";
import type { Props } from "../../../local/behaviour.js";
import { UNKNOWN } from "../../../local/behaviour.js";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

describe("local AWS: WAF", () => {
  const visible = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName: "m" };
  const one = (
    name: string,
    priority: number,
    statement: Props,
    more: Props = { action: { block: {} } },
  ) => ({ name, priority, statement, visibilityConfig: visible, ...more });
  const rate = { rateBasedStatement: { limit: 100, aggregateKeyType: "IP", evaluationWindowSec: 60 } };
  const managed = (name: string) => ({ managedRuleGroupStatement: { vendorName: "AWS", name } });
  const none = { overrideAction: { none: {} } };
  const acl = ({ cloud }: Network, rules: Props[], more: Props = {}) =>
    cloud.make(token.webAcl, {
      name: "acl",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visible,
      rules,
      ...more,
    });
  const logTo = (n: Network, name: string) =>
    n.cloud.make(token.webAclLogging, {
      resourceArn: acl(n, []).state.arn,
      logDestinationConfigs: [n.cloud.make(token.logGroup, { name }).state.arn],
    });

  refuses([
    [
      "two rules of one priority",
      (n) => acl(n, [one("a", 1, rate), one("b", 1, rate)]),
      /^WAFInvalidParameterException/,
    ],
    [
      "a rate under 10",
      (n) => acl(n, [one("a", 1, { rateBasedStatement: { ...rate.rateBasedStatement, limit: 9 } })]),
      /range \(10/,
    ],
    [
      "an action on a managed group",
      (n) => acl(n, [one("a", 1, managed("AWSManagedRulesCommonRuleSet"))]),
      /needs overrideAction/,
    ],
    [
      "a managed group of no such name",
      (n) => acl(n, [one("a", 1, managed("AWSManagedRulesNothing"), none)]),
      /^WAFInvalidParameterException/,
    ],
    [
      "a statement of two kinds",
      (n) => acl(n, [one("a", 1, { ...rate, geoMatchStatement: { countryCodes: ["GB"] } })]),
      /exactly one kind/,
    ],
    [
      "both default actions",
      (n) => acl(n, [], { defaultAction: { allow: {}, block: {} } }),
      /exactly one of allow, block/,
    ],
    [
      "more than 5000 units",
      (n) =>
        acl(
          n,
          Array.from({ length: 8 }, (_, i) => one(`g${i}`, i, managed("AWSManagedRulesCommonRuleSet"), none)),
        ),
      /5600 of 5000/,
    ],
    [
      "an IP set that does not exist",
      (n) =>
        acl(n, [
          one("a", 1, { notStatement: { statement: { ipSetReferenceStatement: { arn: "arn:none" } } } }),
        ]),
      /^WAFNonexistentItemException/,
    ],
    [
      "the whole internet in an IP set",
      ({ cloud }) =>
        cloud.make(token.ipSet, {
          name: "s",
          scope: "REGIONAL",
          ipAddressVersion: "IPV4",
          addresses: ["0.0.0.0/0"],
        }),
      /^WAFInvalidParameterException/,
    ],
    [
      "to delete an IP set in use",
      (n) => {
        const set = n.cloud.make(token.ipSet, {
          name: "s",
          scope: "REGIONAL",
          ipAddressVersion: "IPV4",
          addresses: ["192.0.2.0/24"],
        });
        acl(n, [one("a", 1, { ipSetReferenceStatement: { arn: set.state.arn } })]);
        n.cloud.delete(set);
      },
      /^WAFAssociatedItemException/,
    ],
    [
      "to delete a web ACL in use",
      (n) => {
        const made = acl(n, []);
        n.cloud.make(token.webAclAssociation, {
          webAclArn: made.state.arn,
          resourceArn: n.loadBalancer().id,
        });
        n.cloud.delete(made);
      },
      /^WAFAssociatedItemException/,
    ],
    ["logs to a group of another name", (n) => logTo(n, "waf"), /LOG_DESTINATION/],
  ]);

  it("waits in a preview for what is not known yet", () => {
    const statements = [{ ipSetReferenceStatement: UNKNOWN }, { ipSetReferenceStatement: { arn: UNKNOWN } }];
    const rules = statements.map((statement, i) => one(`r${i}`, i, statement));
    const unknown = { name: "u", priority: 9, statement: UNKNOWN, visibilityConfig: UNKNOWN };
    const check = aws.types[token.webAcl]?.check;
    expect(
      check?.({ scope: UNKNOWN, defaultAction: { allow: UNKNOWN }, rules: [...rules, unknown] }),
    ).to.deep.equal([]);
  });

  it("adds up the capacity, and logs to aws-waf-logs-", () => {
    const n = new Network(new FakeWorld());
    expect(logTo(n, "aws-waf-logs-gateway").id).to.match(/regional\/webacl\/acl\//);
    const match = {
      regexMatchStatement: {
        regexString: "^/v1",
        fieldToMatch: { uriPath: {} },
        textTransformations: [{ priority: 0, type: "LOWERCASE" }],
      },
    };
    const rules = [
      one("g", 0, managed("AWSManagedRulesCommonRuleSet"), none),
      one("r", 1, rate),
      one("m", 2, match),
    ];
    expect(acl(n, rules, { name: "other" }).state.capacity).to.equal(700 + 2 + 3 + 10);
  });
});
