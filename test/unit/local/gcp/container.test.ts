import { expect } from "chai";
import { UNKNOWN } from "../../../../local/behaviour.js";
import { clusterAt, serviceRange } from "../../../../local/kubernetes/cluster.js";
import { byName, GcpCluster, gke } from "../../../support/gcpCluster.js";
import { refuses } from "../../../support/refusals.js";

const start = () => new GcpCluster();
const policy = "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules";
const association = "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation";

/** A firewall policy on the network that lets out what is listed, and nothing else. */
function guard(cloud: GcpCluster, ...allowed: string[]): void {
  const rule = (priority: number, action: string, range: string) => ({
    priority,
    action,
    direction: "EGRESS",
    match: { destIpRanges: [range], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
  });
  cloud.make(policy, {
    name: "policy",
    rules: [...allowed.map((range, i) => rule(100 + i, "allow", range)), rule(9000, "deny", "0.0.0.0/0")],
  });
  cloud.make(association, { name: "policy", firewallPolicy: "policy", attachmentTarget: cloud.network.id });
}

describe("local GCP: clusters", () => {
  refuses(start, [
    ["a name of 41 characters", /must match/, (c) => c.cluster({ name: "a".repeat(41) })],
    [
      "no network where none is the default",
      /no network named "default"/,
      (c) => c.cluster({ network: undefined, subnetwork: undefined }),
    ],
    ["a name in capitals", /must match/, (c) => c.cluster({ name: "Cell" })],
    [
      "a region that is none",
      /Location "europe-west0" does not exist/,
      (c) => c.cluster({ location: "europe-west0" }),
    ],
    [
      "zones of another region",
      /not a zone of the cluster's region/,
      (c) => c.cluster({ nodeLocations: ["us-east1-b"] }),
    ],
    [
      "a zone that the region lacks",
      /not a zone of the cluster's region/,
      (c) => c.cluster({ nodeLocations: ["europe-west1-a"] }),
    ],
    ["a subnetwork that is not there", /^notFound/, (c) => c.make(gke.cluster, c.clusterInputs())],
    [
      "a range that the subnetwork lacks",
      /Pod secondary range "other" does not exist/,
      (c) => c.cluster({ ipAllocationPolicy: { clusterSecondaryRangeName: "other" } }),
    ],
    [
      "a version that is not offered",
      /"1.20" is unsupported/,
      (c) => c.cluster({ minMasterVersion: "1.20" }),
    ],
    [
      "a jump over a minor version",
      /cannot skip a minor version/,
      (c) => c.update(c.cluster({ minMasterVersion: "1.33" }), c.clusterInputs({ minMasterVersion: "1.35" })),
    ],
    [
      "another project's identities",
      /not the project's own/,
      (c) => c.cluster({ workloadIdentityConfig: { workloadPool: "other.svc.id.goog" } }),
    ],
    ["no first node", /initial_node_count must be greater/, (c) => c.cluster({ initialNodeCount: 0 })],
    [
      "network policy beside a data plane that has it",
      /built in/,
      (c) => c.cluster({ datapathProvider: "ADVANCED_DATAPATH", networkPolicy: { enabled: true } }),
    ],
    [
      "an exclusion with two ends",
      /one and only one/,
      (c) =>
        c.cluster({
          maintenancePolicy: {
            maintenanceExclusions: [
              {
                exclusionName: "x",
                startTime: "2026-01-01T00:00:00Z",
                endTime: "2026-02-01T00:00:00Z",
                exclusionOptions: { scope: "NO_UPGRADES", endTimeBehavior: "UNTIL_END_OF_SUPPORT" },
              },
            ],
          },
        }),
    ],
    [
      "a key that GKE's agent may not use",
      /useToEncrypt' denied.*container-engine-robot/,
      (c) => c.cluster({ databaseEncryption: { state: "ENCRYPTED", keyName: c.key.id } }),
    ],
    [
      "nodes without a way to a registry",
      /0 nodes out of 3 have registered.*neither private Google access nor Cloud NAT/,
      (c) => c.cluster({}, { privateIpGoogleAccess: false }),
    ],
    [
      "nodes that a firewall policy cuts off from Google",
      /NodesNotRegistered.*denies port 443 of 199\.36\.153\.8/,
      (c) => {
        guard(c, "10.0.0.0/8");
        c.cluster();
      },
    ],
    [
      "nodes that a firewall policy cuts off from the control plane",
      /NodesNotRegistered.*control plane/,
      (c) => {
        guard(c, "199.36.153.8/30");
        c.cluster();
      },
    ],
    [
      "its deletion while protected, as it is by default",
      /deletion_protection/,
      (c) => c.delete(c.cluster({ deletionProtection: undefined })),
    ],
  ]);

  it("keeps its first node pool unless that is to go", () => {
    const kept = start();
    const { id } = kept.cluster({ removeDefaultNodePool: false });
    expect(kept.world.list(gke.pool).map((each) => each.id)).to.deep.equal([`${id}/nodePools/default-pool`]);
    const removed = start();
    removed.cluster();
    expect(removed.world.list(gke.pool)).to.deep.equal([]);
  });

  it("comes up behind a firewall policy that lets the nodes join", () => {
    const cloud = start();
    guard(cloud, "10.0.0.0/8", "199.36.153.8/30");
    expect(cloud.cluster().state["masterVersion"]).to.match(/^1\.34\./);
  });

  it("takes a key that GKE's agent may use", () => {
    const cloud = start();
    cloud.mayEncrypt("container-engine-robot");
    const keyed = { databaseEncryption: { state: "ENCRYPTED", keyName: cloud.key.id } };
    expect(cloud.cluster(keyed).id).to.equal("projects/proj-1/locations/europe-west1/clusters/a");
  });

  it("does not know yet what a preview does not", () => {
    expect(() =>
      start().cluster({ databaseEncryption: { state: "ENCRYPTED", keyName: UNKNOWN } }),
    ).not.to.throw();
  });

  it("is replaced for its network, and not for its version", () => {
    const cloud = start();
    const cluster = cloud.cluster();
    expect(cloud.replaces(cluster, cloud.clusterInputs({ minMasterVersion: "1.35" }))).to.deep.equal([]);
    expect(
      cloud.replaces(cluster, cloud.clusterInputs({ datapathProvider: "ADVANCED_DATAPATH" })),
    ).to.deep.equal(["datapathProvider"]);
  });

  it("goes up a minor version and not back", () => {
    const cloud = start();
    const cluster = cloud.cluster();
    cloud.update(cluster, cloud.clusterInputs({ minMasterVersion: "1.35" }));
    expect(cloud.read(cluster)["masterVersion"]).to.match(/^1\.35\./);
    cloud.update(cluster, cloud.clusterInputs({ minMasterVersion: "1.34" }));
    expect(cloud.read(cluster)["masterVersion"]).to.match(/^1\.35\./);
  });

  it("answers at its name where that is open, at its address where that is, else nowhere", () => {
    const closed = start();
    const { endpoint } = closed.cluster().state;
    const at = (cloud: GcpCluster, region: string) => clusterAt({ world: cloud.world, region }).id;
    expect(at(closed, `https://${String(endpoint)}`)).to.match(/clusters\/a$/);
    const open = start();
    const { state } = open.cluster(byName);
    const config = state["controlPlaneEndpointsConfig"] as { dnsEndpointConfig: { endpoint: string } };
    const server = `https://${config.dnsEndpointConfig.endpoint}`;
    expect(at(open, server)).to.match(/clusters\/a$/);
    expect(serviceRange({ world: open.world, region: server })).to.equal("10.65.0.0/20");
    expect(() => at(open, `https://${String(state["endpoint"])}`)).to.throw("unreachable");
  });
});
