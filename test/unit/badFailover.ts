import type { BadConfig } from "./badConfigs.js";
import type { RawConfig } from "./configBase.js";

type Cell = Record<string, unknown>;

const cell = {
  east: { cloud: "aws", region: "us-east-1", cidr: "10.10.0.0/16" },
  west: { cloud: "aws", region: "us-west-2", cidr: "10.20.0.0/16" },
  azure: { cloud: "azure", region: "eastus2", cidr: "10.30.0.0/16" },
  gcp: { cloud: "gcp", region: "us-central1", cidr: "10.40.0.0/16", project: "example-project" },
} satisfies Record<string, Cell>;

const zones = {
  aws: {},
  azure: { cloud: "azure", resourceGroup: "dns" },
  gcp: { cloud: "gcp", project: "example-project" },
};

/** A good config with two cells or more, and then a change to it. */
const across =
  (dns: keyof typeof zones, cells: readonly Cell[], change: (c: RawConfig) => unknown) =>
  (c: RawConfig): void => {
    c.topology = "cross-region";
    c.dns = { zone: "example.com", ...zones[dns] };
    c.cells = cells.map((each) => ({ ...each }));
    if (cells.includes(cell.azure)) c.kubernetes.admins = ["00000000-0000-0000-0000-000000000001"];
    change(c);
  };

const pair = [cell.east, cell.west];
const gcpPair = [cell.gcp, { ...cell.gcp, region: "us-east4", cidr: "10.50.0.0/16" }] as const;
const limit = (failoverSeconds: number) => (c: RawConfig) => (c.objectives = { failoverSeconds });
const set = (dns: Record<string, unknown>, more?: (c: RawConfig) => unknown) => (c: RawConfig) => {
  Object.assign(c.dns, dns);
  more?.(c);
};
const ranges = (count: number) => (c: RawConfig) =>
  (c.ingress = { allow: Array.from({ length: count }, (_, i) => `198.51.${i}.0/24`) });

