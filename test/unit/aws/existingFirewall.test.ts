import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { Firewall } from "../../../components/aws/firewall.js";
import type { Props } from "../../../local/behaviour.js";
import { token } from "../../support/awsNetwork.js";
import { run } from "../../support/mocks.js";

const may = (principal: Props) => ({ Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*" });
const logKeyPolicy = {
  Version: "2012-10-17",
  Statement: [
    may({ AWS: "arn:aws:iam::123456789012:root" }),
    may({ Service: "logs.us-east-1.amazonaws.com" }),
  ],
};

describe("firewall of an existing network", () => {
  const program = (preview: boolean) =>
    run(
      () => {
        const provider = new aws.Provider("aws", { region: "us-east-1" });
        const vpc = preview
          ? undefined
          : new aws.ec2.Vpc("owners", { cidrBlock: "10.0.0.0/16" }, { provider });
        const tiers = (alb: string, node: string, data: string) => ({
          alb: [alb],
          node: [node],
          data: [data],
        });
        const firewall = new Firewall(
          "firewall",
          {
            prefix: "javelin-test-one",
            region: "us-east-1",
            network: {
              vpcId: vpc?.id ?? "vpc-1",
              cidrs: ["10.0.0.0/16"],
              endpointCidrs: ["10.0.0.0/16"],
              zones: ["us-east-1a"],
              plan: tiers("10.0.0.0/24", "10.0.2.0/24", "10.0.4.0/24"),
              subnetIds: tiers("subnet-1", "subnet-2", "subnet-3"),
            },
            inspected: true,
            allowedDomains: ["api.example.com"],
            bedrock: false,
            ingressAllow: ["0.0.0.0/0"],
            adminAllow: [],
            requestsPerMinute: 100,
            nodePorts: [30080],
            podPorts: [8000],
            protect: true,
            partition: "aws",
            accountId: "123456789012",
            logKeyArn: new aws.kms.Key("logs", { policy: JSON.stringify(logKeyPolicy) }, { provider }).arn,
            logRetentionDays: 30,
          },
          { providers: [provider] },
        );
        return { ready: firewall.ready.length };
      },
      { preview },
    );

  for (const preview of [false, true])
    it(`guards ingress and names, and leaves ways and inspection to the owner${preview ? " (preview)" : ""}`, async () => {
      const { resources, result } = await program(preview);
      const types = new Set(resources.map(({ type }) => type));
      expect(types).to.include.keys(
        token.webAcl,
        token.securityGroup,
        token.dnsAssociation,
        token.queryLogAssociation,
      );
      expect(
        [...types].filter((type) =>
          /^aws:networkfirewall|:(Route|RouteTable|VpcEndpoint|FlowLog|DefaultSecurityGroup|Subnet|NatGateway|InternetGateway)$/.test(
            type,
          ),
        ),
      ).to.deep.equal([]);
      const logs = resources
        .filter(({ type }) => type === token.logGroup)
        .map(({ inputs }) => inputs["name"]);
      expect(logs).to.have.members(["aws-waf-logs-javelin-test-one", "javelin-test-one-dns"]);
      expect(result.ready).to.equal(2);
    });
});
