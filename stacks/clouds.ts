import { aws } from "./clouds/aws.js";
import { azure } from "./clouds/azure.js";
import type { CloudFacts } from "./clouds/facts.js";
import { gcp } from "./clouds/gcp.js";

/** The clouds that a cell or the DNS zone may be on. */
export const clouds = ["aws", "azure", "gcp"] as const;
export type Cloud = (typeof clouds)[number];

/** What the config has to know of each. */
export const facts: Readonly<Record<Cloud, CloudFacts>> = { aws, azure, gcp };

/** The regions that a cell may be in. */
export const regionsOf = (cloud: Cloud): string[] => Object.keys(facts[cloud].zones);

/** The availability zones of a region that a cell takes by default; empty for an unknown region. */
export function defaultZones(cloud: Cloud, region: string): string[] {
  const { zones, zoneName } = facts[cloud];
  return [...(zones[region] ?? "")].map((mark) => zoneName(region, mark));
}
