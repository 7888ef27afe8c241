import type { RawConfig } from "./configBase.js";

/** What is done to a good config, the path that must be named, and words that the remedy must hold. */
export type BadConfig = [what: string, break_: (config: RawConfig) => void, path: string, words: string[]];

const cell = (region: string, cidr: string, more: Record<string, unknown> = {}) => ({
  cloud: "aws",
  region,
  cidr,
  ...more,
});
const bedrockRoute = (name: string) => ({
  providers: [{ name: "b", type: "bedrock" }],
  routes: [{ name: "chat", type: "chat", models: [{ name, provider: "b" }] }],
});
const longLabel = "a".repeat(64);

export const badConfigs: BadConfig[] = [
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
  // Not built yet
  [
    "cross-region",
    (c) => (c.topology = "cross-region"),
    "javelin:topology",
    ["not built yet", "single-region"],
  ],
  ["a cell on Azure", (c) => (c.cells[0]!.cloud = "azure"), "javelin:cells[0].cloud", ["write aws"]],
  ["a cell on GCP", (c) => (c.cells[0]!.cloud = "gcp"), "javelin:cells[0].cloud", ["write aws"]],
  ["a zone on GCP", (c) => (c.dns.cloud = "gcp"), "javelin:dns.cloud", ["write aws"]],
  [
    "a global database",
    (c) => (c.database = { replication: "global" }),
    "javelin:database.replication",
    ["write independent"],
  ],
  ["the accelerator", (c) => (c.dns.accelerator = "true"), "javelin:dns.accelerator", ["write false"]],
  [
    "an existing network",
    (c) => (c.cells[0]!.network = { id: "vpc-1", subnets: {} }),
    "javelin:cells[0].network",
    ["leave it out"],
  ],
  // Cells
  ["unknown cloud", (c) => (c.cells[0]!.cloud = "asw"), "javelin:cells[0].cloud", ['did you mean "aws"?']],
  [
    "unknown region",
    (c) => (c.cells[0]!.region = "us-est-1"),
    "javelin:cells[0].region",
    ['did you mean "us-east-1"?'],
  ],
  [
    "a region of another partition",
    (c) => (c.cells[0]!.region = "cn-north-1"),
    "javelin:cells[0].region",
    ["a region of aws"],
  ],
  ["a CIDR that is none", (c) => (c.cells[0]!.cidr = "10.10/16"), "javelin:cells[0].cidr", ["RFC 1918"]],
  [
    "host bits",
    (c) => (c.cells[0]!.cidr = "10.10.0.1/16"),
    "javelin:cells[0].cidr",
    ["no bits set after the prefix"],
  ],
  ["a public CIDR", (c) => (c.cells[0]!.cidr = "11.0.0.0/16"), "javelin:cells[0].cidr", ["private"]],
  ["too large", (c) => (c.cells[0]!.cidr = "10.0.0.0/15"), "javelin:cells[0].cidr", ["/16 to /20"]],
  ["too small", (c) => (c.cells[0]!.cidr = "10.0.0.0/21"), "javelin:cells[0].cidr", ["/16 to /20"]],
  [
    "overlapping cells",
    (c) => (c.cells = [cell("us-east-1", "10.10.0.0/16"), cell("us-west-2", "10.10.16.0/20")]),
    "javelin:cells[1].cidr",
    ["overlaps javelin:cells[0].cidr"],
  ],
  [
    "a cell on the services' range",
    (c) => (c.cells[0]!.cidr = "172.20.0.0/16"),
    "javelin:cells[0].cidr",
    ["javelin:kubernetes.serviceCidr"],
  ],
  [
    "a cell named twice",
    (c) => (c.cells = [cell("us-east-1", "10.10.0.0/16"), cell("us-east-1", "10.20.0.0/16")]),
    "javelin:cells[1].name",
    ["name of its own"],
  ],
  ["a cell named api", (c) => (c.cells[0]!.name = "api"), "javelin:cells[0].name", ["gateway's own"]],
  ["a cell name with capitals", (c) => (c.cells[0]!.name = "East"), "javelin:cells[0].name", ["lower-case"]],
  [
    "a cell name of 25 characters",
    (c) => (c.cells[0]!.name = "a".repeat(25)),
    "javelin:cells[0].name",
    ["at most 24"],
  ],
  ["one zone", (c) => (c.cells[0]!.zones = ["us-east-1a"]), "javelin:cells[0].zones", ["two or three"]],
  [
    "four zones",
    (c) => (c.cells[0]!.zones = ["a", "b", "c", "d"].map((z) => `us-east-1${z}`)),
    "javelin:cells[0].zones",
    ["two or three"],
  ],
  [
    "a zone twice",
    (c) => (c.cells[0]!.zones = ["us-east-1a", "us-east-1a"]),
    "javelin:cells[0].zones[1]",
    ["different zones"],
  ],
  [
    "a zone of another region",
    (c) => (c.cells[0]!.zones = ["us-east-1a", "us-west-2a"]),
    "javelin:cells[0].zones[1]",
    ["a zone of us-east-1"],
  ],
  [
    "three zones where there are two",
    (c) => {
      c.size = "standard";
      c.cells[0]!.region = "us-west-1";
    },
    "javelin:cells[0].zones",
    ["us-west-1a, us-west-1c"],
  ],
  ["unknown size", (c) => (c.size = "medium"), "javelin:size", ["small or standard or large"]],
  [
    "unknown size of a cell",
    (c) => (c.cells[0]!.size = "standrd"),
    "javelin:cells[0].size",
    ['did you mean "standard"?'],
  ],
  // DNS
  ["a domain outside the zone", (c) => (c.domain = "gw.example.org"), "javelin:domain", ["zone example.com"]],
  [
    "a domain that ends like the zone",
    (c) => (c.domain = "gw.myexample.com"),
    "javelin:domain",
    ["zone example.com"],
  ],
  ["a domain with a scheme", (c) => (c.domain = "https://gw.example.com"), "javelin:domain", ["DNS name"]],
  ["a domain in capitals", (c) => (c.domain = "GW.example.com"), "javelin:domain", ["lower case"]],
  ["a label of 64", (c) => (c.domain = `${longLabel}.example.com`), "javelin:domain", ["at most 63"]],
  [
    "a common name of 65",
    (c) => (c.domain = `${"a".repeat(49)}.example.com`),
    "javelin:domain",
    ["at most 60", "common name"],
  ],
  ["a domain of 254", (c) => (c.domain = `${"a.".repeat(122)}example.com`), "javelin:domain", ["253"]],
  ["an interval that Route 53 lacks", (c) => (c.dns.interval = 20), "javelin:dns.interval", ["10 or 30"]],
  ["a threshold of 11", (c) => (c.dns.threshold = 11), "javelin:dns.threshold", ["from 1 to 10"]],
  ["a TTL of 0", (c) => (c.dns.ttl = 0), "javelin:dns.ttl", ["from 1 to"]],
  ["a TTL in words", (c) => (c.dns.ttl = "30s"), "javelin:dns.ttl", ["whole number"]],
  // Access
  [
    "admin for everybody",
    (c) => (c.ingress = { admin: ["0.0.0.0/0"] }),
    "javelin:ingress.admin[0]",
    ["/8 or narrower"],
  ],
  [
    "admin for everybody in halves",
    (c) => (c.ingress = { admin: ["0.0.0.0/1", "128.0.0.0/1"] }),
    "javelin:ingress.admin[1]",
    ["/8 or narrower"],
  ],
  [
    "the cluster's API for everybody",
    (c) => (c.kubernetes.apiAccess = ["0.0.0.0/0"]),
    "javelin:kubernetes.apiAccess[0]",
    ["offices"],
  ],
  [
    "a private range at the public API",
    (c) => (c.kubernetes.apiAccess = ["10.0.0.0/8"]),
    "javelin:kubernetes.apiAccess[0]",
    ["internet sees"],
  ],
  [
    "nobody may call",
    (c) => (c.ingress = { allow: [] }),
    "javelin:ingress.allow",
    ["0.0.0.0/0 is everybody"],
  ],
  ["an IPv6 range", (c) => (c.ingress = { allow: ["::/0"] }), "javelin:ingress.allow[0]", ["IPv4"]],
  [
    "a rate below WAF's least",
    (c) => (c.ingress = { requestsPerMinute: 9 }),
    "javelin:ingress.requestsPerMinute",
    ["from 10"],
  ],
  [
    "an idle timeout that cuts streams",
    (c) => (c.ingress = { idleTimeoutSeconds: 60 }),
    "javelin:ingress.idleTimeoutSeconds",
    ["from 300 to 4000"],
  ],
  [
    "an idle timeout beyond the ALB's",
    (c) => (c.ingress = { idleTimeoutSeconds: 4001 }),
    "javelin:ingress.idleTimeoutSeconds",
    ["from 300 to 4000"],
  ],
  [
    "an admin that is a user",
    (c) => (c.kubernetes.admins = ["arn:aws:iam::123456789012:user/me"]),
    "javelin:kubernetes.admins[0]",
    ["ARN of an IAM role"],
  ],
  // Egress
  [
    "unknown provider",
    (c) => (c.egress = { providers: ["opnai"] }),
    "javelin:egress.providers[0]",
    ['did you mean "openai"?', "anthropic", "lakera"],
  ],
  [
    "a resource that reaches elsewhere",
    (c) => (c.egress = { providers: ["azure-openai/evil.com#"] }),
    "javelin:egress.providers[0]",
    ["after the slash"],
  ],
  [
    "a domain with a scheme to call",
    (c) => (c.egress = { domains: ["https://a.example"] }),
    "javelin:egress.domains[0]",
    ["without scheme"],
  ],
  [
    "a domain with a port",
    (c) => (c.egress = { domains: ["a.example:8443"] }),
    "javelin:egress.domains[0]",
    ["port"],
  ],
  ["an address", (c) => (c.egress = { domains: ["192.0.2.1"] }), "javelin:egress.domains[0]", ["host name"]],
  [
    "a wildcard inside",
    (c) => (c.egress = { domains: ["a.*.example.com"] }),
    "javelin:egress.domains[0]",
    ["*.example.com"],
  ],
  [
    "a wildcard on a top-level domain",
    (c) => (c.egress = { domains: ["*.com"] }),
    "javelin:egress.domains[0]",
    ["*.example.com"],
  ],
  ["everything", (c) => (c.egress = { domains: ["*"] }), "javelin:egress.domains[0]", ["host name"]],
  // Software
  ["latest", (c) => (c.gateway.version = "latest"), "javelin:gateway.version", ["exact image tag"]],
  [
    "a version that YAML took for a number",
    (c) => (c.gateway.version = 1.2),
    "javelin:gateway.version",
    ["in quotes"],
  ],
  [
    "a registry with a scheme",
    (c) => (c.gateway.registry = "https://ghcr.io/x"),
    "javelin:gateway.registry",
    ["without scheme"],
  ],
  [
    "unknown service",
    (c) => (c.gateway.services = ["core", "admin", "flag", "webap"]),
    "javelin:gateway.services[3]",
    ['did you mean "webapp"?'],
  ],
  ["no flag", (c) => (c.gateway.services = ["core", "admin"]), "javelin:gateway.services", ["without flag"]],
  [
    "a cell without core",
    (c) => (c.cells[0]!.services = ["webapp"]),
    "javelin:cells[0].services",
    ["without core, admin, flag"],
  ],
  [
    "a service twice",
    (c) => (c.gateway.services = ["core", "core", "admin", "flag"]),
    "javelin:gateway.services",
    ["core is named twice"],
  ],
  [
    "an image of an unknown service",
    (c) => (c.gateway.images = { cor: "ghcr.io/x/y:1" }),
    "javelin:gateway.images.cor",
    ['did you mean "core"?'],
  ],
  [
    "an image without a tag",
    (c) => (c.gateway.images = { core: "ghcr.io/x/y" }),
    "javelin:gateway.images.core",
    ["exact tag or a digest"],
  ],
  [
    "an image at latest",
    (c) => (c.gateway.images = { core: "ghcr.io/x/y:latest" }),
    "javelin:gateway.images.core",
    ["exact tag or a digest"],
  ],
  [
    "a header with a space",
    (c) => (c.gateway.apiKeyHeader = "x key"),
    "javelin:gateway.apiKeyHeader",
    ["x-api-key"],
  ],
  // Kubernetes, database, cache, logs
  ["an old Kubernetes", (c) => (c.kubernetes.version = "1.29"), "javelin:kubernetes.version", ["1.35"]],
  [
    "min above max",
    (c) => (c.kubernetes.nodes = { min: 5 }),
    "javelin:kubernetes.nodes",
    ["min ≤ desired ≤ max"],
  ],
  ["a pool of nothing", (c) => (c.kubernetes.nodes = { min: 0 }), "javelin:kubernetes.nodes.min", ["from 1"]],
  ["GPUs for nobody", (c) => (c.kubernetes.gpu = { max: 2 }), "javelin:kubernetes.gpu", ["guard"]],
  [
    "fewer GPUs than guard models",
    (c) => {
      c.gateway.services = ["core", "admin", "flag", "guard", "guard-cm"];
      c.kubernetes.gpu = { min: 1, desired: 1, max: 1 };
    },
    "javelin:kubernetes.gpu.max",
    ["2 guard models"],
  ],
  [
    "a machine that the region lacks",
    (c) => (c.cells[0]!.region = "ca-west-1"),
    "javelin:kubernetes.nodes.instanceTypes",
    ["ca-west-1 does not offer it"],
  ],
  ["an old Postgres", (c) => (c.database = { version: "15.4" }), "javelin:database.version", ["16 or newer"]],
  ["no backups", (c) => (c.database = { backupDays: 0 }), "javelin:database.backupDays", ["from 1 to 35"]],
  ["six replicas", (c) => (c.cache = { replicas: 6 }), "javelin:cache.replicas", ["from 0 to 5"]],
  [
    "a retention that CloudWatch lacks",
    (c) => (c.logs = { retentionDays: 45 }),
    "javelin:logs.retentionDays",
    ["write 60"],
  ],
  ["protect that is neither", (c) => (c.protect = "yes"), "javelin:protect", ["true or false"]],
  // Routes
  [
    "a provider that may not be called",
    (c) => (c.routes = bedrockRoute("amazon.nova-pro-v1:0")) && (c.egress = {}),
    "javelin:routes.providers[0].type",
    ["egress.providers"],
  ],
  [
    "a model that the region lacks",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.cells[0]!.region = "eu-central-1";
      c.routes = bedrockRoute("cohere.command-r-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ["us-east-1, us-west-2", "this cell"],
  ],
  [
    "a model that needs a profile",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = bedrockRoute("anthropic.claude-sonnet-4-5-20250929-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ["us.anthropic.claude-sonnet-4-5"],
  ],
  [
    "a profile of another continent",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = bedrockRoute("eu.anthropic.claude-sonnet-4-5-20250929-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ["eu-central-1"],
  ],
  [
    "an unknown model",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = bedrockRoute("amazon.nova-pr-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ['did you mean "amazon.nova-pro-v1:0"?', "bedrockModels"],
  ],
  [
    "an unknown provider of a model",
    (c) =>
      (c.routes = { routes: [{ name: "r", type: "chat", models: [{ name: "m", provider: "nobody" }] }] }),
    "javelin:routes.routes[0].models[0].provider",
    ["routes.providers"],
  ],
  [
    "a route without models",
    (c) => (c.routes = { routes: [{ name: "r", type: "chat", models: [] }] }),
    "javelin:routes.routes[0].models",
    ["at least one model"],
  ],
  [
    "two routes of one name",
    (c) => (c.routes = { gateways: [{ name: "g" }, { name: "g" }] }),
    "javelin:routes.gateways[1].name",
    ["write another"],
  ],
  [
    "a cell's route that no other cell has",
    (c) => (c.cells[0]!.routes = { gateways: [{ name: "g" }] }),
    "javelin:cells[0].routes.gateways[0].name",
    ["every cell has the same names"],
  ],
  [
    "a key's value beside its name",
    (c) => (c.routes = { keys: [{ name: "k", provider: "p", apiKey: "hunter22" }] }),
    "javelin:routes.keys[0].apiKey",
    ["remove it"],
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
