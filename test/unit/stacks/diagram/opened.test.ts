import { expect } from "chai";
import { diagramOf } from "../../../../automation/diagram/diagram.js";
import { arrowLines, changed, drawn, stateOf } from "../../../support/diagrams.js";
import type { StateResource } from "../../../support/diagrams.js";

type Change = (resources: StateResource[]) => StateResource[];

/** What a change of the state adds to the picture of a stack at size standard, and what it takes away. */
async function difference(stack: "dev" | "dev-azure" | "dev-gcp", change: Change) {
  const state = await stateOf(stack);
  const before = arrowLines(await drawn(stack));
  const after = arrowLines(diagramOf(stack, changed(state, change)));
  return {
    added: after.filter((line) => !before.includes(line)),
    gone: before.filter((line) => !after.includes(line)),
  };
}

/** A further resource beside one of a kind, with other outputs. */
const beside = (type: string, end: string, outputs: Record<string, unknown>): Change => {
  return (resources) => {
    const like = one(resources, type, end);
    return [
      ...resources,
      {
        ...like,
        urn: `${like.urn}-opened`,
        id: `${like.id}-opened`,
        inputs: {},
        outputs: { ...like.outputs, ...outputs },
      },
    ];
  };
};

const altered = (
  type: string,
  end: string,
  outputs: (of: Record<string, unknown>) => Record<string, unknown>,
): Change => {
  return (resources) => {
    const like = one(resources, type, end);
    const changedOne = { ...like, outputs: { ...like.outputs, ...outputs(like.outputs) } };
    return resources.map((each) => (each === like ? changedOne : each));
  };
};

const without =
  (type: string): Change =>
  (resources) =>
    resources.filter((each) => each.type !== type);

function one(resources: StateResource[], type: string, end: string): StateResource {
  const found = resources.filter((each) => each.type === type && each.urn.endsWith(end));
  if (found.length !== 1 || !found[0])
    throw new Error(`found ${found.length} of ${type} …${end}, right is 1`);
  return found[0];
}

