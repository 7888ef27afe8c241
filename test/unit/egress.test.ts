import { expect } from "chai";
import {
  egressDomains,
  knownProviders,
  providerHosts,
  providerTable,
  type EgressArgs,
} from "../../components/egress.js";
import { registryHosts } from "../../components/registries.js";

const hostForm = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
const args = (more: Partial<EgressArgs> = {}): EgressArgs => ({
  ...{ cloud: "aws", region: "us-east-1", providers: [], domains: [], registries: [], signIn: false },
  ...more,
});

describe("provider hosts", () => {
  for (const provider of knownProviders) {
    it(`${provider}: host names, and where they are from`, () => {
      for (const host of providerHosts(provider, "aws", "us-east-1")) expect(host).to.match(hostForm);
      expect(providerTable.find(({ name }) => name === provider)?.source).to.have.length.above(10);
    });
  }

  it("holds the providers, tools and integrations of the architecture", () => {
    expect(knownProviders).to.include.members(["azure-openai", "bedrock", "gemini", "vertex", "mistral"]);
    expect(knownProviders).to.include.members([
      "lakera",
      "nightfall",
      "protecto",
      "clamav",
      "datadog",
      "splunk",
    ]);
  });

  const table: [string, "aws" | "azure" | "gcp", string, string[]][] = [
    ["bedrock", "aws", "eu-west-1", ["bedrock-runtime.eu-west-1.amazonaws.com"]],
    ["bedrock/us-west-2", "azure", "eastus", ["bedrock-runtime.us-west-2.amazonaws.com"]],
    ["openai", "gcp", "us-east1", ["api.openai.com"]],
    ["azure-openai", "azure", "eastus", ["*.openai.azure.com", "login.microsoftonline.com"]],
    ["azure-openai/mine", "gcp", "us-east1", ["mine.openai.azure.com", "login.microsoftonline.com"]],
    ["protecto/trial", "aws", "us-east-1", ["trial.protecto.ai"]],
    ["splunk/acme", "aws", "us-east-1", ["http-inputs-acme.splunkcloud.com"]],
  ];
  for (const [provider, cloud, region, hosts] of table) {
    it(`${provider} from ${cloud} ${region}`, () =>
      expect(providerHosts(provider, cloud, region)).to.deep.equal(hosts));
  }

  it("vertex: the cell's region on GCP, the global endpoint elsewhere", () => {
    expect(providerHosts("vertex", "gcp", "us-east1")).to.include("us-east1-aiplatform.googleapis.com");
    expect(
      providerHosts("vertex", "aws", "us-east-1").filter((h) => h.endsWith("aiplatform.googleapis.com")),
    ).to.have.length(1);
  });

  it("datadog: another site", () => {
    expect(providerHosts("datadog/datadoghq.eu", "aws", "us-east-1")).to.include("api.datadoghq.eu");
  });

  const refused: [string, string][] = [
    ["opnai", "known are anthropic"],
    ["", "known are anthropic"],
    ["constructor", "known are anthropic"],
    ["openai/mine", "takes nothing after a slash"],
    ["azure-openai/", "after the slash"],
    ["azure-openai/a/b", "after the slash"],
    ["azure-openai/*", "after the slash"],
    ["splunk/A b", "after the slash"],
  ];
  for (const [provider, words] of refused) {
    it(`refuses "${provider}"`, () =>
      expect(() => providerHosts(provider, "aws", "us-east-1")).to.throw(words));
  }

  it("asks for Bedrock's region outside AWS", () => {
    expect(() => providerHosts("bedrock", "gcp", "us-east1")).to.throw("bedrock/<region>");
  });
});

describe("the egress allow-list", () => {
  it("is sorted, each name once", () => {
    const domains = egressDomains(
      args({ providers: ["openai", "anthropic"], domains: ["z.example", "api.openai.com"] }),
    );
    expect(domains).to.deep.equal([...new Set(domains)].sort());
    expect(domains.filter((d) => d === "api.openai.com")).to.have.length(1);
  });

  it("holds what it is derived from and nothing else", () => {
    expect(
      egressDomains(args({ domains: ["*.example.com"], registries: ["ghcr.io/x"], signIn: true })),
    ).to.deep.equal([
      ...["*.example.com", "api.clerk.com", "ghcr.io", "monitoring.us-east-1.amazonaws.com"],
      "pkg-containers.githubusercontent.com",
    ]);
    expect(egressDomains(args({ cloud: "gcp", region: "us-east1" }))).to.deep.equal([]);
  });

  it("lets nodes with GPUs on Azure fetch their drivers, and no other nodes", () => {
    const drivers = ["download.docker.com", "nvidia.github.io", "us.download.nvidia.com"];
    const azure = args({ cloud: "azure", region: "eastus2" });
    expect(egressDomains({ ...azure, gpu: true })).to.include.members(drivers);
    for (const others of [{ ...azure, gpu: false }, azure, args({ gpu: true })])
      expect(egressDomains(others).filter((host) => drivers.includes(host))).to.deep.equal([]);
  });

  it("never opens a whole store or registry of others", () => {
    const registries = [
      "ghcr.io/x",
      "registry.k8s.io/a/b:1",
      "nvcr.io/nvidia/x:1",
      "docker.io/x",
      "quay.io/x",
    ];
    const all = egressDomains(args({ providers: knownProviders, registries, signIn: true }));
    for (const name of ["*.amazonaws.com", "*.pkg.dev", "*.googleapis.com", "*.cloudfront.net"])
      expect(all).not.to.include(name);
  });

  it("takes no wildcards on GCP and says what to write", () => {
    const gcp = { cloud: "gcp", region: "us-east1" } as const;
    expect(() => egressDomains(args({ ...gcp, providers: ["azure-openai"] }))).to.throw(
      "azure-openai/<resource>",
    );
    expect(() => egressDomains(args({ ...gcp, domains: ["*.example.com"] }))).to.throw("write each name");
    expect(egressDomains(args({ ...gcp, providers: ["azure-openai/mine"] }))).to.include(
      "mine.openai.azure.com",
    );
  });
});

describe("registry hosts", () => {
  const ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  it("none for an ECR registry of the cell's region", () =>
    expect(registryHosts(`${ecr}/x`, "aws", "us-east-1")).to.deep.equal([]));
  it("an ECR registry elsewhere, with its layers", () =>
    expect(registryHosts(`${ecr}/x`, "aws", "eu-west-1")).to.deep.equal([
      ecr,
      "api.ecr.us-east-1.amazonaws.com",
      "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
    ]));
  it("registry.k8s.io, with the bucket that serves the region", () => {
    const hosts = (region: string) => registryHosts("registry.k8s.io/a:1", "aws", region);
    expect(hosts("eu-west-1")).to.include(
      "prod-registry-k8s-io-eu-west-1.s3.dualstack.eu-west-1.amazonaws.com",
    );
    expect(hosts("ap-east-2")).to.include(
      "prod-registry-k8s-io-ap-east-1.s3.dualstack.ap-east-1.amazonaws.com",
    );
    for (const host of hosts("eu-west-2")) expect(host).to.match(hostForm);
  });
  it("one that is not listed: itself", () =>
    expect(registryHosts("registry.example.com/x", "aws", "x")).to.deep.equal(["registry.example.com"]));
});
