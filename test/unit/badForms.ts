import type { BadConfig } from "./badConfigs.js";
import type { RawConfig } from "./configBase.js";

const cell = (region: string, cidr: string, more: Record<string, unknown> = {}) => ({
  cloud: "aws",
  region,
  cidr,
  ...more,
});

/** Keys, what is missing, the topology, secrets. */
export const badForms: BadConfig[] = [
  // Keys
  ["unknown key", (c) => (c.regoin = "x"), "javelin:regoin", ["remove it", "topology"]],
  ["misspelt key", (c) => (c.ingres = {}), "javelin:ingres", ['did you mean "ingress"?']],
  ["American spelling", (c) => (c.license = {}), "javelin:license", ['did you mean "licence"?']],
  ["unknown nested key", (c) => (c.dns.zones = 1), "javelin:dns.zones", ['did you mean "zone"?']],
  ["unknown key in a cell", (c) => (c.cells[0]!.cdir = 1), "javelin:cells[0].cdir", ['did you mean "cidr"?']],
  // Missing
  ["no domain", (c) => delete (c as Partial<RawConfig>).domain, "javelin:domain", ["write a DNS name"]],
  ["no dns", (c) => delete (c as Partial<RawConfig>).dns, "javelin:dns", ["write a map", "zone"]],
  ["no cells", (c) => delete (c as Partial<RawConfig>).cells, "javelin:cells", ["write a list of cells"]],
  ["an empty list of cells", (c) => (c.cells = []), "javelin:cells", ["at least one cell"]],
  [
    "a cell without a region",
    (c) => delete c.cells[0]!.region,
    "javelin:cells[0].region",
    ["write a region"],
  ],
  [
    "a cell that is text",
    (c) => (c.cells = ["us-east-1"] as never),
    "javelin:cells[0]",
    ["cloud, region and cidr"],
  ],
  [
    "no apiAccess",
    (c) => delete c.kubernetes.apiAccess,
    "javelin:kubernetes.apiAccess",
    ["[]", "inside the network"],
  ],
  ["no version", (c) => delete c.gateway.version, "javelin:gateway.version", ["exact image tag"]],
  ["no account", (c) => delete c.gateway.accountId, "javelin:gateway.accountId", ["Javelin account"]],
  ["a map that is not JSON", (c) => (c.dns = "{zone" as never), "javelin:dns", ["write a map"]],
  // Topology
  [
    "unknown topology",
    (c) => (c.topology = "cross-regio"),
    "javelin:topology",
    ['did you mean "cross-region"?'],
  ],
  [
    "two cells in one region",
    (c) => c.cells.push(cell("us-west-2", "10.20.0.0/16")),
    "javelin:cells",
    ["topology cross-region"],
  ],
  ["one cell across regions", (c) => (c.topology = "cross-region"), "javelin:cells", ["needs two cells"]],
  [
    "an objective that cannot be",
    (c) => (c.objectives = { failoverSeconds: 60 }),
    "javelin:objectives.failoverSeconds",
    ["cannot fail over"],
  ],
  [
    "the accelerator before one cell",
    (c) => (c.dns.accelerator = "true"),
    "javelin:dns.accelerator",
    ["between regions", "write false"],
  ],
  // Secrets
  [
    "a licence that is no JWT",
    (c) => (c.licence = { jwt: "hunter22", publicKey: "x" }),
    "javelin:licence.jwt",
    ["three parts"],
  ],
  [
    "Clerk's keys swapped",
    (c) => (c.clerk = { secretKey: "pk_test_hunter22", publishableKey: "sk_test_hunter22" }),
    "javelin:clerk.secretKey",
    ["starts with sk_"],
  ],
  [
    "registry credentials as text",
    (c) => (c.registryAuth = "user:hunter22"),
    "javelin:registryAuth",
    ["username, token"],
  ],
];
