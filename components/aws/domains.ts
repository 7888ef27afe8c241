import { endpointNames } from "./endpoints.js";

/**
 * The egress allow-list in the form of each AWS service. Entries are host names; `*.example.com` stands for
 * every name below example.com, without example.com itself.
 */

/**
 * Capacity of the Network Firewall rule group that holds the list, at one for each name and protocol. It is fixed
 * when the group is made and another one replaces it, so there is room for any likely list; a policy takes 30,000
 * in all (Network Firewall quotas).
 */
export const listCapacity = 2000;

/**
 * For a Network Firewall domain list, where `.example.com` stands for the names below example.com.
 * There it takes in example.com too; DNS Firewall, which knows the difference, does not resolve that.
 * Names that a wildcard covers are left out: two rules for one name would be a duplicate.
 *
 * @throws when there are more names than {@link listCapacity} holds.
 */
export function firewallTargets(allowed: string[]): string[] {
  const names = tidy(allowed);
  const parents = names.filter(isWildcard).map((name) => name.slice(1));
  const targets = names
    .map((name) => (isWildcard(name) ? name.slice(1) : name))
    .filter((target) => !parents.some((parent) => parent !== target && `.${target}`.endsWith(parent)));
  if (targets.length > listCapacity / 2)
    throw new Error(`egress allow-list: found ${targets.length} hosts, right is at most ${listCapacity / 2}`);
  return targets;
}

/**
 * For a DNS Firewall domain list: the allow-list, and the names of AWS's own that are answered inside the VPC
 * (endpoints, cluster, database, cache, instances) and so never reach the Network Firewall.
 * Reverse look-ups are not among them: nothing here needs one, and they are a way out.
 */
export function resolverDomains(allowed: string[], region: string, bedrock: boolean): string[] {
  return tidy([...allowed, ...endpointNames(region, bedrock), ...vpcNames(region)]);
}

function vpcNames(region: string): string[] {
  return [
    `*.${region}.eks.amazonaws.com`,
    `*.${region}.rds.amazonaws.com`,
    "*.cache.amazonaws.com",
    // The VPC's own domain: instances' names, and the last of every pod's search domains.
    region === "us-east-1" ? "*.ec2.internal" : `*.${region}.compute.internal`,
  ];
}

const isWildcard = (name: string) => name.startsWith("*.");

function tidy(names: string[]): string[] {
  return [...new Set(names.map((name) => name.trim().toLowerCase().replace(/\.$/, "")))].sort();
}
