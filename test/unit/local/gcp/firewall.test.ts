import { expect } from "chai";
import type { Props } from "../../../../local/behaviour.js";
import { UNKNOWN } from "../../../../local/behaviour.js";
import { refusalOf } from "../../../../local/gcp/celRules.js";
import { egressVerdict } from "../../../../local/gcp/firewallPolicies.js";
import { gcp } from "../../../../local/gcp/index.js";
import { egress, GcpNetwork, token } from "../../../support/gcpNetwork.js";
import { refuses } from "../../../support/refusals.js";
import type { Refusal } from "../../../support/refusals.js";

describe("local GCP: network firewall policies", () => {
  const https = [{ ipProtocol: "tcp", ports: ["443"] }];
  const to = (match: Props) => egress(1, { match: { layer4Configs: https, ...match } });
  const names = (count: number) => Array.from({ length: count }, (_, i) => `h${i}.example.com`);
  const one = (rule: Props) => (n: GcpNetwork) => n.firewallPolicy([rule]);

  refuses(
    () => new GcpNetwork(),
    [
      ["a priority twice", /already used by another rule/, (n) => n.firewallPolicy([egress(1), egress(1)])],
      ["a priority of the predefined rules", /between 0 and 2147483643/, one(egress(2147483647))],
      ["an action that is none", /rules\[\]\.action/, one(egress(1, { action: "drop" }))],
      ["101 names in a rule", /At most 100 domain names/, one(to({ destFqdns: names(101) }))],
      ["a wildcard", /without wildcards/, one(to({ destFqdns: ["*.example.com"] }))],
      ["a name of one label", /fully qualified/, one(to({ destFqdns: ["localhost"] }))],
      [
        "names of the destination on the way in",
        /Not supported in INGRESS rules/,
        one(
          egress(1, {
            direction: "INGRESS",
            match: { srcIpRanges: ["0.0.0.0/0"], destFqdns: names(1), layer4Configs: https },
          }),
        ),
      ],
      ["a way out to nowhere", /EGRESS rules need a dest condition/, one(to({}))],
      [
        "a way in from nowhere",
        /INGRESS rules need a src condition/,
        one(egress(1, { direction: "INGRESS" })),
      ],
      ["a block with host bits", /not a valid CIDR/, one(to({ destIpRanges: ["10.0.0.1/8"] }))],
      ["no protocol", /At least one is required/, one(to({ destFqdns: names(1), layer4Configs: [] }))],
      [
        "ports of ICMP",
        /Ports may not be specified/,
        one(to({ destFqdns: names(1), layer4Configs: [{ ipProtocol: "icmp", ports: ["1"] }] })),
      ],
      [
        "a port over 65535",
        /a port or a range/,
        one(to({ destFqdns: names(1), layer4Configs: [{ ipProtocol: "tcp", ports: ["443-70000"] }] })),
      ],
      ...(["90-80", "https", "443,444"] as const).map((port): Refusal<GcpNetwork> => [
        `the port ${port}`,
        /a port or a range/,
        one(to({ destFqdns: names(1), layer4Configs: [{ ipProtocol: "tcp", ports: [port] }] })),
      ]),
      [
        "a protocol that is none",
        /known protocol or its number/,
        one(to({ destFqdns: names(1), layer4Configs: [{ ipProtocol: "256" }] })),
      ],
      [
        "logs of goto_next",
        /Logging cannot be enabled/,
        one(egress(1, { action: "goto_next", enableLogging: true })),
      ],
      [
        "inspection without a profile",
        /apply_security_profile_group/,
        one(egress(1, { action: "apply_security_profile_group" })),
      ],
      [
        "more attributes than a policy may have",
        /2000 rule attributes/,
        (n) =>
          n.firewallPolicy(
            Array.from({ length: 20 }, (_, i) =>
              egress(i, { match: { destFqdns: names(100), layer4Configs: https } }),
            ),
          ),
      ],
      ["a policy that is not there", /^notFound/, (n) => n.associate("none")],
      [
        "a second policy for a network",
        /^conflict/,
        (n) => {
          n.firewallPolicy([egress(1)]);
          n.firewallPolicy([egress(1)], "second");
          n.associate();
          n.associate("second", n.network.state.selfLink as string, "second");
        },
      ],
      [
        "to delete a policy that is associated",
        /^resourceInUseByAnotherResource/,
        (n) => {
          const policy = n.firewallPolicy([egress(1)]);
          n.associate();
          n.cloud.delete(policy);
        },
      ],
    ],
  );

  it("changes its rules in place, and its association by another", () => {
    const n = new GcpNetwork();
    const policy = n.firewallPolicy([egress(1)]);
    const association = n.associate();
    expect(n.cloud.replaces(policy, { ...policy.inputs, rules: [egress(1), egress(2)] })).to.deep.equal([]);
    const other = n.addNetwork("other").id;
    expect(n.cloud.replaces(association, { ...association.inputs, attachmentTarget: other })).to.deep.equal([
      "attachmentTarget",
    ]);
  });

  it("lets the first rule that matches decide, once associated", () => {
    const n = new GcpNetwork();
    n.firewallPolicy([
      egress(900, {
        action: "deny",
        match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
      }),
      egress(100),
      egress(200, { match: { destFqdns: ["api.example.com"], layer4Configs: https } }),
    ]);
    const verdict = (where: { address: string } | { host: string }, port = 443) =>
      egressVerdict(n.cloud, n.network.id, { to: where, protocol: "tcp", port });
    expect(verdict({ host: "other.example.com" })).to.equal("allow");
    n.associate();
    expect(verdict({ host: "api.example.com" })).to.equal("allow");
    expect(verdict({ address: "10.1.2.3" })).to.equal("allow");
    expect(verdict({ host: "other.example.com" })).to.equal("deny");
    expect(verdict({ host: "api.example.com" }, 80)).to.equal("deny");
    expect(verdict({ address: "8.8.8.8" })).to.equal("deny");
  });

  it("waits in a preview for what is not known yet", () => {
    const check = gcp.types[token.firewallPolicy]?.check;
    expect(check?.({ rules: UNKNOWN })).to.deep.equal([]);
    expect(check?.({ rules: [{ action: UNKNOWN, priority: UNKNOWN, match: UNKNOWN }] })).to.deep.equal([]);
  });
});

