import { isPublic } from "../../addresses.js";
import type { Resource } from "../../policy.js";
import { at, list, lower, missing, text } from "../../values.js";

/** One rule of a network security group, however it was written; text in lower case, as Azure compares it. */
export interface SecurityRule {
  direction: unknown;
  access: unknown;
  protocol: unknown;
  /** Destination ports: `443`, `8000-8010`, `*`. */
  ports: unknown[];
  /** Blocks, service tags, and ids of application security groups. */
  sources: unknown[];
  destinations: unknown[];
}

export const securityRule = "azure-native:network:SecurityRule";
export const group = "azure-native:network:NetworkSecurityGroup";

/** Every type that holds rules of a network security group. */
export const ruleTypes: readonly string[] = [securityRule, group];

/** The rules that a resource holds. */
export function securityRules({ type, props }: Resource): SecurityRule[] {
  return (type === group ? list(at(props, "securityRules")) : [props]).map(read);
}

function read(rule: unknown): SecurityRule {
  const given = (...keys: string[]) =>
    keys.flatMap((key) => list(at(rule, key))).filter((value) => !missing(value));
  const peers = (side: "source" | "destination") => [
    ...given(`${side}AddressPrefix`, `${side}AddressPrefixes`),
    ...given(`${side}ApplicationSecurityGroups`).map((one) => at(one, "id")),
  ];
  return {
    direction: lower(at(rule, "direction")),
    access: lower(at(rule, "access")),
    protocol: lower(at(rule, "protocol")),
    ports: given("destinationPortRange", "destinationPortRanges").map(text),
    sources: peers("source").map(lower),
    destinations: peers("destination").map(lower),
  };
}

/** Everybody, in the words of a security group and of Azure Firewall. */
export const anybody: readonly unknown[] = ["*", "any", "internet"];

/** Whether a block or a service tag holds addresses of the internet; `AzureCloud` are those of every tenant. */
export function isInternet(peer: unknown): boolean {
  return anybody.includes(peer) || isPublic(peer) || /^azurecloud\b/.test(String(peer));
}
