import * as gcp from "@pulumi/gcp";
import { expect } from "chai";
import fc from "fast-check";
import { apis } from "../../../components/gcp/apis.js";
import type { ExistingNetwork } from "../../../components/gcp/existingNetwork.js";
import { checkExisting } from "../../../components/gcp/existingNetwork.js";
import { Network } from "../../../components/gcp/network.js";
import { planSubnets } from "../../../components/gcp/subnets.js";
import { UNKNOWN } from "../../../local/behaviour.js";
import { cidrContains, cidrsOverlap } from "../../../local/cidr.js";
import { text } from "../../../local/rules.js";
import { token } from "../../support/gcpNetwork.js";
import { run } from "../../support/mocks.js";

const region = "europe-west1";
const args = {
  prefix: "javelin-dev-a",
  region,
  cidr: "10.10.0.0/16",
  podCidr: "10.64.0.0/14",
  serviceCidr: "10.68.0.0/20",
};
const provider = () => new gcp.Provider("gcp", { project: "proj-1", region });

describe("GCP subnets", () => {
  it("lie in the cell's block and apart, at every length", () => {
    const block = fc
      .tuple(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 255 }))
      .map(([length, second]) => `10.${second}.0.0/${length}`);
    fc.assert(
      fc.property(block, (cidr) => {
        const blocks = Object.values(planSubnets(cidr));
        for (const [i, one] of blocks.entries()) {
          expect(cidrContains(cidr, one), one).to.equal(true);
          for (const other of blocks.slice(i + 1)) expect(cidrsOverlap(one, other)).to.equal(false);
        }
      }),
    );
  });

  it("keep their places", () =>
    expect(planSubnets("10.10.0.0/16")).to.deep.equal({
      node: "10.10.0.0/18",
      endpoint: "10.10.192.0/22",
      cache: "10.10.196.0/29",
    }));

  for (const [cidr, wording] of [
    ["10.10.0.0/15", /length \/15/],
    ["10.10.0.0/21", /length \/21/],
    ["10.10.1.0/16", /first address of the block, 10.10.0.0\/16/],
    ["fd00::/16", /right is an IPv4 block/],
  ] as const)
    it(`refuse ${cidr}`, () => expect(() => planSubnets(cidr)).to.throw(wording));
});

describe("GCP network", () => {
  const made = async (preview = false) =>
    run(() => new Network("network", args, { providers: [provider()] }), { preview });

  it("enables the APIs before anything else, and leaves them on", async () => {
    const { resources } = await made();
    const custom = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    const first = custom.slice(0, Object.keys(apis).length);
    expect(first.map(({ inputs }) => inputs.service)).to.have.members(Object.keys(apis));
    expect(first.every(({ inputs }) => inputs.disableOnDestroy === false)).to.equal(true);
  });

  it("makes a custom network whose policy comes before VPC firewall rules", async () => {
    const { resources } = await made();
    const networks = resources.filter(({ type }) => type === token.network);
    expect(networks).to.have.length(1);
    expect(networks[0]?.inputs).to.include({
      autoCreateSubnetworks: false,
      networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
    });
    expect(resources.filter(({ type }) => type === "gcp:compute/firewall:Firewall")).to.have.length(0);
  });

  it("logs every flow, every translation and every look-up", async () => {
    const { resources } = await made();
    const of = (type: string) => resources.filter((each) => each.type === type).map(({ inputs }) => inputs);
    expect(of(token.subnet).map((each) => text(each, "logConfig.flowSampling"))).to.deep.equal(["1", "1"]);
    expect(of(token.subnet).every((each) => each.privateIpGoogleAccess === true)).to.equal(true);
    expect(of(token.nat).map((each) => each.logConfig)).to.deep.equal([{ enable: true, filter: "ALL" }]);
    expect(of(token.dnsPolicy).map((each) => each.enableLogging)).to.deep.equal([true]);
  });

  it("translates the nodes' addresses only", async () => {
    const { resources, result } = await made();
    const nat = resources.find(({ type }) => type === token.nat);
    const node = resources.find(({ name }) => name === "network-node");
    expect(nat?.inputs.subnetworks).to.deep.equal([
      { name: node?.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] },
    ]);
    // What one provider's many connections need; the static default is 64 ports a node.
    expect(nat?.inputs).to.include({ enableDynamicPortAllocation: true, maxPortsPerVm: 32768 });
    expect(node?.inputs.secondaryIpRanges).to.deep.equal([
      { rangeName: result.podRangeName, ipCidrRange: args.podCidr },
      { rangeName: result.serviceRangeName, ipCidrRange: args.serviceCidr },
    ]);
  });

  it("answers Google's names with private addresses, inside the network only", async () => {
    const { resources } = await made();
    const zones = resources.filter(({ type }) => type === "gcp:dns/managedZone:ManagedZone");
    expect(zones.map(({ inputs }) => inputs.dnsName)).to.have.members([
      "googleapis.com.",
      "gcr.io.",
      "pkg.dev.",
    ]);
    expect(zones.every(({ inputs }) => inputs.visibility === "private")).to.equal(true);
    const records = resources.filter(({ type }) => type === "gcp:dns/recordSet:RecordSet");
    expect(records.map(({ inputs }) => inputs.name)).to.have.members([
      ...["private.googleapis.com.", "*.googleapis.com.", "gcr.io.", "*.gcr.io.", "pkg.dev.", "*.pkg.dev."],
    ]);
    for (const { inputs } of records.filter(({ inputs }) => inputs.type === "A"))
      expect(inputs.rrdatas).to.deep.equal([8, 9, 10, 11].map((last) => `199.36.153.${last}`));
  });

  it("previews with nothing known", async () => {
    const { resources } = await made(true);
    expect(resources.find(({ type }) => type === token.subnet)?.inputs.network).to.equal(UNKNOWN);
  });
});

