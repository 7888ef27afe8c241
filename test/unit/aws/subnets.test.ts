import { expect } from "chai";
import fc from "fast-check";
import { Address4 } from "ip-address";
import { maxZones, planSubnets, tiers, vpcPrefix } from "../../../components/aws/subnets.js";

const range = (cidr: string): [bigint, bigint] => {
  const block = new Address4(cidr);
  return [block.startAddress().bigInt(), block.endAddress().bigInt()];
};

const vpc = fc
  .record({ length: fc.integer(vpcPrefix), address: fc.integer({ min: 0, max: 2 ** 32 - 1 }) })
  .map(({ length, address }) => {
    const first = new Address4(`${Address4.fromInteger(address).correctForm()}/${length}`).startAddress();
    return `${first.correctForm()}/${length}`;
  });
const zones = fc.integer({ min: 1, max: maxZones });

describe("subnets of a VPC", () => {
  it("lays a /16 out as documented", () => {
    expect(planSubnets("10.10.0.0/16", 3)).to.deep.equal({
      node: ["10.10.0.0/18", "10.10.64.0/18", "10.10.128.0/18"],
      data: ["10.10.192.0/22", "10.10.208.0/22", "10.10.224.0/22"],
      alb: ["10.10.196.0/22", "10.10.212.0/22", "10.10.228.0/22"],
      nat: ["10.10.200.0/28", "10.10.216.0/28", "10.10.232.0/28"],
      firewall: ["10.10.200.16/28", "10.10.216.16/28", "10.10.232.16/28"],
    });
  });

  it("gives every tier one subnet a zone, inside the VPC, at its first address, and none overlap", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, count) => {
        const plan = planSubnets(cidr, count);
        const all = tiers.flatMap((tier) => plan[tier]);
        expect(all).to.have.length(tiers.length * count);
        const [first, last] = range(cidr);
        const ranges = all.map(range).sort(([a], [b]) => (a < b ? -1 : 1));
        ranges.forEach(([start, end], i) => {
          expect(start >= first && end <= last).to.equal(true);
          const next = ranges[i + 1];
          if (next) expect(end < next[0]).to.equal(true);
        });
        for (const block of all)
          expect(block.split("/")[0]).to.equal(new Address4(block).startAddress().correctForm());
      }),
    );
  });

  it("keeps to the sizes AWS and its services ask for", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, count) => {
        const plan = planSubnets(cidr, count);
        const lengths = (tier: (typeof tiers)[number]) =>
          plan[tier].map((block) => Number(block.split("/")[1]));
        for (const tier of tiers) for (const length of lengths(tier)) expect(length).to.be.within(16, 28);
        for (const length of lengths("alb")) expect(length, "load balancer").to.be.at.most(27);
        for (const length of lengths("node")) expect(length, "pods").to.be.at.most(22);
      }),
    );
  });

  it("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        const two = planSubnets(cidr, 2);
        const three = planSubnets(cidr, 3);
        for (const tier of tiers) expect(three[tier].slice(0, 2)).to.deep.equal(two[tier]);
      }),
    );
  });

  const refused: [string, string, number, RegExp][] = [
    [
      "a VPC larger than AWS allows",
      "10.0.0.0/15",
      3,
      /found "10.0.0.0\/15" of length \/15, right is .*\/16 to \/20/,
    ],
    ["a VPC too small", "10.0.0.0/21", 3, /found "10.0.0.0\/21" of length \/21/],
    [
      "host bits",
      "10.0.1.0/16",
      3,
      /found "10.0.1.0\/16", right is the first address of the block, 10.0.0.0\/16/,
    ],
    ["an address without a length", "10.0.0.0", 3, /found "10.0.0.0", right is an IPv4 block/],
    ["IPv6", "fd00::/16", 3, /found "fd00::\/16", right is an IPv4 block/],
    ["what is no address", "ten/16", 3, /found "ten\/16"/],
    ["an octet beyond 255", "10.256.0.0/16", 3, /found "10.256.0.0\/16"/],
    ["no zones", "10.0.0.0/16", 0, /zones: found 0, right is 1 to 3/],
    ["four zones", "10.0.0.0/16", 4, /zones: found 4, right is 1 to 3/],
    ["half a zone", "10.0.0.0/16", 1.5, /zones: found 1.5/],
  ];
  for (const [what, cidr, count, message] of refused)
    it(`refuses ${what}`, () => {
      expect(() => planSubnets(cidr, count)).to.throw(message);
    });
});
