import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";
import { namesOf, type Backend, type Hosts } from "../ingress.js";
import { physicalName } from "../names.js";
import { AccessLogs, logFolders } from "./accessLogs.js";
import { Certificate } from "./certificate.js";

export interface LoadBalancerArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  accountId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** The alb tier's subnets, in at least two zones. */
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  webAclArn: pulumi.Input<string>;
  /** The public zone of all the host names. */
  zone: ProofZone;
  hosts: Hosts;
  /** Each of at most three path patterns: ELB takes five values a rule, hosts included. */
  backends: Backend[];
  /** Path patterns that get 404 on every host, before any backend: what a backend serves for the cluster only. At most five. */
  hiddenPaths: string[];
  /** The group whose nodes are the targets. */
  autoscalingGroupName: pulumi.Input<string>;
  /** Seconds a connection may be silent, 1 to 4,000. Default 300: a model may think long before it streams. */
  idleTimeout?: number;
  logRetentionDays: number;
  protect: boolean;
}

const notFound = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

/** The public entrance: one Application Load Balancer with its certificate, routing, WAF and logs. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of {@link dnsName}, for an alias record. */
  readonly hostedZoneId: pulumi.Output<string>;
  /** What has to stand before a name points here: guard, routes and targets. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    // Not the nodes' group: all of this would wait for the nodes, and the certificate takes its time too.
    const { zone, autoscalingGroupName, ...inputs } = args;
    super("javelin:aws:LoadBalancer", name, inputs, opts);
    const { prefix, hosts, protect, idleTimeout = 300 } = args;
    const parent = { parent: this };

    const logs = new AccessLogs(
      `${name}-logs`,
      { prefix, accountId: args.accountId, retentionDays: args.logRetentionDays, protect },
      parent,
    );
    const certificate = new Certificate(
      `${name}-tls`,
      {
        zone,
        names: namesOf(hosts),
      },
      parent,
    );

    const alb = new aws.lb.LoadBalancer(
      `${name}-alb`,
      {
        name: physicalName("aws:lb", prefix),
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: args.subnetIds,
        securityGroups: [args.securityGroupId],
        idleTimeout,
        dropInvalidHeaderFields: true,
        // `strictest` would also turn away harmless requests, such as a GET with `Content-Length: 0`.
        desyncMitigationMode: "defensive",
        enableDeletionProtection: protect,
        accessLogs: { enabled: true, bucket: logs.bucket, prefix: logFolders.access },
        connectionLogs: { enabled: true, bucket: logs.bucket, prefix: logFolders.connections },
      },
      { ...parent, protect },
    );
    const guard = new aws.wafv2.WebAclAssociation(
      `${name}-waf`,
      { resourceArn: alb.arn, webAclArn: args.webAclArn },
      parent,
    );

    const redirect = new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: alb.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ],
      },
      parent,
    );
    const listener = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: alb.arn,
        port: 443,
        protocol: "HTTPS",
        // TLS 1.2 and 1.3, forward secrecy only.
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: certificate.arn,
        // Only the rules lead to a service: a request for a name that is not ours ends here.
        defaultActions: [notFound],
        routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
        routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
        routingHttpResponseServerEnabled: false,
      },
      parent,
    );

    const hidden =
      args.hiddenPaths.length === 0
        ? []
        : [
            new aws.lb.ListenerRule(
              `${name}-hidden`,
              {
                listenerArn: listener.arn,
                priority: 1,
                conditions: [{ pathPattern: { values: args.hiddenPaths } }],
                actions: [notFound],
              },
              parent,
            ),
          ];
    const routes = args.backends.flatMap((backend) => {
      const targets = new aws.lb.TargetGroup(
        `${name}-${backend.name}`,
        {
          // The port replaces a target group, and its name must be free for that while a rule still holds the
          // old one; so the port is part of the name.
          name: physicalName("aws:targetGroup", prefix, backend.name, String(backend.port)),
          vpcId: args.vpcId,
          targetType: "instance",
          protocol: "HTTP",
          port: backend.port,
          // Answers differ in length by orders of magnitude; turns would pile the long ones up.
          loadBalancingAlgorithmType: "least_outstanding_requests",
          // A node that leaves may finish the answers it is streaming (ELB allows an hour).
          deregistrationDelay: Math.min(idleTimeout, 3600),
          healthCheck: {
            enabled: true,
            protocol: "HTTP",
            port: "traffic-port",
            path: backend.healthPath,
            matcher: "200",
            interval: 10,
            timeout: 5,
            healthyThreshold: 2,
            unhealthyThreshold: 3,
          },
        },
        parent,
      );
      const names = backend.host === "api" ? [hosts.api, hosts.origin] : [hosts[backend.host]];
      const values = names.filter((host) => host !== undefined);
      if (values.length === 0) throw new Error(`backend ${backend.name}: no host name for "${backend.host}"`);
      const rule = new aws.lb.ListenerRule(
        `${name}-${backend.name}`,
        {
          listenerArn: listener.arn,
          priority: backend.priority,
          conditions: [
            { hostHeader: { values } },
            ...(backend.paths.length > 0 ? [{ pathPattern: { values: backend.paths } }] : []),
          ],
          actions: [{ type: "forward", targetGroupArn: targets.arn }],
        },
        parent,
      );
      const attachment = new aws.autoscaling.Attachment(
        `${name}-${backend.name}`,
        { autoscalingGroupName, lbTargetGroupArn: targets.arn },
        parent,
      );
      return [rule, attachment];
    });

    this.arn = alb.arn;
    this.dnsName = alb.dnsName;
    this.hostedZoneId = alb.zoneId;
    this.ready = [guard, redirect, ...hidden, ...routes];
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName, hostedZoneId: this.hostedZoneId });
  }
}
