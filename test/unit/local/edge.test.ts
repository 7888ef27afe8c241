import { expect } from "chai";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

const zone = ({ cloud }: Network) =>
  String(cloud.invoke("aws:route53/getZone:getZone", { name: "example.com" }).zoneId);
const record = (n: Network, more: Props) =>
  n.cloud.make(token.record, { zoneId: zone(n), type: "A", ttl: 60, records: ["192.0.2.1"], ...more });
const alias = (n: Network, name: unknown, zoneId: unknown) =>
  record(n, {
    name: "api",
    ttl: undefined,
    records: undefined,
    aliases: [{ name, zoneId, evaluateTargetHealth: true }],
  });

const requested = ({ cloud }: Network, more: Props = {}) =>
  cloud.make(token.certificate, { domainName: "api.example.com", validationMethod: "DNS", ...more });
const options = (certificate: WorldObject) =>
  certificate.state.domainValidationOptions as Record<string, string>[];
const proved = (n: Network, certificate: WorldObject) =>
  options(certificate).map((option) =>
    record(n, { name: option.resourceRecordName, type: "CNAME", records: [option.resourceRecordValue] }),
  );
const issued = (n: Network): string => {
  const certificate = requested(n);
  const validationRecordFqdns = proved(n, certificate).map(({ state }) => state.fqdn);
  n.cloud.make(token.certificateValidation, { certificateArn: certificate.id, validationRecordFqdns });
  return certificate.id;
};

describe("local AWS: Route 53 and ACM", () => {
  refuses([
    [
      "a zone that does not exist",
      ({ cloud }) => cloud.invoke("aws:route53/getZone:getZone", { name: "example.net" }),
      /no matching Route 53 Hosted Zone/,
    ],
    ["a record of no zone", (n) => record(n, { name: "api", zoneId: "Z1" }), /^NoSuchHostedZone/],
    ["a record twice", (n) => [1, 2].map(() => record(n, { name: "api" })), /^InvalidChangeBatch/],
    [
      "a CNAME beside another record",
      (n) => (
        record(n, { name: "api" }),
        record(n, { name: "api.example.com.", type: "CNAME", records: ["a.example.net"] })
      ),
      /conflicts with other records/,
    ],
    [
      "a CNAME at the apex",
      (n) => record(n, { name: "example.com", type: "CNAME", records: ["a.example.net"] }),
      /not permitted at apex/,
    ],
    ["a record without a TTL", (n) => record(n, { name: "api", ttl: undefined }), /records,ttl/],
    [
      "an address that is none",
      (n) => record(n, { name: "api", records: ["a.example.net"] }),
      /not a valid IPv4 address/,
    ],
    [
      "an alias of nothing",
      (n) => alias(n, "none.us-east-1.elb.amazonaws.com", "Z35SXDOTRQ7X7K"),
      /that target was not found/,
    ],
    [
      "an alias in the wrong zone",
      (n) => alias(n, n.loadBalancer().state.dnsName, "Z1H1FL5HABSF5"),
      /does not lie within the target zone/,
    ],
    [
      "a routing policy without an identifier",
      (n) => record(n, { name: "api", failoverRoutingPolicies: [{ type: "PRIMARY" }] }),
      /setIdentifier/,
    ],
    [
      "a first name of 65 characters",
      (n) => requested(n, { domainName: `${"a".repeat(53)}.example.com` }),
      /no longer than 64/,
    ],
    ["a certificate for what is no name", (n) => requested(n, { domainName: "exa_mple" }), /a domain name/],
    [
      "to wait for a record that isn't there",
      (n) => n.cloud.make(token.certificateValidation, { certificateArn: requested(n).id }),
      /timeout while waiting for state to become 'ISSUED'/,
    ],
    [
      "validation records that leave a name out",
      (n) =>
        n.cloud.make(token.certificateValidation, {
          certificateArn: requested(n).id,
          validationRecordFqdns: [],
        }),
      /missing api.example.com DNS validation record/,
    ],
  ]);

  it("adds the zone's name, and overwrites when asked", () => {
    const n = new Network(new FakeWorld());
    expect(record(n, { name: "api" }).state).to.include({ name: "api", fqdn: "api.example.com" });
    expect(record(n, { name: "api", allowOverwrite: true, records: ["192.0.2.2"] }).state.fqdn).to.equal(
      "api.example.com",
    );
  });

  it("asks for the same record for a name, its wildcard and another region", () => {
    const cloud = new FakeWorld();
    const ask = (more: Props) =>
      options(cloud.make(token.certificate, { domainName: "example.com", validationMethod: "DNS", ...more }));
    const [plain, wild] = ask({ subjectAlternativeNames: ["*.example.com"] });
    const [far] = ask({ region: "eu-west-1" });
    expect(wild?.resourceRecordName).to.equal(plain?.resourceRecordName);
    expect(far).to.deep.equal(plain);
    expect(plain?.resourceRecordName).to.match(/^_[0-9a-f]{32}\.example\.com\.$/);
    expect(plain?.resourceRecordValue).to.match(/^_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.$/);
  });

  it("issues the certificate once its records are in the zone", () => {
    const n = new Network(new FakeWorld());
    expect(n.cloud.world.find(token.certificate, issued(n))?.state).to.include({ status: "ISSUED" });
  });
});

