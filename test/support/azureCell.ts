import * as authorization from "@pulumi/azure-native/authorization/index.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import { Compute, type ComputeArgs } from "../../components/azure/compute.js";
import { Firewall } from "../../components/azure/firewall.js";
import { Network } from "../../components/azure/network.js";
import { Secrets, type SecretsArgs } from "../../components/azure/secrets.js";

export const subscriptionId = "00000000-0000-4000-8000-000000000001";
export const common = { prefix: "javelin-dev-main", region: "westeurope" };

/** Network and secrets of a cell, on which the rest stands. */
export function azureGroundwork(inspected: boolean, more: Partial<SecretsArgs> = {}) {
  const provider = new Provider("azure", { location: common.region, subscriptionId });
  const opts = { providers: [provider] };
  const caller = authorization.getClientConfigOutput({ provider });
  const network = new Network(
    "network",
    {
      ...common,
      subscriptionId,
      cidr: "10.20.0.0/16",
      zones: ["1", "2", "3"],
      inspected,
      logRetentionDays: 90,
    },
    opts,
  );
  const { resourceGroupName, workspaceId } = network;
  const secrets = new Secrets(
    "secrets",
    {
      ...common,
      resourceGroupName,
      tenantId: caller.tenantId,
      endpointSubnetId: network.subnetIds.endpoint,
      privateZoneId: network.privateZoneIds.vault,
      protect: false,
      databaseUsername: "javelin",
      customer: { licence: "the-customers-licence" },
      customerKey: false,
      workspaceId,
      ...more,
    },
    opts,
  );
  return { opts, caller, network, secrets };
}

/** A cell as far as its cluster, composed as the cell composes it. */
export function azureCluster(
  inspected: boolean,
  more: Partial<ComputeArgs> = {},
  secretsArgs: Partial<SecretsArgs> = {},
) {
  const { opts, caller, network, secrets } = azureGroundwork(inspected, secretsArgs);
  const firewall = new Firewall(
    "firewall",
    {
      ...common,
      network,
      allowedDomains: ["api.openai.com"],
      ingressAllow: ["0.0.0.0/0"],
      adminAllow: ["203.0.113.0/24"],
      requestsPerMinute: 3000,
      servicePorts: [8000, 8040],
      podCidr: "100.64.0.0/16",
    },
    opts,
  );
  const compute = new Compute(
    "compute",
    {
      ...common,
      resourceGroupName: network.resourceGroupName,
      tenantId: caller.tenantId,
      deployerObjectId: caller.objectId,
      version: "1.35",
      subnetId: network.subnetIds.node,
      routed: network.routed,
      routeTableId: network.routeTableId,
      apiAccess: ["203.0.113.0/24"],
      egressAddresses: firewall.egressAddresses,
      admins: ["44444444-0000-4000-8000-000000000001"],
      zones: ["1", "2", "3"],
      serviceCidr: "172.20.0.0/16",
      podCidr: "100.64.0.0/16",
      nodes: { instanceTypes: ["Standard_D4s_v5"], min: 3, max: 8, desired: 4, diskGiB: 100 },
      ...(secrets.key && { key: secrets.key }),
      workspaceId: network.workspaceId,
      protect: false,
      ready: firewall.ready,
      ...more,
    },
    opts,
  );
  return { opts, network, secrets, firewall, compute };
}