/** Cells in several regions and clouds: what no DNS service can do, and what takes too long. */
export const badFailover: BadConfig[] = [
  [
    "an interval that Route 53 does not have",
    across("aws", pair, set({ interval: 20 })),
    "javelin:dns.interval",
    ["10 or 30"],
  ],
  [
    "an interval that Traffic Manager does not have",
    across("azure", pair, set({ interval: 60 })),
    "javelin:dns.interval",
    ["Traffic Manager", "10 or 30"],
  ],
  [
    "checks faster than Cloud DNS's",
    across("gcp", [cell.gcp, cell.azure], set({ interval: 10 })),
    "javelin:dns.interval",
    ["30 or more"],
  ],
  ["a threshold of none", across("aws", pair, set({ threshold: 0 })), "javelin:dns.threshold", ["1 to 10"]],
  [
    "a threshold beyond all",
    across("aws", pair, set({ threshold: 11 })),
    "javelin:dns.threshold",
    ["1 to 10"],
  ],
  [
    "an unknown mode",
    across("aws", pair, set({ mode: "active-standby" })),
    "javelin:dns.mode",
    ["active-passive"],
  ],
  [
    "an AWS cell behind Cloud DNS",
    across("gcp", [cell.gcp, cell.east], () => undefined),
    "javelin:cells[1].cloud",
    ["no fixed ones", "dns.accelerator true"],
  ],
  [
    "the accelerator before another cloud's cell",
    across("aws", [cell.east, cell.azure], set({ accelerator: true })),
    "javelin:dns.accelerator",
    ["cells on aws only", "write false"],
  ],
  [
    "the accelerator behind Traffic Manager",
    across("azure", pair, set({ accelerator: true })),
    "javelin:dns.accelerator",
    ["Traffic Manager", "write false"],
  ],
  [
    "one load balancer before cells on gcp and azure",
    across("gcp", [cell.gcp, cell.azure], set({ accelerator: true })),
    "javelin:dns.accelerator",
    ["those on gcp only", "one is on azure", "write false"],
  ],
  [
    "one load balancer before cells of two projects",
    across("gcp", [cell.gcp, { ...gcpPair[1], project: "other-project" }], set({ accelerator: true })),
    "javelin:cells[1].project",
    ["of one project", "write example-project", "accelerator false"],
  ],
  [
    "one load balancer before three cells, the last of another project",
    across(
      "gcp",
      [...gcpPair, { ...cell.gcp, region: "europe-west1", cidr: "10.60.0.0/16", project: "third-project" }],
      set({ accelerator: true }),
    ),
    "javelin:cells[2].project",
    ["write example-project"],
  ],
  [
    "one load balancer before cells that share a database",
    across(
      "gcp",
      gcpPair,
      set({ accelerator: true }, (c) => (c.database = { replication: "global" })),
    ),
    "javelin:dns.accelerator",
    ["takes no writes", "write false", "replication independent"],
  ],
  [
    "one load balancer of Google's before a single region",
    across("gcp", [cell.gcp], (c) => {
      c.topology = "single-region";
      c.dns.accelerator = true;
    }),
    "javelin:dns.accelerator",
    ["between regions", "write false"],
  ],
  [
    "a failover faster than one load balancer before all cells",
    across("gcp", gcpPair, set({ accelerator: true }, limit(10))),
    "javelin:objectives.failoverSeconds",
    ["at most 15 s", "nodes, one every 5 s", "own database): write 15 or more"],
  ],
  [
    "a failover that one load balancer would make in time",
    across("gcp", gcpPair, limit(20)),
    "javelin:objectives.failoverSeconds",
    ["at most 125 s", "switch dns.accelerator on, if every cell is on gcp"],
  ],
  [
    "a failover that one load balancer would make in time, and that a shared database keeps from it",
    across("gcp", gcpPair, (c) => {
      limit(20)(c);
      c.database = { replication: "global", instanceClass: "db-custom-2-7680" };
    }),
    "javelin:objectives.failoverSeconds",
    ["lower dns.threshold or dns.ttl, or write 125"],
  ],
  [
    "callers without Cloud DNS's checks, where it follows an accelerator of AWS's",
    across("gcp", [cell.gcp, cell.east], set({ accelerator: true }, ranges(2))),
    "javelin:ingress.allow",
    ["Cloud DNS", "0.0.0.0/0"],
  ],
  [
    "a cell that is called like the name of the load balancer before all cells",
    across("gcp", [{ ...cell.gcp, name: "global" }, gcpPair[1]], set({ accelerator: true })),
    "javelin:cells[0].name",
    ["the gateway's own"],
  ],
  [
    "a cell whose resources could be called like those of the load balancer before all cells",
    across("gcp", [{ ...cell.gcp, name: "global-redirect" }, gcpPair[1]], set({ accelerator: true })),
    "javelin:cells[0].name",
    ["does not begin with global-"],
  ],
  [
    "a cell whose resources could be called like another's",
    across(
      "gcp",
      [
        { ...cell.gcp, name: "one-redirect" },
        { ...gcpPair[1], name: "one" },
      ],
      () => undefined,
    ),
    "javelin:cells[0].name",
    ["does not begin with one-"],
  ],
  [
    "the accelerator before two cells of one region",
    across(
      "aws",
      [cell.east, { ...cell.west, region: "us-east-1", name: "second" }],
      set({ accelerator: true }),
    ),
    "javelin:cells[1].region",
    ["no other cell is in", "accelerator false"],
  ],
  [
    "a failover faster than an alias",
    across("aws", pair, limit(83)),
    "javelin:objectives.failoverSeconds",
    ["at most 86 s", "lower dns.threshold", "dns.accelerator", "write 86"],
  ],
  [
    "a failover faster than the accelerator",
    across("aws", pair, set({ accelerator: true }, limit(20))),
    "javelin:objectives.failoverSeconds",
    ["at most 35 s"],
  ],
  [
    "a failover faster than Traffic Manager",
    across("azure", pair, set({ interval: 30 }, limit(90))),
    "javelin:objectives.failoverSeconds",
    ["dns.interval", "dns.ttl", "write 125"],
  ],
  [
    "a failover faster than Cloud DNS",
    across("gcp", [cell.gcp, cell.azure], limit(90)),
    "javelin:objectives.failoverSeconds",
    ["at most 125 s", "lower dns.threshold or dns.ttl"],
  ],
  [
    "callers without Traffic Manager's probes",
    across("azure", pair, ranges(1)),
    "javelin:ingress.allow",
    ["0.0.0.0/0", "zone on aws"],
  ],
  [
    "callers without Cloud DNS's checks",
    across("gcp", [cell.gcp, cell.azure], ranges(2)),
    "javelin:ingress.allow",
    ["Cloud DNS", "0.0.0.0/0"],
  ],
  [
    "so many callers that Route 53's checkers find no room",
    across("aws", pair, ranges(14)),
    "javelin:ingress.allow",
    ["at most 13 ranges"],
  ],
  [
    "a cell that is called like the name that follows the cells",
    across("aws", [{ ...cell.east, name: "active" }, cell.west], () => undefined),
    "javelin:cells[0].name",
    ["the gateway's own"],
  ],
  [
    "two cells of one name",
    across("aws", [cell.east, { ...cell.west, name: "us-east-1" }], () => undefined),
    "javelin:cells[1].name",
    ["same name"],
  ],
  [
    "cells whose networks overlap",
    across("azure", [cell.azure, { ...cell.west, cidr: "10.30.0.0/16" }], () => undefined),
    "javelin:cells[1].cidr",
    ["overlaps"],
  ],
];
