import { isGoogleHost } from "./privateZones.js";

/** Names that one firewall rule takes. Source: compute.v1 discovery, FirewallPolicyRuleMatcher.destFqdns. */
export const namesPerRule = 100;

/** At least two labels of 1 to 63 letters, digits and inner hyphens. Source: Cloud NGFW, "FQDN objects". */
const fqdn = /^(?=.{1,255}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The egress allow-list as firewall rules take it: lower case, each name once, sorted, in lists of at most
 * {@link namesPerRule}. Google's own names are left out: they are answered with the addresses of
 * private.googleapis.com, to which a rule of its own leads.
 *
 * @throws for a wildcard, and for what is not a domain name.
 */
export function fqdnLists(allowed: readonly string[]): string[][] {
  const names = [...new Set(allowed.map((name) => name.trim().toLowerCase().replace(/\.$/, "")))].sort();
  for (const name of names) {
    if (name.includes("*"))
      throw new Error(
        `egress allow-list: found "${name}", GCP's firewall takes no wildcards: write each name`,
      );
    if (!fqdn.test(name)) throw new Error(`egress allow-list: found "${name}", right is a full domain name`);
  }
  const others = names.filter((name) => !isGoogleHost(name));
  return Array.from({ length: Math.ceil(others.length / namesPerRule) }, (_, i) =>
    others.slice(i * namesPerRule, (i + 1) * namesPerRule),
  );
}