describe("local GCP: VPC firewall rules", () => {
  const ports = (protocol: string, ...each: string[]) => [{ protocol, ports: each }];
  const make =
    (more: Props) =>
    ({ cloud, network }: GcpNetwork) =>
      cloud.make(token.firewall, { name: "rule", network: network.id, allows: ports("tcp", "443"), ...more });
  const sourceRanges = ["10.0.0.0/8"];

  refuses(
    () => new GcpNetwork(),
    [
      ["a way in from nowhere", /need sourceRanges/, make({})],
      [
        "to allow and deny at once",
        /only one of `allows,denies`/,
        make({ sourceRanges, denies: ports("tcp") }),
      ],
      ["neither of them", /one of `allows,denies` must be/, make({ sourceRanges, allows: undefined })],
      [
        "tags beside accounts",
        /only one of `targetServiceAccounts,targetTags`/,
        make({ sourceRanges, targetTags: ["a"], targetServiceAccounts: ["a@b.c"] }),
      ],
      ["a priority over 65535", /in the range \(0 - 65535\)/, make({ sourceRanges, priority: 70000 })],
      ["ports of ICMP", /Ports may not be specified/, make({ sourceRanges, allows: ports("icmp", "1") })],
      [
        "ports that run backwards",
        /a port or a range/,
        make({ sourceRanges, allows: ports("tcp", "90-80") }),
      ],
      [
        "sources by tag on the way out",
        /Not supported in EGRESS/,
        make({ direction: "EGRESS", sourceTags: ["a"] }),
      ],
      [
        "a network that is not there",
        /^notFound/,
        make({ sourceRanges, network: "projects/proj-1/global/networks/none" }),
      ],
    ],
  );
});

