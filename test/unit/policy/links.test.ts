import { expect } from "chai";
import { violations } from "../../../policy/evaluate.js";
import type { Resource } from "../../../policy/policy.js";
import type { Props } from "../../../policy/values.js";
import { unknown } from "../../../policy/values.js";
import { resource } from "./cases.js";
import { gcpStack } from "./gcpStack.js";

describe("policies on resources together", () => {
  it("take a denial of egress on GCP however it is written", () => {
    const rest = gcpStack.filter(({ name }) => name !== "egress");
    const denial = { direction: "EGRESS", action: "deny", enableLogging: true };
    const match = { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] };
    const rule = (firewallPolicy: string) =>
      resource("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "denial", {
        ...denial,
        firewallPolicy,
        match,
      });
    const classic = (network: unknown) =>
      resource("gcp:compute/firewall:Firewall", "denial", {
        network,
        direction: "EGRESS",
        denies: [{ protocol: "all" }],
        logConfig: { metadata: "EXCLUDE_ALL_METADATA" },
      });
    const network = gcpStack.find(({ name }) => name === "network")!.props as Props;
    const accused = (one: Resource) => violations([...rest, one]).map(({ urn }) => urn);
    for (const right of [
      rule("egress"),
      rule("projects/p/global/firewallPolicies/egress"),
      classic(network["id"]),
    ])
      expect(accused(right)).to.deep.equal([]);
    for (const other of [rule("other"), classic("projects/p/global/networks/another")])
      expect(accused(other)).to.deep.equal(["network"]);
  });

  describe("while ids are unknown", () => {
    const sg = "aws:ec2/securityGroup:SecurityGroup";
    const bucket = "aws:s3/bucket:Bucket";
    const urn = (type: string, name: string) => `urn:pulumi:dev::javelin::javelin:aws:Cell$${type}::${name}`;
    const made = (
      type: string,
      name: string,
      props: Props,
      dependencies?: Resource["dependencies"],
    ): Resource => ({
      type,
      name,
      urn: urn(type, name),
      props: { id: unknown, ...props },
      ...(dependencies && { dependencies }),
    });
    const found = (policy: string, resources: Resource[]) =>
      violations(resources).flatMap((one) => (one.policy === policy ? [one.urn.split("::").at(-1)] : []));

    it("follow links by what the values come from", () => {
      const store = made(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cache",
        { securityGroupIds: [unknown] },
        { securityGroupIds: [urn(sg, "cache")] },
      );
      const rule = (name: string) =>
        made(
          "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name,
          { securityGroupId: unknown, cidrIpv4: "10.0.0.0/8", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
          { securityGroupId: [urn(sg, name)] },
        );
      const groups = ["cache", "endpoints"].map((name) => made(sg, name, {}));
      expect(found("private-stores", [...groups, store, rule("cache"), rule("endpoints")])).to.deep.equal([
        "cache",
      ]);
    });

    it("follow links that lie deeper", () => {
      const type = "azure-native:network:NetworkSecurityGroup";
      const subnetType = "azure-native:network:Subnet";
      const open = (name: string) =>
        made(type, name, {
          securityRules: [
            {
              access: "Allow",
              direction: "Inbound",
              protocol: "Tcp",
              sourceAddressPrefix: "Internet",
              destinationAddressPrefix: "*",
              destinationPortRange: "443",
            },
          ],
        });
      const subnet = (name: string) =>
        made(
          subnetType,
          name,
          { networkSecurityGroup: { id: unknown } },
          { networkSecurityGroup: [urn(type, name)] },
        );
      const gateway = made(
        "azure-native:network:ApplicationGateway",
        "entrance",
        { gatewayIPConfigurations: [{ subnet: { id: unknown } }], frontendPorts: [{ port: 443 }] },
        { gatewayIPConfigurations: [urn(subnetType, "gateway")] },
      );
      const tiers = ["gateway", "node"];
      expect(found("ingress-ports", [...tiers.map(open), ...tiers.map(subnet), gateway])).to.deep.equal([
        "node",
      ]);
    });

    it("miss what belongs to another", () => {
      const block = made(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "block",
        {
          bucket: unknown,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        { bucket: [urn(bucket, "logs")] },
      );
      const buckets = ["logs", "bare"].map((name) => made(bucket, name, {}));
      expect(found("private-buckets", [...buckets, block])).to.deep.equal(["bare"]);
    });
  });
});
