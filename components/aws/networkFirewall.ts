import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { firewallTargets, listCapacity } from "./domains.js";

export interface NetworkFirewallArgs {
  prefix: string;
  vpcId: pulumi.Input<string>;
  /** Block of the VPC: what counts as inside. */
  cidr: string;
  zones: string[];
  /** Firewall subnets, in the order of the zones. */
  subnetIds: pulumi.Input<string>[];
  allowedDomains: string[];
  /** True: the firewall cannot be deleted. */
  protect: boolean;
  keyArn: pulumi.Input<string>;
  alertLogGroup: pulumi.Input<string>;
  flowLogGroup: pulumi.Input<string>;
}

/**
 * AWS Network Firewall with one endpoint in each zone. What leaves a node passes if it names an allowed host, by
 * TLS server name or HTTP host; the rest is dropped and reported.
 */
export class NetworkFirewall extends pulumi.ComponentResource {
  /** VPC endpoint of each zone, in the order of the zones. */
  readonly endpointIds: pulumi.Output<string>[];

  constructor(name: string, args: NetworkFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:NetworkFirewall", name, args, opts);
    const parent = { parent: this };
    const encryptionConfiguration = { type: "CUSTOMER_KMS", keyId: args.keyArn };

    const domains = new aws.networkfirewall.RuleGroup(
      `${name}-domains`,
      {
        name: physicalName("aws:firewall", args.prefix, "domains"),
        description: "Hosts that the gateway may call",
        type: "STATEFUL",
        capacity: listCapacity,
        ruleGroup: {
          statefulRuleOptions: { ruleOrder: "STRICT_ORDER" },
          rulesSource: {
            rulesSourceList: {
              generatedRulesType: "ALLOWLIST",
              targetTypes: ["TLS_SNI", "HTTP_HOST"],
              targets: firewallTargets(args.allowedDomains),
            },
          },
        },
        encryptionConfiguration,
      },
      parent,
    );
    const policy = new aws.networkfirewall.FirewallPolicy(
      `${name}-policy`,
      {
        name: physicalName("aws:firewall", args.prefix, "egress"),
        description: "Allow-list of the gateway's egress",
        firewallPolicy: {
          policyVariables: { ruleVariables: [{ key: "HOME_NET", ipSet: { definitions: [args.cidr] } }] },
          statelessDefaultActions: ["aws:forward_to_sfe"],
          statelessFragmentDefaultActions: ["aws:forward_to_sfe"],
          // Reject, so that connections from before the firewall (or a failover of it) are reset and retried at
          // once; dropping would leave them to hang.
          statefulEngineOptions: { ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "REJECT" },
          statefulRuleGroupReferences: [{ priority: 100, resourceArn: domains.arn }],
          // "App layer": a post-quantum Client Hello spans two packets, and the first, without the whole server
          // name, must wait for the second. "To server": the replies that acknowledge it must pass.
          statefulDefaultActions: [
            "aws:drop_established_app_layer_to_server",
            "aws:alert_established_app_layer_to_server",
          ],
        },
        encryptionConfiguration,
      },
      parent,
    );
    const firewall = new aws.networkfirewall.Firewall(
      `${name}-firewall`,
      {
        name: physicalName("aws:firewall", args.prefix, "egress"),
        description: "Egress of the gateway",
        vpcId: args.vpcId,
        firewallPolicyArn: policy.arn,
        subnetMappings: args.subnetIds.map((subnetId) => ({ subnetId })),
        deleteProtection: args.protect,
        encryptionConfiguration,
      },
      parent,
    );
    new aws.networkfirewall.LoggingConfiguration(
      `${name}-logging`,
      {
        firewallArn: firewall.arn,
        loggingConfiguration: {
          logDestinationConfigs: [
            {
              logType: "ALERT",
              logDestinationType: "CloudWatchLogs",
              logDestination: { logGroup: args.alertLogGroup },
            },
            {
              logType: "FLOW",
              logDestinationType: "CloudWatchLogs",
              logDestination: { logGroup: args.flowLogGroup },
            },
          ],
        },
      },
      parent,
    );
    this.endpointIds = args.zones.map((zone) =>
      firewall.firewallStatuses.apply((statuses) => endpointIn(statuses, zone)),
    );
    this.registerOutputs({ endpointIds: this.endpointIds });
  }
}

/**
 * The firewall's endpoint in a zone. By the zone's name: AWS lists the endpoints in no order.
 *
 * @throws when the firewall has none there.
 */
export function endpointIn(
  statuses: aws.types.output.networkfirewall.FirewallFirewallStatus[],
  zone: string,
): string {
  const state = statuses[0]?.syncStates.find(({ availabilityZone }) => availabilityZone === zone);
  const endpoint = state?.attachments[0]?.endpointId;
  if (endpoint) return endpoint;
  const zones = statuses[0]?.syncStates.map(({ availabilityZone }) => availabilityZone).join(", ");
  throw new Error(`the network firewall has no endpoint in ${zone}; it has some in ${zones || "no zone"}`);
}