const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const securityRule = "azure-native:network:SecurityRule";
const policy = "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("a path that somebody opens", function () {
  this.timeout(60_000);

  it("shows on AWS: a rule of a security group", async () => {
    const change = beside(ingress, "node-to-database-5432-in", {
      referencedSecurityGroupId: undefined,
      cidrIpv4: "0.0.0.0/0",
    });
    expect(await difference("dev", change)).to.deep.equal({
      added: ["Consumers, from anywhere → database: 5432"],
      gone: [],
    });
  });

  it("shows on AWS: a rule that a refresh found in a group", async () => {
    const rule = { fromPort: 22, toPort: 22, protocol: "tcp", cidrBlocks: ["198.51.100.0/24"] };
    const change = altered("aws:ec2/securityGroup:SecurityGroup", "groups-node", () => ({ ingress: [rule] }));
    expect((await difference("dev", change)).added).to.deep.equal(["Callers in one range → nodes: 22"]);
  });

  it("shows on AWS: a web ACL that guards nothing is in nobody's way", async () => {
    const { added, gone } = await difference("dev", without("aws:wafv2/webAclAssociation:WebAclAssociation"));
    expect(added).to.deep.equal(["Consumers, from anywhere → loadBalancer: 80, 443"]);
    expect(gone).to.deep.equal(["Consumers, from anywhere → ingress: 80, 443", "ingress → loadBalancer"]);
  });

  it("shows on AWS: a firewall that no route leads to is in nobody's way", async () => {
    const routes: Change = (resources) =>
      resources.filter(
        ({ type, outputs }) => type !== "aws:ec2/route:Route" || outputs["vpcEndpointId"] === undefined,
      );
    expect((await difference("dev", routes)).added).to.include("egress → Any address: 443");
  });

  it("shows on AWS: a port range, and another protocol", async () => {
    const change = beside(ingress, "alb-to-node-30010-in", {
      fromPort: 30000,
      toPort: 32767,
      ipProtocol: "udp",
    });
    expect((await difference("dev", change)).added).to.deep.equal(["loadBalancer → nodes: 30000-32767 udp"]);
  });

  it("shows on Azure: a security rule", async () => {
    const change = beside(securityRule, "data-in-nodes", { sourceAddressPrefix: "Internet", priority: 105 });
    expect((await difference("dev-azure", change)).added).to.deep.equal([
      "Consumers, from anywhere → database: 5432",
    ]);
  });

  it("does not show on Azure what an earlier rule denies", async () => {
    const change = altered(securityRule, "data-in-rest", () => ({ priority: 90 }));
    const { added, gone } = await difference("dev-azure", change);
    expect(added).to.deep.equal([]);
    expect(gone).to.deep.equal([]);
    const outwards = altered(securityRule, "data-out-rest", () => ({ priority: 90 }));
    expect((await difference("dev-azure", outwards)).gone).to.deep.equal([
      "database → The cloud itself: 443",
    ]);
  });

  it("shows on Azure: a rule of the firewall", async () => {
    const rule = {
      ruleType: "NetworkRule",
      sourceAddresses: ["10.30.0.0/18"],
      destinationAddresses: ["*"],
      destinationPorts: ["22"],
      ipProtocols: ["TCP"],
    };
    const collection = { action: { type: "Allow" }, priority: 300, rules: [rule] };
    const change = altered(
      "azure-native:network:FirewallPolicyRuleCollectionGroup",
      "rules",
      ({ ruleCollections }) => ({
        ruleCollections: [...(ruleCollections as unknown[]), collection],
      }),
    );
    expect((await difference("dev-azure", change)).added).to.deep.equal(["egress → Any address: 22"]);
  });

  it("shows on Google Cloud: a rule of the firewall policy, unless it comes after the denial", async () => {
    const rule = (priority: number) => ({
      action: "allow",
      direction: "INGRESS",
      priority,
      match: { srcIpRanges: ["198.51.100.0/24"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
    });
    const at = (priority: number) =>
      altered(policy, "network-policy", ({ rules }) => ({
        rules: [...(rules as unknown[]), rule(priority)],
      }));
    expect((await difference("dev-gcp", at(300))).added).to.deep.equal(["Callers in one range → nodes: 22"]);
    expect((await difference("dev-gcp", at(1000))).added).to.deep.equal([]);
  });

  it("shows on Google Cloud: a backend that Cloud Armor does not guard", async () => {
    const change = altered("gcp:compute/backendService:BackendService", "loadBalancer-core", () => ({
      securityPolicy: "",
    }));
    expect((await difference("dev-gcp", change)).added).to.deep.equal([
      "Consumers, from anywhere → loadBalancer: 80, 443",
    ]);
  });

  for (const stack of ["dev", "dev-azure", "dev-gcp"] as const)
    it(`shows in the cluster of ${stack}: a network policy`, async () => {
      const rule = { from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 9000, protocol: "TCP" }] };
      const change = altered(networkPolicy, "policies-flag", ({ spec }) => {
        const old = spec as { ingress: unknown[] };
        return { spec: { ...old, ingress: [...old.ingress, rule] } };
      });
      expect((await difference(stack, change)).added).to.deep.equal([
        "Consumers, from anywhere → flag: 9000",
      ]);
    });

  it("shows in the cluster: a service that no network policy guards", async () => {
    const state = changed(await stateOf("dev"), without(networkPolicy));
    const open = diagramOf("dev", state).boxes.filter(({ details }) =>
      details.join().includes("no network policy"),
    );
    expect(open.map(({ label }) => label)).to.deep.equal(["admin", "core", "flag", "webapp"]);
    // Each from its own deployment.
    for (const { sources, label } of open)
      expect(sources.map((urn) => urn.includes(`-${label}`))).to.deep.equal([true]);
  });

  it("draws a host apart that is open on a further port", async () => {
    const state = await stateOf("dev-gcp");
    const rule = {
      action: "allow",
      direction: "EGRESS",
      priority: 1500,
      match: { destFqdns: ["api.openai.com"], layer4Configs: [{ ipProtocol: "tcp", ports: ["8443"] }] },
    };
    const opened = changed(
      state,
      altered(policy, "network-policy", ({ rules }) => ({ rules: [...(rules as unknown[]), rule] })),
    );
    const { boxes, arrows } = diagramOf("dev-gcp", opened);
    const [apart] = boxes.filter(({ details }) => details.includes("api.openai.com"));
    expect(apart?.details).to.deep.equal(["api.openai.com"]);
    expect(arrows.find(({ to }) => to === apart?.id)?.labels).to.deep.equal(["443", "8443"]);
  });
});