describe("local GCP: security policies", () => {
  const everybody = { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } };
  const last = { priority: 2147483647, action: "deny(403)", match: everybody };
  const limit = {
    conformAction: "allow",
    exceedAction: "deny(429)",
    enforceOnKey: "IP",
    rateLimitThreshold: { count: 100, intervalSec: 60 },
  };
  const make =
    (rules: Props[], more: Props = {}) =>
    ({ cloud }: GcpNetwork) =>
      cloud.make(token.securityPolicy, { name: "armor", rules, ...more });
  const rule = (more: Props, priority = 1) => ({ priority, action: "deny(403)", match: everybody, ...more });
  const throttle = (options: Props) =>
    make([rule({ action: "throttle", rateLimitOptions: { ...limit, ...options } }), last]);

  refuses(
    () => new GcpNetwork(),
    [
      ["a priority twice", /same priorities/, make([rule({}), rule({}), last])],
      ["rules without a default", /There must be a default rule/, make([rule({})])],
      [
        "a default for some only",
        /There must be a default rule/,
        make([{ ...last, match: { ...everybody, config: { srcIpRanges: ["10.0.0.0/8"] } } }]),
      ],
      ["an answer of its own", /an action of Cloud Armor/, make([rule({ action: "deny(418)" }), last])],
      ["no condition", /Exactly one of expr/, make([rule({ match: {} }), last])],
      [
        "both kinds of condition",
        /Exactly one of expr/,
        make([rule({ match: { ...everybody, expr: { expression: "true" } } }), last]),
      ],
      [
        "eleven ranges",
        /Between 1 and 10/,
        make([
          rule({ match: { ...everybody, config: { srcIpRanges: Array(11).fill("10.0.0.0/8") } } }),
          last,
        ]),
      ],
      ["a limit without its options", /rateLimitOptions/, make([rule({ action: "throttle" }), last])],
      ["a limit on a denial", /rateLimitOptions/, make([rule({ rateLimitOptions: limit }), last])],
      [
        "a limit over 45 seconds",
        /intervalSec/,
        throttle({ rateLimitThreshold: { count: 1, intervalSec: 45 } }),
      ],
      ["a limit of nothing", /count/, throttle({ rateLimitThreshold: { count: 0, intervalSec: 60 } })],
      [
        "a limit beyond a million",
        /between 1 and 1000000/,
        throttle({ rateLimitThreshold: { count: 1_000_001, intervalSec: 60 } }),
      ],
      [
        "a ban beyond ten thousand",
        /between 1 and 10000\./,
        make([
          rule({
            action: "rate_based_ban",
            rateLimitOptions: { ...limit, rateLimitThreshold: { count: 10_001, intervalSec: 60 } },
          }),
          last,
        ]),
      ],
      ["a ban by throttle", /Only with rate_based_ban/, throttle({ banDurationSec: 60 })],
      ["a key without its name", /enforceOnKeyName/, throttle({ enforceOnKey: "HTTP_HEADER" })],
      ["a long description", /at most 64/, make([rule({ description: "x".repeat(65) }), last])],
      ["a wrong parser", /jsonParsing/, make([last], { advancedOptionsConfig: { jsonParsing: "YES" } })],
      [
        "content types without a parser",
        /Only applicable when jsonParsing/,
        make([last], { advancedOptionsConfig: { jsonCustomConfig: { contentTypes: ["a/b"] } } }),
      ],
      [
        "an expression that is none",
        /Syntax error/,
        make([rule({ match: { expr: { expression: "request.path ==" } } }), last]),
      ],
    ],
  );

  it("refuses to delete a policy that guards a backend, and takes it once that is gone", () => {
    const n = new GcpNetwork();
    const policy = make([last])(n);
    const backend = n.cloud.make("gcp:compute/backendService:BackendService", {
      name: "backend",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      securityPolicy: policy.state.selfLink,
    });
    expect(() => n.cloud.delete(policy)).to.throw(/^resourceInUseByAnotherResource/);
    n.cloud.delete(backend);
    n.cloud.delete(policy);
    expect(n.cloud.read(policy)).to.deep.equal({});
  });

  it("lets everybody in when it is given no rules", () => {
    const { cloud } = new GcpNetwork();
    const { rules } = cloud.make(token.securityPolicy, { name: "open" }).state;
    expect(rules).to.deep.equal([{ priority: 2147483647, action: "allow", match: everybody }]);
  });

  const expressions: [string, RegExp | undefined][] = [
    [
      "request.path.urlDecode().lower().matches('^/v1/(a|b)(/|$)') && !inIpRange(origin.ip, '192.0.2.0/24')",
      undefined,
    ],
    ["has(request.headers['x-key']) && request.headers['x-key'].contains(R\"a'b\")", undefined],
    ["evaluatePreconfiguredWaf('xss-v33-stable', {'sensitivity': 0, 'opt_in_rule_ids': ['a']})", undefined],
    ["int(request.headers['content-length']) > 8192", undefined],
    ["request.body.contains('x')", /undeclared reference to 'request.body'/],
    ["request.path", /must evaluate to a boolean/],
    ["request.path.includes('x')", /no matching overload for 'includes'/],
    ["request.path.matches('(?!x)')", /invalid regular expression/],
    ["request.path.matches('(')", /invalid regular expression/],
    ["inIpRange(origin.ip, '192.0.2.1/24')", /no IP range/],
    ["evaluatePreconfiguredWaf('sqli-v34-stable')", /not a preconfigured WAF rule set/],
    ["evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 5})", /invalid option 'sensitivity'/],
    ["evaluatePreconfiguredWaf('sqli-v33-stable', {'opt_in_rule_ids': ['a']})", /needs sensitivity 0/],
    ["request.method == 'GET' && (request.method == 'HEAD'", /expected '\)'/],
    ["request.method = 'GET'", /token recognition error/],
    [Array(6).fill("request.method == 'GET'").join(" || "), /6 subexpressions of 5/],
    [`request.path == '${"x".repeat(2048)}'`, /characters of 2048/],
  ];
  for (const [expression, wording] of expressions)
    it(`${wording ? "refuses" : "takes"} ${expression.slice(0, 70)}`, () => {
      if (wording) expect(refusalOf(expression)).to.match(wording);
      else expect(refusalOf(expression)).to.equal(undefined);
    });
});