describe("local AWS: load balancing", () => {
  const listener = (n: Network, more: Props = {}) =>
    n.cloud.make(token.listener, {
      loadBalancerArn: n.cloud.world.list(token.loadBalancer)[0]?.id ?? n.loadBalancer().id,
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
      ],
      ...more,
    });
  const forward = (targetGroupArn: string) => [{ type: "forward", targetGroupArn }];
  const rule = (n: Network, on: WorldObject, more: Props = {}) =>
    n.cloud.make(token.listenerRule, {
      listenerArn: on.id,
      priority: 10,
      conditions: [{ hostHeader: { values: ["api.example.com"] } }],
      actions: forward(n.cloud.world.list(token.targetGroup)[0]?.id ?? n.targetGroup().id),
      ...more,
    });

  refuses([
    ["a name of 33 characters", (n) => n.loadBalancer({ name: "x".repeat(33) }), /1 to 32/],
    ["a name that begins with internal-", (n) => n.loadBalancer({ name: "internal-x" }), /internal-/],
    ["a name twice", (n) => [1, 2].map(() => n.loadBalancer()), /^DuplicateLoadBalancerName/],
    ["one zone", (n) => n.loadBalancer({ subnets: [n.a.id] }), /two different Availability Zones/],
    [
      "two subnets in a zone",
      (n) => n.loadBalancer({ subnets: [n.a.id, n.subnet("10.0.9.0/24", "a").id] }),
      /multiple subnets in the same/,
    ],
    ["an idle timeout over 4000 s", (n) => n.loadBalancer({ idleTimeout: 4001 }), /range \(1 - 4000\)/],
    [
      "logs to a bucket without a policy",
      (n) =>
        n.loadBalancer({
          accessLogs: { enabled: true, bucket: n.cloud.make(token.bucket, { bucket: "edge-logs" }).id },
        }),
      /Access Denied for bucket: edge-logs/,
    ],
    [
      "to delete a protected load balancer",
      (n) => n.cloud.delete(n.loadBalancer({ enableDeletionProtection: true })),
      /deletion protection is enabled/,
    ],
    [
      "a health check that outlasts its interval",
      (n) => n.targetGroup({ healthCheck: { interval: 10, timeout: 10 } }),
      /smaller than the interval/,
    ],
    ["a target group without a port", (n) => n.targetGroup({ port: undefined }), /port is required/],
    ["a second listener on a port", (n) => [1, 2].map(() => listener(n)), /^DuplicateListener/],
    [
      "HTTPS without a certificate",
      (n) => listener(n, { protocol: "HTTPS" }),
      /A certificate must be specified/,
    ],
    [
      "a certificate that waits for its records",
      (n) => listener(n, { protocol: "HTTPS", certificateArn: requested(n).id }),
      /^UnsupportedCertificate/,
    ],
    [
      "an SSL policy of no such name",
      (n) =>
        listener(n, { protocol: "HTTPS", certificateArn: issued(n), sslPolicy: "ELBSecurityPolicy-TLS14" }),
      /^SSLPolicyNotFound/,
    ],
    [
      "a redirect to itself",
      (n) => listener(n, { defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }] }),
      /creates a loop/,
    ],
    ["TCP on an application load balancer", (n) => listener(n, { protocol: "TCP" }), /^UnsupportedProtocol/],
    [
      "a priority twice",
      (n) => {
        const on = listener(n);
        rule(n, on);
        rule(n, on);
      },
      /^PriorityInUse/,
    ],
    [
      "six condition values",
      (n) =>
        rule(n, listener(n), {
          conditions: [{ pathPattern: { values: ["/1", "/2", "/3", "/4", "/5", "/6"] } }],
        }),
      /'5' condition values/,
    ],
    [
      "a target group behind two load balancers",
      (n) => {
        const group = n.targetGroup();
        listener(n, { defaultActions: forward(group.id) });
        listener(n, {
          loadBalancerArn: n.loadBalancer({ name: "other" }).id,
          defaultActions: forward(group.id),
        });
      },
      /^TargetGroupAssociationLimit/,
    ],
    [
      "a target group of another VPC",
      (n) => listener(n, { defaultActions: forward(new Network(n.cloud, "10.1").targetGroup().id) }),
      /not in the VPC/,
    ],
    [
      "to delete a target group in use",
      (n) => {
        rule(n, listener(n));
        n.cloud.delete(n.cloud.world.list(token.targetGroup)[0] as WorldObject);
      },
      /^ResourceInUse/,
    ],
    [
      "to attach no Auto Scaling group",
      (n) =>
        n.cloud.make(token.attachment, {
          autoscalingGroupName: "none",
          lbTargetGroupArn: n.targetGroup().id,
        }),
      /AutoScalingGroup 'none' not found/,
    ],
  ]);

  it("takes logs once the bucket's policy lets it write", () => {
    const n = new Network(new FakeWorld());
    const bucket = n.cloud.make(token.bucket, { bucket: "edge-logs" }).id;
    const writer = {
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
    };
    const policy = (folder: string) => ({
      Version: "2012-10-17",
      Statement: [{ ...writer, Resource: `arn:aws:s3:::edge-logs/${folder}/*` }],
    });
    const made = n.cloud.make(token.bucketPolicy, { bucket, policy: policy("other") });
    const accessLogs = { enabled: true, bucket, prefix: "access" };
    expect(() => n.loadBalancer({ accessLogs })).to.throw(/Access Denied/);
    n.cloud.update(made, { bucket, policy: policy("access/AWSLogs/123456789012") });
    const balancer = n.loadBalancer({ accessLogs });
    expect(balancer.id).to.match(
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/app\/edge\/[0-9a-f]{16}$/,
    );
    expect(balancer.state).to.include({ zoneId: "Z35SXDOTRQ7X7K", vpcId: n.vpc.id });
    expect(alias(n, balancer.state.dnsName, balancer.state.zoneId).state.fqdn).to.equal("api.example.com");
  });
});

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

