import * as pulumi from "@pulumi/pulumi";
import type { ComputeArgs } from "./compute.js";

/** Pods in a range of their own, Cilium between them, and one way out. */
export function networkProfile({ routed, podCidr, serviceCidr }: ComputeArgs) {
  return {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    loadBalancerSku: "standard",
    outboundType: routed ? "userDefinedRouting" : "userAssignedNATGateway",
    podCidr,
    serviceCidr,
    dnsServiceIP: dnsAddress(serviceCidr),
  };
}

/** Who reaches the Kubernetes API. Run Command is off: it would reach into the cluster past its network. */
export function apiServerAccess({ apiAccess, egressAddresses }: ComputeArgs) {
  if (apiAccess.length === 0)
    return {
      enablePrivateCluster: true,
      enablePrivateClusterPublicFQDN: false,
      privateDNSZone: "system",
      disableRunCommand: true,
    };
  const nodes = egressAddresses.map((address) => pulumi.interpolate`${address}/32`);
  return { authorizedIPRanges: [...apiAccess, ...nodes], disableRunCommand: true };
}

/** The ARM id of a subnet's virtual network. */
export function networkOf(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]*$/i, "");
}

/** The tenth address of the service range, where cluster DNS is by convention. AKS takes any but the first. */
export function dnsAddress(serviceCidr: string): string {
  const [address = ""] = serviceCidr.split("/");
  const parts = address.split(".").map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 10].join(".");
}
