import { expect } from "chai";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { alias, issued, requested } from "../../support/awsNames.js";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

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
