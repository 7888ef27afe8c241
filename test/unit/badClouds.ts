import type { BadConfig } from "./badConfigs.js";
import type { RawConfig } from "./configBase.js";

const group = "00000000-0000-0000-0000-000000000001";

/** The same config with its cell on Azure. */
export const onAzure =
  (change: (c: RawConfig) => unknown) =>
  (c: RawConfig): void => {
    c.cells[0] = { cloud: "azure", region: "eastus2", cidr: "10.10.0.0/16" };
    c.kubernetes.admins = [group];
    change(c);
  };

/** The same config with its cell on Google Cloud. */
export const onGcp =
  (change: (c: RawConfig) => unknown) =>
  (c: RawConfig): void => {
    c.cells[0] = { cloud: "gcp", region: "us-central1", cidr: "10.10.0.0/16", project: "example-project" };
    change(c);
  };

const vpc = (subnets: Record<string, string[]>, more: Record<string, unknown> = {}) => ({
  id: "network-1",
  subnets,
  ...more,
});
const pairs = { alb: ["a1", "a2"], node: ["n1", "n2"], data: ["d1", "d2"] };

/** What one cloud takes and another does not. */
export const badClouds: BadConfig[] = [
  // Places
  [
    "an AWS region on Azure",
    onAzure((c) => (c.cells[0]!.region = "us-east-1")),
    "javelin:cells[0].region",
    ["a region of azure", "eastus2"],
  ],
  [
    "an Azure region without zones",
    onAzure((c) => (c.cells[0]!.region = "westus")),
    "javelin:cells[0].region",
    ['did you mean "westus2"?'],
  ],
  [
    "a display name of an Azure region",
    onAzure((c) => (c.cells[0]!.region = "East US 2")),
    "javelin:cells[0].region",
    ["region of the cloud"],
  ],
  [
    "an AWS region on GCP",
    onGcp((c) => (c.cells[0]!.region = "us-east-1")),
    "javelin:cells[0].region",
    ['did you mean "us-east1"?'],
  ],
  [
    "an AWS zone on Azure",
    onAzure((c) => (c.cells[0]!.zones = ["1", "eastus2a"])),
    "javelin:cells[0].zones[1]",
    ["a zone of eastus2, such as 1"],
  ],
  [
    "a fourth zone on Azure",
    onAzure((c) => (c.cells[0]!.zones = ["1", "4"])),
    "javelin:cells[0].zones[1]",
    ["such as 1"],
  ],
  [
    "a zone of another region on GCP",
    onGcp((c) => (c.cells[0]!.zones = ["us-central1-a", "us-east1-b"])),
    "javelin:cells[0].zones[1]",
    ["a zone of us-central1"],
  ],
  ["no project on GCP", onGcp((c) => delete c.cells[0]!.project), "javelin:cells[0].project", ["write it"]],
  [
    "a project number",
    onGcp((c) => (c.cells[0]!.project = "123456789012")),
    "javelin:cells[0].project",
    ["project's id"],
  ],
  [
    "a project on AWS",
    (c) => (c.cells[0]!.project = "example-project"),
    "javelin:cells[0].project",
    ["aws knows no project"],
  ],
  [
    "a subscription by name",
    onAzure((c) => (c.cells[0]!.subscription = "production")),
    "javelin:cells[0].subscription",
    ["subscription's id"],
  ],
  [
    "a subscription on GCP",
    onGcp((c) => (c.cells[0]!.subscription = group)),
    "javelin:cells[0].subscription",
    ["gcp knows no subscription"],
  ],
  // DNS
  ["a zone on GCP without a project", (c) => (c.dns.cloud = "gcp"), "javelin:dns.project", ["write it"]],
  [
    "a zone on Azure without a resource group",
    (c) => (c.dns.cloud = "azure"),
    "javelin:dns.resourceGroup",
    ["write it"],
  ],
  [
    "a resource group of a Route 53 zone",
    (c) => (c.dns.resourceGroup = "dns"),
    "javelin:dns.resourceGroup",
    ["aws knows no resourceGroup"],
  ],
  [
    "a subscription of a Route 53 zone",
    (c) => (c.dns.subscription = group),
    "javelin:dns.subscription",
    ["aws knows no subscription"],
  ],
  // Machines
  [
    "an AWS machine on Azure",
    onAzure((c) => (c.kubernetes.nodes = { instanceTypes: ["m7i.large"] })),
    "javelin:kubernetes.nodes.instanceTypes",
    ["Standard_D4s_v5"],
  ],
  [
    "an Azure machine on AWS",
    (c) => (c.kubernetes.nodes = { instanceTypes: ["Standard_D4s_v5"] }),
    "javelin:kubernetes.nodes.instanceTypes",
    ["m7i.xlarge"],
  ],
  [
    "an AWS machine on GCP",
    onGcp((c) => (c.kubernetes.nodes = { instanceTypes: ["m7i.large"] })),
    "javelin:kubernetes.nodes.instanceTypes",
    ["n2-standard-4"],
  ],
  [
    "an AWS database on Azure",
    onAzure((c) => (c.database = { instanceClass: "db.r7g.xlarge" })),
    "javelin:database.instanceClass",
    ["Standard_D4ds_v5"],
  ],
  [
    "an AWS database on GCP",
    onGcp((c) => (c.database = { instanceClass: "db.r7g.xlarge" })),
    "javelin:database.instanceClass",
    ["db-custom-4-16384"],
  ],
  [
    "a classic cache on Azure",
    onAzure((c) => (c.cache = { nodeType: "Premium_P1" })),
    "javelin:cache.nodeType",
    ["Balanced_B5"],
  ],
  [
    "a cache of 301 GiB on GCP",
    onGcp((c) => (c.cache = { nodeType: "301GiB" })),
    "javelin:cache.nodeType",
    ["5GiB"],
  ],
  [
    "a GPU where GCP has none",
    onGcp((c) => {
      c.cells[0]!.region = "us-south1";
      c.gateway.services = ["core", "admin", "flag", "guard"];
    }),
    "javelin:kubernetes.gpu.instanceTypes",
    ["us-south1 does not offer it"],
  ],
  // Access
  [
    "an Azure cluster without administrators",
    onAzure((c) => (c.kubernetes.admins = [])),
    "javelin:kubernetes.admins",
    ["an Azure cell needs one"],
  ],
  [
    "a role ARN on Azure",
    onAzure((c) => (c.kubernetes.admins = [group, "arn:aws:iam::123456789012:role/ops"])),
    "javelin:kubernetes.admins[1]",
    ["Entra group"],
  ],
  [
    "an address without its kind on GCP",
    onGcp((c) => (c.kubernetes.admins = ["ops@example.com"])),
    "javelin:kubernetes.admins[0]",
    ["group:ops@example.com"],
  ],
  // Egress
  [
    "a wildcard on GCP",
    onGcp((c) => (c.egress = { domains: ["*.example.com"] })),
    "javelin:egress.domains[0]",
    ["write each name"],
  ],
  [
    "a provider with a wildcard on GCP",
    onGcp((c) => (c.egress = { providers: ["azure-openai"] })),
    "javelin:egress.providers[0]",
    ["azure-openai/<resource>"],
  ],
  [
    "Bedrock from Azure without a region",
    onAzure((c) => (c.egress = { providers: ["bedrock"] })),
    "javelin:egress.providers[0]",
    ["bedrock/<region>"],
  ],
  // Certificates
  [
    "an ACME server by http",
    (c) => (c.acme = { server: "http://ca.example.com/dir" }),
    "javelin:acme.server",
    ["https"],
  ],
  ["an ACME address that is none", (c) => (c.acme = { email: "ops" }), "javelin:acme.email", ["address"]],
  [
    "a certificate that is a path",
    (c) => (c.certificate = { pfx: "./gateway.pfx", password: "hunter22" }),
    "javelin:certificate.pfx",
    ["base64"],
  ],
  // Existing networks
  [
    "an existing network without subnets",
    (c) => (c.cells[0]!.network = vpc({})),
    "javelin:cells[0].network.subnets.alb",
    ["write the alb subnet's id"],
  ],
  [
    "an existing network with one zone",
    (c) => (c.cells[0]!.network = vpc({ ...pairs, node: ["n1"] })),
    "javelin:cells[0].network.subnets.node",
    ["one for each zone"],
  ],
  [
    "a tier of another cloud",
    (c) => (c.cells[0]!.network = vpc({ ...pairs, gateway: ["g1"] })),
    "javelin:cells[0].network.subnets.gateway",
    ["known on aws are alb, node, data"],
  ],
  [
    "two node subnets on Azure",
    onAzure(
      (c) =>
        (c.cells[0]!.network = vpc({ gateway: ["g"], node: ["n1", "n2"], data: ["d"], endpoint: ["e"] })),
    ),
    "javelin:cells[0].network.subnets.node",
    ["a subnet spans the region's zones"],
  ],
  [
    "an existing network on GCP without secondary ranges",
    onGcp((c) => (c.cells[0]!.network = vpc({ node: ["n"], endpoint: ["e"] }, { podRange: "pods" }))),
    "javelin:cells[0].network.serviceRange",
    ["secondary range"],
  ],
  [
    "secondary ranges on AWS",
    (c) => (c.cells[0]!.network = vpc(pairs, { podRange: "pods" })),
    "javelin:cells[0].network.podRange",
    ["aws has no secondary ranges"],
  ],
];
