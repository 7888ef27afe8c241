import { expect } from "chai";
import fc from "fast-check";
import { Address4 } from "ip-address";
import { cellRules } from "../../../components/azure/paths.js";
import {
  cellTiers,
  maxServices,
  planSubnets,
  serviceAddress,
  tiers,
} from "../../../components/azure/subnets.js";
import { paths } from "../../../components/azure/wafRules.js";

const cidrs = fc
  .tuple(fc.integer({ min: 16, max: 20 }), fc.nat(0xffffff))
  .map(
    ([length, bits]) =>
      `${new Address4(`10.${bits >> 16}.${(bits >> 8) & 255}.0/${length}`).startAddress().correctForm()}/${length}`,
  );

describe("Azure subnet plan", () => {
  it("lays every tier inside the network, apart from the others", () => {
    fc.assert(
      fc.property(cidrs, (cidr) => {
        const plan = planSubnets(cidr);
        const blocks = tiers.map((tier) => new Address4(plan[tier]));
        for (const block of blocks) {
          expect(block.isInSubnet(new Address4(cidr))).to.equal(true);
          expect(block.startAddress().correctForm()).to.equal(block.correctForm());
          expect(blocks.filter((other) => other.isInSubnet(block))).to.have.length(1);
        }
        expect(new Address4(plan.firewall).subnetMask).to.be.at.most(26);
        expect(new Address4(plan.data).subnetMask).to.be.at.most(28);
      }),
    );
  });

  it("keeps addresses for Services: distinct, in the node subnet, and none that Azure keeps", () => {
    fc.assert(
      fc.property(cidrs, (cidr) => {
        const { node } = planSubnets(cidr);
        const all = Array.from({ length: maxServices }, (_, i) => serviceAddress({ node }, i));
        expect(new Set(all).size).to.equal(maxServices);
        for (const address of all)
          expect(new Address4(address).isInSubnet(new Address4(node))).to.equal(true);
        expect(all).not.to.include(new Address4(node).endAddress().correctForm());
      }),
      { numRuns: 20 },
    );
    expect(serviceAddress({ node: "10.0.0.0/18" }, 0)).to.equal("10.0.63.254");
    expect(() => serviceAddress({ node: "10.0.0.0/18" }, maxServices)).to.throw(/found 16, right is 0 to 15/);
  });

  for (const [cidr, problem] of [
    ["10.0.0.0/21", /length \/21/],
    ["10.0.0.0/15", /length \/15/],
    ["10.0.1.0/16", /first address of the block, 10.0.0.0\/16/],
    ["fd00::/16", /IPv4 block/],
  ] as [string, RegExp][])
    it(`refuses ${cidr}`, () => expect(() => planSubnets(cidr)).to.throw(problem));
});

describe("Azure security rules", () => {
  const plan = planSubnets("10.20.0.0/16");
  const given = {
    region: "westeurope",
    plan,
    podCidr: "100.64.0.0/16",
    ingressAllow: ["198.51.100.0/24"],
    servicePorts: [8000],
  };
  const all = cellRules(given);

  it("have priorities of their own in each tier and direction", () => {
    const keys = all.map(({ tier, direction, priority }) => `${tier} ${direction} ${priority}`);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it("let only nodes to the database, and only nodes to the private endpoints", () => {
    for (const tier of ["data", "endpoint"] as const) {
      const from = all.filter(
        (rule) => rule.tier === tier && rule.direction === "Inbound" && rule.access === "Allow",
      );
      expect([...new Set(from.flatMap((rule) => rule.from))].sort()).to.deep.equal(
        [...new Set([plan.node, ...(tier === "data" ? [plan.data] : [])])].sort(),
      );
    }
  });

  it("let nodes to the internet at 443, to Azure's control plane, and nowhere else", () => {
    const out = all.filter(
      ({ tier, direction, access }) => tier === "node" && direction === "Outbound" && access === "Allow",
    );
    const outside = out.filter(({ to }) => to.some((each) => !/^\d/.test(each)));
    expect(
      outside.map(({ protocol, to, ports }) => `${protocol} ${to.join()} ${ports.join()}`),
    ).to.deep.equal(["Tcp Internet 443", "Udp AzureCloud.westeurope 1194", "Tcp AzureCloud.westeurope 9000"]);
  });

  it("call regions as the tag AzureCloud does", () => {
    const tags = (region: string) => [
      ...new Set(
        cellRules({ ...given, region }).flatMap(({ to }) => to.filter((each) => /^AzureCloud/.test(each))),
      ),
    ];
    expect(tags("francecentral")).to.deep.equal(["AzureCloud.centralfrance"]);
    expect(tags("switzerlandnorth")).to.deep.equal(["AzureCloud.switzerlandn"]);
    expect(tags("northeurope")).to.deep.equal(["AzureCloud.northeurope"]);
  });

  it("let the gateway to the nodes at the services' ports only, and consumers to the gateway at 80 and 443 only", () => {
    const from = (source: string) =>
      all.filter((rule) => rule.from.includes(source)).map(({ tier, ports }) => [tier, ports]);
    expect(from(plan.gateway)).to.deep.equal([["node", ["8000"]]]);
    expect(from("198.51.100.0/24")).to.deep.equal([["gateway", ["80", "443"]]]);
  });

  it("need no empty rule when nobody may come in", () => {
    const closed = cellRules({ ...given, ingressAllow: [], servicePorts: [] });
    expect(closed.every(({ from, ports }) => from.length > 0 && ports.length > 0)).to.equal(true);
    expect(closed.filter(({ name }) => ["consumers", "services"].includes(name))).to.deep.equal([]);
  });

  it("say why in words that Azure takes", () => {
    expect(all.filter(({ why }) => why.length === 0 || why.length > 140)).to.deep.equal([]);
    expect(new Set(all.map(({ tier }) => tier))).to.deep.equal(new Set(cellTiers));
  });
});

describe("Azure WAF", () => {
  /** As the custom rules read a request: by their order, and with their transforms. */
  const judged = (uri: string) => {
    const lower = uri.toLowerCase();
    if (new RegExp(paths.unclean).test(lower)) return "nobody";
    const decoded = decodeURIComponent(lower);
    if (new RegExp(paths.internal).test(decoded)) return "nobody";
    return new RegExp(paths.admin).test(decoded) ? "admins" : "all";
  };
  for (const [uri, who] of [
    ["/v1/query/chat", "all"],
    ["/v1/query/chat?next=//a/../b%2f", "all"],
    ["/v1/administrators", "all"],
    ["/sign-in", "all"],
    ["/", "all"],
    ["/_next/static/a.b.js", "all"],
    ["/v1/admin", "admins"],
    ["/v1/admin?x=1", "admins"],
    ["/V1/Admin/routes", "admins"],
    ["/v1/%61dmin/routes", "admins"],
    ["/v1/routes/chat/reload", "admins"],
    ["/v1/ramparts/scan", "admins"],
    ["/v1/metrics/usage", "nobody"],
    ["/v1/internal/guard/health", "nobody"],
    ["//v1/admin", "nobody"],
    ["/v1//admin", "nobody"],
    ["/v1/./admin", "nobody"],
    ["/x/../v1/admin", "nobody"],
    ["/v1%2fadmin", "nobody"],
    ["/v1/%2e/admin", "nobody"],
    ["/%3f/../v1/admin", "nobody"],
    ["/v1/%2561dmin", "nobody"],
    ["/v1\\admin", "nobody"],
  ] as [string, string][])
    it(`lets ${who} to ${uri}`, () => expect(judged(uri)).to.equal(who));
});
