import { expect } from "chai";
import { gcp } from "../../../../local/gcp/index.js";
import { UNKNOWN } from "../../../../local/behaviour.js";
import { hasNat } from "../../../../local/gcp/routers.js";
import { FakeWorld } from "../../../support/fakeWorld.js";
import { GcpNetwork, token } from "../../../support/gcpNetwork.js";
import { refuses } from "../../../support/refusals.js";

const secondary = (...ranges: [string, string][]) => ({
  secondaryIpRanges: ranges.map(([rangeName, ipCidrRange]) => ({ rangeName, ipCidrRange })),
});

describe("local GCP: networks", () => {
  refuses(
    () => new GcpNetwork(),
    [
      ["a name of RFC 1035's not", /must match/, (n) => n.addNetwork("Net_1")],
      ["a name twice", /^AlreadyExists/, (n) => n.addNetwork("net")],
      [
        "an API that is not enabled",
        /^SERVICE_DISABLED/,
        () => new FakeWorld("europe-west1", "other").make(token.network, { name: "net" }),
      ],
      [
        "an order of firewalls that is none",
        /networkFirewallPolicyEnforcementOrder/,
        (n) => n.addNetwork("n2", { networkFirewallPolicyEnforcementOrder: "FIRST" }),
      ],
      ["a subnet smaller than /29", /^invalid.*\/29 or larger/, (n) => n.subnet("10.0.0.0/30")],
      ["a subnet of public addresses", /^invalid.*private IPv4/, (n) => n.subnet("8.8.8.0/24")],
      ["a block with host bits", /not a valid CIDR/, (n) => n.subnet("10.0.0.1/24")],
      [
        "a subnet without a block",
        /one of `ipCidrRange/,
        (n) => n.cloud.make(token.subnet, { name: "s", network: n.network.id }),
      ],
      [
        "a subnet of a network that is not there",
        /^notFound/,
        (n) => n.subnet("10.0.0.0/24", { network: "projects/proj-1/global/networks/none" }),
      ],
      [
        "subnets that overlap, in whatever region",
        /conflicts with existing subnetwork/,
        (n) => {
          n.subnet("10.0.0.0/16");
          n.subnet("10.0.4.0/24", { name: "other", region: "us-east1" });
        },
      ],
      [
        "a subnet over another's pods",
        /conflicts with existing subnetwork/,
        (n) => {
          n.subnet("10.0.0.0/24", secondary(["pods", "10.4.0.0/14"]));
          n.subnet("10.5.0.0/24", { name: "other" });
        },
      ],
      [
        "pods over services",
        /overlaps with secondaryIpRanges\[0\]/,
        (n) => n.subnet("10.0.0.0/24", secondary(["pods", "10.4.0.0/14"], ["services", "10.7.0.0/20"])),
      ],
      [
        "two ranges of one name",
        /must be unique/,
        (n) => n.subnet("10.0.0.0/24", secondary(["pods", "10.4.0.0/20"], ["pods", "10.8.0.0/20"])),
      ],
      [
        "what an auto-mode network keeps",
        /auto subnet mode/,
        (n) =>
          n.subnet("10.130.0.0/20", { network: n.addNetwork("auto", { autoCreateSubnetworks: true }).id }),
      ],
      [
        "half a sample over the whole",
        /flowSampling/,
        (n) => n.subnet("10.0.0.0/24", { logConfig: { flowSampling: 1.5 } }),
      ],
      [
        "to delete a network with a subnet",
        /^resourceInUseByAnotherResource/,
        (n) => {
          n.subnet("10.0.0.0/24");
          n.cloud.delete(n.network);
        },
      ],
      [
        "a second DNS policy for a network",
        /already bound/,
        (n) => {
          const networks = [{ networkUrl: n.network.id }];
          n.cloud.make(token.dnsPolicy, { name: "one", networks });
          n.cloud.make(token.dnsPolicy, {
            name: "two",
            networks: [{ networkUrl: n.network.state.selfLink }],
          });
        },
      ],
    ],
  );

  it("grows a subnet in place, and replaces it for any other change of its block", () => {
    const n = new GcpNetwork();
    const subnet = n.subnet("10.0.4.0/24");
    const changed = (ipCidrRange: string) => n.cloud.replaces(subnet, { ...subnet.inputs, ipCidrRange });
    expect(changed("10.0.4.0/23")).to.deep.equal([]);
    expect(changed("10.0.4.0/25")).to.deep.equal(["ipCidrRange"]);
    expect(changed("10.0.8.0/24")).to.deep.equal(["ipCidrRange"]);
  });

  it("fills in what Compute Engine computes, once", () => {
    const n = new GcpNetwork();
    const subnet = n.subnet("10.0.4.0/24", { region: "us-east1" });
    expect(subnet.id).to.equal("projects/proj-1/regions/us-east1/subnetworks/nodes");
    expect(subnet.state).to.include({
      gatewayAddress: "10.0.4.1",
      purpose: "PRIVATE",
      privateIpGoogleAccess: false,
    });
    const { networkId } = n.network.state;
    n.cloud.update(n.network, { ...n.network.inputs, routingMode: "GLOBAL" });
    expect(n.cloud.read(n.network)).to.include({ networkId, routingMode: "GLOBAL" });
  });

  it("waits in a preview for what is not known yet", () => {
    const check = gcp.types[token.subnet]?.check;
    expect(check?.({ name: UNKNOWN, ipCidrRange: UNKNOWN, secondaryIpRanges: UNKNOWN })).to.deep.equal([]);
    expect(
      gcp.types[token.nat]?.check?.({ natIpAllocateOption: UNKNOWN, subnetworks: UNKNOWN }),
    ).to.deep.equal([]);
  });
});

describe("local GCP: Cloud NAT", () => {
  const start = () => {
    const n = new GcpNetwork();
    n.router();
    return n;
  };
  const nodes = (n: GcpNetwork) => n.subnet("10.0.0.0/24", secondary(["pods", "10.4.0.0/14"])).id;

  refuses(start, [
    ["a router that is not there", /^notFound.*router/, (n) => n.nat([nodes(n)], { router: "none" })],
    [
      "a subnet of another region",
      /^notFound/,
      (n) => n.nat([n.subnet("10.0.0.0/24", { region: "us-east1" }).id]),
    ],
    [
      "a subnet of another network",
      /in the network of the router/,
      (n) => n.nat([n.subnet("10.0.0.0/24", { network: n.addNetwork("other").id }).id]),
    ],
    ["a list of no subnets", /is required when/, (n) => n.nat([], { subnetworks: undefined })],
    [
      "a list beside all subnets",
      /can only be set when/,
      (n) => n.nat([nodes(n)], { sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" }),
    ],
    [
      "a second NAT for one subnet",
      /already served by/,
      (n) => {
        const subnet = nodes(n);
        n.nat([subnet]);
        n.nat([subnet], { name: "second" });
      },
    ],
    [
      "a NAT beside one for all subnets",
      /must be the only one/,
      (n) => {
        n.nat([], { subnetworks: undefined, sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" });
        n.nat([nodes(n)], { name: "second" });
      },
    ],
    [
      "a secondary range that the subnet has not",
      /Secondary ranges must exist/,
      (n) =>
        n.nat([], {
          subnetworks: [
            {
              name: nodes(n),
              sourceIpRangesToNats: ["LIST_OF_SECONDARY_IP_RANGES"],
              secondaryIpRangeNames: ["none"],
            },
          ],
        }),
    ],
    [
      "dynamic ports with endpoint-independent mapping",
      /together with enableDynamicPortAllocation/,
      (n) => n.nat([nodes(n)], { enableDynamicPortAllocation: true, enableEndpointIndependentMapping: true }),
    ],
    [
      "ports that are no power of two",
      /power of two/,
      (n) => n.nat([nodes(n)], { enableDynamicPortAllocation: true, minPortsPerVm: 100 }),
    ],
    [
      "addresses of one's own with AUTO_ONLY",
      /must be empty/,
      (n) => n.nat([nodes(n)], { natIps: ["projects/proj-1/regions/europe-west1/addresses/a"] }),
    ],
    [
      "to delete a subnet that it serves",
      /^resourceInUseByAnotherResource/,
      (n) => {
        const subnet = n.subnet("10.0.0.0/24");
        n.nat([subnet.id]);
        n.cloud.delete(subnet);
      },
    ],
  ]);

  it("serves the subnets of its list only", () => {
    const n = start();
    const [served, other] = [nodes(n), n.subnet("10.1.0.0/24", { name: "other" }).id];
    n.nat([served]);
    expect([served, other].map((subnet) => hasNat(n.cloud, subnet))).to.deep.equal([true, false]);
  });

  it("serves every subnet of its network and region when told so", () => {
    const n = start();
    const [served, far] = [nodes(n), n.subnet("10.1.0.0/24", { name: "far", region: "us-east1" }).id];
    n.nat([], { subnetworks: undefined, sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" });
    expect([served, far].map((subnet) => hasNat(n.cloud, subnet))).to.deep.equal([true, false]);
  });
});
