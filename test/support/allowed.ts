import { egressDomains } from "../../components/egress.js";
import type { EgressArgs } from "../../components/egress.js";
import type { StackRun } from "./runs.js";

/** The allow-list of a stack, from what its file names and what its pods pull. */
export function allowedHosts(
  { resources }: StackRun,
  place: Pick<EgressArgs, "cloud" | "region" | "providers">,
): string[] {
  const images = JSON.stringify(
    resources
      .filter(({ type }) => /^kubernetes:(apps|batch)\/v1:/.test(type))
      .map(({ inputs }) => inputs["spec"]),
  ).matchAll(/"image":"([^"]+)"/g);
  return egressDomains({
    ...place,
    domains: [],
    registries: [...images].flatMap(([, image]) => image ?? []),
    signIn: true,
  });
}