describe("an existing GCP network", () => {
  const existing: ExistingNetwork = {
    id: "projects/proj-1/global/networks/net",
    subnets: { node: "nodes", endpoint: "projects/proj-1/regions/europe-west1/subnetworks/endpoints" },
    podRange: "pods",
    serviceRange: "services",
  };
  const needs = { project: "proj-1", region, cidr: "10.0.0.0/16", nodes: 8 };
  interface Owner {
    nodes?: string;
    pods?: string;
    services?: string;
    endpoints?: string;
    access?: boolean;
  }
  /** A network as its owner made it, and what is found of it. */
  const found = (wanted: ExistingNetwork, owner: Owner = {}) =>
    run(async () => {
      const opts = { provider: new gcp.Provider("host", { project: "proj-1", region }) };
      const api = new gcp.projects.Service("api", { service: "compute.googleapis.com" }, opts);
      const network = (name: string) =>
        new gcp.compute.Network(name, { name, autoCreateSubnetworks: false }, { ...opts, dependsOn: [api] });
      const [net, other] = [network("net"), network("other")];
      const subnet = (name: string, ipCidrRange: string, more: Partial<gcp.compute.SubnetworkArgs> = {}) =>
        new gcp.compute.Subnetwork(
          name,
          { name, network: net.id, ipCidrRange, privateIpGoogleAccess: owner.access ?? true, ...more },
          opts,
        );
      const secondaryIpRanges = [
        { rangeName: "pods", ipCidrRange: owner.pods ?? "10.64.0.0/16" },
        { rangeName: "services", ipCidrRange: owner.services ?? "10.68.0.0/20" },
      ];
      const all = [
        subnet("nodes", owner.nodes ?? "10.0.0.0/24", { secondaryIpRanges }),
        subnet("endpoints", owner.endpoints ?? "10.0.1.0/28"),
        subnet("elsewhere", "10.0.3.0/24", { network: other.id }),
      ];
      await Promise.all(all.map(({ id }) => new Promise((resolve) => id.apply(resolve))));
      const cell = new gcp.Provider("cell", { project: "proj-1", region });
      const answer = await checkExisting(wanted, needs, { provider: cell });
      if (answer.network)
        new Network("network", { ...args, existing: answer.network }, { providers: [cell] });
      return answer;
    });

  it("is found, and only APIs are made for it", async () => {
    const { resources, result } = await found(existing);
    expect(result.problems).to.deep.equal([]);
    expect(result.network).to.deep.include({
      networkId: existing.id,
      plan: { node: "10.0.0.0/24", endpoint: "10.0.1.0/28", cache: "10.0.255.248/29" },
      podCidr: "10.64.0.0/16",
      subnetIds: {
        node: "projects/proj-1/regions/europe-west1/subnetworks/nodes",
        endpoint: existing.subnets.endpoint,
      },
    });
    const made = resources.filter(({ name, custom }) => custom && name.startsWith("network-"));
    expect(new Set(made.map(({ type }) => type))).to.deep.equal(new Set([token.service]));
  });

  const cases: [string, ExistingNetwork, Owner, RegExp[]][] = [
    ["no such network", { ...existing, id: "none" }, {}, [/^network none: project proj-1 has no such/]],
    [
      "a network of another project",
      { ...existing, id: "projects/host/global/networks/net" },
      {},
      [/^network net: it is shared by the project host.*; write a network of proj-1/],
    ],
    [
      "no such subnets, each",
      { ...existing, subnets: { node: "a", endpoint: "b" } },
      {},
      [/^node a: europe-west1 has no such subnet; write one of endpoints, nodes/, /^endpoint b/],
    ],
    [
      "a subnet of another network",
      { ...existing, subnets: { ...existing.subnets, endpoint: "elsewhere" } },
      {},
      [/^endpoint elsewhere: it belongs to projects\/proj-1\/global\/networks\/other/],
    ],
    ["no private Google access", existing, { access: false }, [/^node.* is off/, /^endpoint.* is off/]],
    [
      "a subnet outside the cell's range",
      existing,
      { nodes: "10.1.0.0/24" },
      [/^node nodes: 10.1.0.0\/24, outside the cell's 10.0.0.0\/16/],
    ],
    [
      "too few addresses",
      existing,
      { nodes: "10.0.0.0/29" },
      [/^node nodes: .* with 4 addresses; 8 nodes take 12/],
    ],
    [
      "no room for the cache",
      existing,
      { endpoints: "10.0.255.0/24" },
      [/^network net: endpoints .*for the cache/],
    ],
    ["too few pods", existing, { pods: "10.64.0.0/21" }, [/^podRange pods: 10.64.0.0\/21.*\/20 or larger/]],
    [
      "too few services",
      existing,
      { services: "10.68.0.0/26" },
      [/^serviceRange services: .*\/24 or larger/],
    ],
    [
      "a range that is not there",
      { ...existing, podRange: "none" },
      {},
      [/^podRange none: nodes has no such secondary range; it has pods, services/],
    ],
    [
      "one range for both",
      { ...existing, serviceRange: "pods" },
      {},
      [/^serviceRange pods: the pods' range/],
    ],
  ];
  for (const [what, wanted, owner, wordings] of cases)
    it(`is refused with ${what}`, async () => {
      const { problems, network } = (await found(wanted, owner)).result;
      expect(network).to.equal(undefined);
      const said = problems.map(({ place, name, found: is, remedy }) => `${place} ${name}: ${is}; ${remedy}`);
      expect(said).to.have.length(wordings.length);
      wordings.forEach((wording, i) => expect(said[i]).to.match(wording));
    });
});
