import type { BadConfig } from "./badConfigs.js";
import type { RawConfig } from "./configBase.js";

const regions = {
  aws: ["us-east-1", "us-west-2"],
  azure: ["eastus2", "westus3"],
  gcp: ["us-central1", "us-east4"],
};

/** Two cells of one cloud that share a database, with machines that can; then one thing is spoilt. */
const shared =
  (change: (c: RawConfig) => unknown, cloud: keyof typeof regions = "aws") =>
  (c: RawConfig): void => {
    c.topology = "cross-region";
    c.size = "standard";
    c.database = { replication: "global" };
    c.cells = regions[cloud].map((region, index) => ({
      ...{ cloud, region, cidr: `10.${index + 1}0.0.0/16` },
      ...(cloud === "gcp" && { project: "example-project" }),
    }));
    if (cloud === "azure") c.kubernetes.admins = ["00000000-0000-0000-0000-000000000001"];
    change(c);
  };

const replication = "javelin:database.replication";
const machine = "javelin:database.instanceClass";

/** What a database over regions asks for. */
export const badData: BadConfig[] = [
  [
    "a shared database for one cell",
    (c) => (c.database = { replication: "global" }),
    replication,
    ["write independent", "cross-region"],
  ],
  [
    "a shared database over two clouds",
    shared((c) => {
      c.kubernetes.admins = ["00000000-0000-0000-0000-000000000001"];
      c.cells[1] = { cloud: "azure", region: "eastus2", cidr: "10.20.0.0/16" };
    }),
    replication,
    ["aws and azure", "write independent"],
  ],
  [
    "writes sent to cells that only read",
    shared((c) => (c.dns.mode = "active-active")),
    "javelin:dns.mode",
    ["write active-passive", "independent"],
  ],
  [
    "a copy beside the original",
    shared((c) => Object.assign(c.cells[1]!, { region: "us-east-1", name: "second" })),
    "javelin:cells[1].region",
    ["cells[0]", "another region"],
  ],
  [
    "a version that each region could move by itself",
    shared((c) => (c.database = { replication: "global", version: "16" })),
    "javelin:database.version",
    ['"16.11"'],
  ],
  [
    "the small size's burstable class",
    shared((c) => (c.size = "small")),
    machine,
    ["db.r7g.large", "standard"],
  ],
  [
    "a burstable class on AWS",
    shared((c) => (c.database = { replication: "global", instanceClass: "db.t4g.large" })),
    machine,
    ["db.r7g.large"],
  ],
  [
    "a burstable size on Azure",
    shared((c) => (c.database = { replication: "global", instanceClass: "Standard_B2ms" }), "azure"),
    machine,
    ["Standard_D2ds_v5"],
  ],
  [
    "a shared core on GCP",
    shared((c) => (c.database = { replication: "global", instanceClass: "db-g1-small" }), "gcp"),
    machine,
    ["db-custom-2-7680"],
  ],
  [
    "a copy that could not carry the writes",
    shared((c) => Object.assign(c.cells[1]!, { size: "large" })),
    "javelin:cells[1].size",
    ["same size"],
  ],
  [
    "more copies than Azure makes",
    shared((c) => {
      const more = ["westus2", "centralus", "eastus", "southcentralus", "canadacentral"];
      c.cells = [...regions.azure, ...more].map((region, index) => ({
        cloud: "azure",
        region,
        cidr: `10.${index + 1}0.0.0/16`,
      }));
    }, "azure"),
    "javelin:cells",
    ["6 cells or fewer"],
  ],
  [
    "a copy in another project",
    shared((c) => Object.assign(c.cells[1]!, { project: "other-project" }), "gcp"),
    "javelin:cells[1].project",
    ["one project"],
  ],
  [
    "a copy in another subscription",
    shared(
      (c) => Object.assign(c.cells[1]!, { subscription: "00000000-0000-0000-0000-000000000002" }),
      "azure",
    ),
    "javelin:cells[1].subscription",
    ["one subscription"],
  ],
];
