import type * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { azureCloud } from "./serviceTags.js";

export interface EgressRulesArgs {
  region: string;
  /** Blocks that calls come from: the node subnet, since pods take their node's address. */
  sources: string[];
  /** Hosts that the cell may call at port 443; `*.example.com` for the names below one, as Azure Firewall reads it too. */
  allowedDomains: string[];
  /** GUID of the workspace that the agents send to. */
  workspaceCustomerId: pulumi.Input<string>;
}

/**
 * Where the agent of Container Insights sends logs and takes its orders from, and where everything gets its tokens.
 * By names and not by the service tag AzureMonitor, behind which everybody's workspaces stand: what is sent goes to
 * this workspace. Source: "Network firewall requirements for monitoring Kubernetes cluster".
 */
function monitorHosts(region: string, customerId: pulumi.Input<string>): pulumi.Input<string>[] {
  return [
    pulumi.interpolate`${customerId}.ods.opinsights.azure.com`,
    pulumi.interpolate`${customerId}.oms.opinsights.azure.com`,
    `${region}.monitoring.azure.com`,
    "global.handler.control.monitor.azure.com",
    `${region}.handler.control.monitor.azure.com`,
    "*.ingest.monitor.azure.com",
    "dc.services.visualstudio.com",
    "login.microsoftonline.com",
  ];
}

/**
 * The rule collections of the egress firewall. What no rule allows, Azure Firewall denies. Network rules come first
 * in its order, so they hold nothing that a name could decide. Source of the ports and the tag: "Outbound network
 * and FQDN rules for AKS clusters" and "Control egress traffic using Azure Firewall in AKS".
 */
export function egressRules(
  args: EgressRulesArgs,
): network.FirewallPolicyRuleCollectionGroupArgs["ruleCollections"] {
  const { region, sources } = args;
  const controlPlane = [azureCloud(region)];
  const hosts = [
    ...new Set(args.allowedDomains.map((each) => each.trim().toLowerCase().replace(/\.$/, ""))),
  ].sort();
  const toNetwork = (name: string, protocol: string, port: string, to: string[]) => ({
    ruleType: "NetworkRule" as const,
    name,
    ipProtocols: [protocol],
    sourceAddresses: sources,
    destinationAddresses: to,
    destinationPorts: [port],
  });
  const toHosts = (
    name: string,
    target: { targetFqdns: pulumi.Input<string>[] } | { fqdnTags: string[] },
  ) => ({
    ruleType: "ApplicationRule" as const,
    name,
    protocols: [{ protocolType: "Https", port: 443 }],
    sourceAddresses: sources,
    ...target,
  });
  return [
    {
      ruleCollectionType: "FirewallPolicyFilterRuleCollection",
      name: "cluster",
      priority: 100,
      action: { type: "Allow" },
      rules: [
        toNetwork("tunnel-udp", "UDP", "1194", controlPlane),
        toNetwork("tunnel-tcp", "TCP", "9000", controlPlane),
      ],
    },
    {
      ruleCollectionType: "FirewallPolicyFilterRuleCollection",
      name: "hosts",
      priority: 200,
      action: { type: "Allow" },
      rules: [
        toHosts("kubernetes", { fqdnTags: ["AzureKubernetesService"] }),
        toHosts("monitor", { targetFqdns: monitorHosts(region, args.workspaceCustomerId) }),
        ...(hosts.length > 0 ? [toHosts("allow-list", { targetFqdns: hosts })] : []),
      ],
    },
  ];
}
