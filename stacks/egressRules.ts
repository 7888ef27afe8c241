import { egressDomains, knownProviders, providerHosts } from "../components/egress.js";
import { didYouMean } from "./problems.js";
import type { Parsed, Refuse } from "./rules.js";

/** Whom the gateway may call: providers that are known, and lists that each cell's firewall can hold. */
export function egressRules({ values, cells }: Parsed, refuse: Refuse): void {
  const { egress } = values;
  if (!egress) return;
  const place = [...cells.values()][0] ?? { cloud: "aws", region: "us-east-1" };
  const good: string[] = [];
  for (const [index, provider] of egress.providers.entries()) {
    try {
      providerHosts(provider, place.cloud, place.region);
      good.push(provider);
    } catch (error) {
      refuse(
        ["egress", "providers", index],
        provider,
        `${(error as Error).message}${didYouMean(provider, knownProviders)}`,
      );
    }
  }
  for (const { cloud, region } of cells.values()) {
    try {
      egressDomains({
        cloud,
        region,
        providers: good,
        domains: egress.domains,
        registries: [],
        signIn: false,
      });
    } catch (error) {
      refuse(["egress"], egress.domains, (error as Error).message);
    }
  }
}
