import type { BadConfig } from "./badConfigs.js";

const cell = (region: string, cidr: string, more: Record<string, unknown> = {}) => ({
  cloud: "aws",
  region,
  cidr,
  ...more,
});
const longLabel = "a".repeat(64);

/** Cells, DNS and who may call whom. */
export const badPlaces: BadConfig[] = [
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
    "nobody may call",
    (c) => (c.ingress = { allow: [] }),
    "javelin:ingress.allow",
    ["0.0.0.0/0 is everybody"],
  ],
  [
    "more callers than a security group holds rules for",
    (c) => (c.ingress = { allow: Array.from({ length: 31 }, (_, i) => `203.0.${i}.0/24`) }),
    "javelin:ingress.allow",
    ["at most 30"],
  ],
  [
    "a caller twice",
    (c) => (c.ingress = { allow: ["203.0.113.0/24", "203.0.113.0/24"] }),
    "javelin:ingress.allow",
    ["once"],
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
    ["arn:aws:iam::123456789012:role/ops"],
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
  [
    "a wildcard that GCP's firewall lacks",
    (c) => {
      c.cells[0] = { cloud: "gcp", region: "us-east1", cidr: "10.10.0.0/16" };
      c.egress = { domains: ["*.example.com"] };
    },
    "javelin:egress.domains[0]",
    ["write each name"],
  ],
  [
    "Bedrock of another region",
    (c) => (c.egress = { providers: ["bedrock/us-west-2"] }),
    "javelin:egress.providers[0]",
    ["write bedrock"],
  ],
];
