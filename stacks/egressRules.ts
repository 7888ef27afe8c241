import { egressDomains, elsewhere, knownProviders } from "../components/egress.js";
import { didYouMean } from "./problems.js";
import type { Parsed, Refuse } from "./rules.js";

/**
 * Whom the gateway may call: every entry has to make sense in every cell, but for those that name a provider as
 * only some clouds' cells call it.
 */
export function egressRules({ values, cells }: Parsed, refuse: Refuse): void {
  // Without a cell in the right form, the entries are still looked at.
  const places = cells.size > 0 ? [...cells.values()] : [{ cloud: "aws" as const, region: "us-east-1" }];
  const check = (entries: readonly string[], path: PropertyKey[], kind: "providers" | "domains"): void => {
    for (const [index, entry] of entries.entries()) {
      const there = places.filter(({ cloud, region }) => elsewhere(entry, cloud, region) === undefined);
      for (const { cloud, region } of there.length > 0 ? there : places) {
        const none = { providers: [], domains: [], registries: [], signIn: false };
        try {
          egressDomains({ ...none, cloud, region, [kind]: [entry] });
        } catch (error) {
          const hint = kind === "providers" ? didYouMean(entry, knownProviders) : "";
          refuse([...path, index], entry, `${(error as Error).message}${hint}`);
          break;
        }
      }
    }
  };
  check(values.egress?.providers ?? [], ["egress", "providers"], "providers");
  check(values.egress?.domains ?? [], ["egress", "domains"], "domains");
  check(values.gateway?.identityProviderDomains ?? [], ["gateway", "identityProviderDomains"], "domains");
}