describe("local AWS: S3 and CloudWatch Logs", () => {
  const bucket = ({ cloud }: Network, name = "edge-logs") => cloud.make(token.bucket, { bucket: name }).id;
  const policy = (n: Network, statement: Props) =>
    n.cloud.make(token.bucketPolicy, {
      bucket: n.cloud.world.list(token.bucket)[0]?.id ?? bucket(n),
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::edge-logs/*",
            ...statement,
          },
        ],
      },
    });
  const group = ({ cloud }: Network, more: Props) => cloud.make(token.logGroup, { name: "app", ...more });
  const key = ({ cloud }: Network, more: Props = {}) =>
    cloud.make(token.key, {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Effect: "Allow",
            Principal: { Service: "logs.us-east-1.amazonaws.com" },
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: "*",
            ...more,
          },
        ],
      }),
    }).state.arn;
  const only = (pattern: string) => ({
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:123456789012:log-group:${pattern}`,
      },
    },
  });

  refuses([
    ...["Edge", "ab", "a..b", "192.168.0.1", "xn--a", "edge-s3alias", "a".repeat(64)].map(
      (name): [string, (n: Network) => unknown, RegExp] => [
        `the bucket name ${name}`,
        (n) => bucket(n, name),
        /bucket naming rules/,
      ],
    ),
    [
      "a bucket's name in another region",
      (n) => (bucket(n), n.cloud.make(token.bucket, { bucket: "edge-logs", region: "eu-west-1" })),
      /^BucketAlreadyOwnedByYou/,
    ],
    [
      "a policy about another bucket",
      (n) => policy(n, { Resource: "arn:aws:s3:::other/*" }),
      /invalid resource/,
    ],
    [
      "a public policy where they are blocked",
      (n) => {
        n.cloud.make(token.publicAccessBlock, { bucket: bucket(n), blockPublicPolicy: true });
        policy(n, {});
      },
      /^AccessDenied/,
    ],
    [
      "a KMS key with S3's own encryption",
      (n) =>
        n.cloud.make(token.bucketEncryption, {
          bucket: bucket(n),
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", kmsMasterKeyId: key(n) } }],
        }),
      /not applicable/,
    ],
    [
      "a lifecycle rule that does nothing",
      (n) =>
        n.cloud.make(token.bucketLifecycle, { bucket: bucket(n), rules: [{ id: "r", status: "Enabled" }] }),
      /At least one action/,
    ],
    [
      "settings of no bucket",
      ({ cloud }) =>
        cloud.make(token.bucketVersioning, {
          bucket: "none",
          versioningConfiguration: { status: "Enabled" },
        }),
      /^NoSuchBucket/,
    ],
    ["a log group twice", (n) => (group(n, {}), group(n, {})), /^ResourceAlreadyExistsException/],
    ["a retention of 31 days", (n) => group(n, { retentionInDays: 31 }), /retentionInDays/],
    ["a reserved log group name", (n) => group(n, { name: "aws/app" }), /reserved for AWS/],
    [
      "a key that does not let CloudWatch Logs in",
      (n) => group(n, { kmsKeyId: key(n, { Principal: { Service: "rds.amazonaws.com" } }) }),
      /^AccessDeniedException/,
    ],
    [
      "a key for other log groups",
      (n) => group(n, { kmsKeyId: key(n, only("other-*")) }),
      /^AccessDeniedException/,
    ],
    [
      "an eleventh resource policy",
      ({ cloud }) => {
        const statement = {
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: "logs:PutLogEvents",
          Resource: "*",
        };
        for (let i = 0; i < 11; i++)
          cloud.make(token.logResourcePolicy, {
            policyName: `p${i}`,
            policyDocument: { Version: "2012-10-17", Statement: [statement] },
          });
      },
      /^LimitExceededException/,
    ],
  ]);

  it("takes a key whose policy names the log group", () => {
    const n = new Network(new FakeWorld());
    expect(group(n, { kmsKeyId: key(n, only("ap*")) }).state.arn).to.equal(
      "arn:aws:logs:us-east-1:123456789012:log-group:app",
    );
  });
});

describe("local AWS: account", () => {
  const zones = (region: string, args: Props = {}) =>
    new FakeWorld(region).invoke("aws:index/getAvailabilityZones:getAvailabilityZones", args);

  it("knows each region's zones", () => {
    expect(zones("us-east-1").names).to.deep.equal("abcdef".split("").map((letter) => `us-east-1${letter}`));
    expect(zones("us-west-1").names).to.deep.equal(["us-west-1a", "us-west-1c"]);
    expect(zones("eu-west-1", { excludeNames: ["eu-west-1a"] }).zoneIds).to.deep.equal([
      "euw1-az2",
      "euw1-az3",
    ]);
    expect(() => zones("mars-1")).to.throw(/no region found/);
  });

  it("knows itself", () => {
    const cloud = new FakeWorld("us-gov-west-1");
    expect(cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity").accountId).to.equal("123456789012");
    expect(cloud.invoke("aws:index/getPartition:getPartition").partition).to.equal("aws-us-gov");
    expect(cloud.invoke("aws:index/getRegion:getRegion").region).to.equal("us-gov-west-1");
  });
});
