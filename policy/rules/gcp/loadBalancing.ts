import type { Resource } from "../../policy.js";
import { at, differs, list, present, text, unknown } from "../../values.js";

export const forwardingRules = [
  "gcp:compute/globalForwardingRule:GlobalForwardingRule",
  "gcp:compute/forwardingRule:ForwardingRule",
];

/** Services that forwarding rules and proxies lead to, and the scheme that each has when none is named. */
export const backendServices: Record<string, string> = {
  "gcp:compute/backendService:BackendService": "EXTERNAL",
  "gcp:compute/regionBackendService:RegionBackendService": "INTERNAL",
};

/** Whether a forwarding rule or a backend service certainly faces the internet. */
export function isExternal({ type, props }: Resource): boolean {
  // "" is a forwarding rule of Private Service Connect.
  const scheme = at(props, "loadBalancingScheme") ?? backendServices[type] ?? "EXTERNAL";
  return typeof scheme === "string" && !differs(scheme, "EXTERNAL", "EXTERNAL_MANAGED");
}

/** The ports of an external address: named one by one, or as a range. */
export function forwardedPorts(props: unknown): unknown[] {
  if (at(props, "allPorts") === true) return ["all"];
  const ranges = list(at(props, "portRange"))
    .filter(present)
    .map((range) => {
      const [from, to = from] = String(range).split("-");
      return from === to ? from : range;
    });
  const open = at(props, "portRange") === unknown ? [unknown] : [];
  return [...ranges, ...open, ...list(at(props, "ports")).map(text)];
}
