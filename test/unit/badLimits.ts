import { onAzure, onGcp } from "./badClouds.js";
import type { BadConfig } from "./badConfigs.js";
import type { RawConfig } from "./configBase.js";

const apiAccess = "javelin:kubernetes.apiAccess";
const ranges = (count: number): string[] => Array.from({ length: count }, (_, i) => `203.0.113.${i}/32`);
const reached = (from: string[]) => (c: RawConfig) => (c.kubernetes.apiAccess = from);

/** Ranges that nobody calls from over the internet, and some that hold one. */
const unseen = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.1/32", "169.254.169.254/32", "172.20.0.0/16"],
  ...["192.0.0.0/24", "192.168.1.0/24", "192.0.0.0/8", "198.18.0.0/15", "224.0.0.0/24", "255.255.255.255/32"],
];

const withoutPersistentDisk = [
  "n4-standard-4",
  "n4d-standard-4",
  "c4-standard-4",
  "c4d-highmem-8",
  "x4-480-6t",
];
const arm = ["t2a-standard-4", "c4a-standard-4", "n4a-standard-4"];

const nodes = "javelin:kubernetes.nodes.instanceTypes";

/** Numbers, ranges and machines that a cloud refuses, some of them only when the cluster is there already. */
export const badLimits: BadConfig[] = [
  [
    "a longer silence than Azure's load balancers bear",
    onAzure((c) => (c.ingress = { idleTimeoutSeconds: 1801 })),
    "javelin:ingress.idleTimeoutSeconds",
    ["1800"],
  ],
  [
    "logs for a week on Azure",
    onAzure((c) => (c.logs = { retentionDays: 7 })),
    "javelin:logs.retentionDays",
    ["30 to 730"],
  ],
  [
    "backups for a day on Azure",
    onAzure((c) => (c.database = { backupDays: 1 })),
    "javelin:database.backupDays",
    ["7 to 35"],
  ],
  [
    "a rate beyond Cloud Armor's",
    onGcp((c) => (c.ingress = { requestsPerMinute: 1_000_001 })),
    "javelin:ingress.requestsPerMinute",
    ["1000000 or less"],
  ],
  // The cluster's API
  ["more ranges than EKS takes", (c) => reached(ranges(41))(c), apiAccess, ["aws takes 40", "merge"]],
  ["more ranges than AKS takes", onAzure(reached(ranges(200))), apiAccess, ["azure takes 199", "merge"]],
  ...unseen.flatMap((range): BadConfig[] => [
    [
      `${range} before an EKS endpoint`,
      (c) => reached(["203.0.113.0/24", range])(c),
      `${apiAccess}[1]`,
      ["internet sees"],
    ],
    [`${range} before an AKS endpoint`, onAzure(reached([range])), `${apiAccess}[0]`, ["internet sees"]],
  ]),
  // The admin API
  [
    "administrators who cannot call",
    (c) => (c.ingress = { allow: ["198.51.100.0/24"], admin: ["198.51.100.8/32", "203.0.113.0/24"] }),
    "javelin:ingress.admin[1]",
    ["ingress.allow lets nobody", "add it there", "within"],
  ],
  // Nodes
  ...withoutPersistentDisk.map((type): BadConfig => [
    `${type} on GCP`,
    onGcp((c) => (c.kubernetes.nodes = { instanceTypes: [type] })),
    nodes,
    ["Hyperdisk", "n2-standard-4"],
  ]),
  ...arm.map((type): BadConfig => [
    `${type} on GCP`,
    onGcp((c) => (c.kubernetes.nodes = { instanceTypes: [type] })),
    nodes,
    ["Arm", "n2-standard-4"],
  ]),
  ...["m7g.large", "c8gn.xlarge", "x2gd.large", "a1.large"].map((type): BadConfig => [
    `${type} on AWS`,
    (c) => (c.kubernetes.nodes = { instanceTypes: [type] }),
    nodes,
    ["Arm", "m7i.xlarge"],
  ]),
  ...["Standard_D4ps_v5", "Standard_D4plds_v6", "Standard_E16-4ps_v5"].map((type): BadConfig => [
    `${type} on Azure`,
    onAzure((c) => (c.kubernetes.nodes = { instanceTypes: [type] })),
    nodes,
    ["Arm", "Standard_D4s_v5"],
  ]),
  [
    "GPUs without Persistent Disk on GCP",
    onGcp((c) => {
      c.gateway.services = ["core", "admin", "flag", "guard"];
      c.kubernetes.gpu = { instanceTypes: ["a3-ultragpu-8g"] };
    }),
    "javelin:kubernetes.gpu.instanceTypes",
    ["Hyperdisk", "g2-standard-8"],
  ],
  ...(
    [
      ["m7i.xlarge", (change: (c: RawConfig) => void) => change, "g5.2xlarge"],
      ["g4ad.xlarge", (change: (c: RawConfig) => void) => change, "g5.2xlarge"],
      ["Standard_D4s_v5", onAzure, "Standard_NC8as_T4_v3"],
      ["Standard_NV8as_v4", onAzure, "Standard_NC8as_T4_v3"],
      ["n2-standard-8", onGcp, "g2-standard-8"],
    ] as const
  ).map(([type, on, example]): BadConfig => [
    `${type} for a guard model`,
    on((c) => {
      c.gateway.services = ["core", "admin", "flag", "guard"];
      c.kubernetes.gpu = { instanceTypes: [type] };
    }),
    "javelin:kubernetes.gpu.instanceTypes",
    ["no GPU", example],
  ]),
  // Bedrock
  ...["constructor", "__proto__", "toString", "constructor.amazon.nova-lite-v1:0"].map((name): BadConfig => [
    `a Bedrock model called ${name}`,
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = {
        providers: [{ name: "b", type: "bedrock" }],
        routes: [{ name: "r", type: "chat", models: [{ name, provider: "b" }] }],
      };
    },
    "javelin:routes.routes[0].models[0].name",
    ["write a known Bedrock model id"],
  ]),
];
