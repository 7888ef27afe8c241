import { expect } from "chai";
import { deploymentOf } from "../../../automation/drill/deployment.js";
import type { Resource, Stack } from "../../../automation/drill/state.js";
import { fastDrill } from "../../support/drillWorld.js";

const resource = (type: string, name: string, outputs: object, id = name): Resource => ({
  type,
  name,
  id,
  outputs: { ...outputs },
});
const alias = (name: string, target: string): Resource =>
  resource("aws:route53/record:Record", name, {
    fqdn: name,
    type: "A",
    aliases: [{ name: target, evaluateTargetHealth: true }],
  });
const cells = ["one", "two"];

/** Two load balancers behind an accelerator, as `dns.accelerator` deploys them. */
function accelerated(threshold: number): Stack {
  return {
    cells: cells.map((name) => ({ name, origin: `${name}.gw.example.com` })),
    hosts: ["api.gw.example.com"],
    budgetSeconds: 30,
    resources: [
      resource("aws:globalaccelerator/accelerator:Accelerator", "accelerator", {
        dnsName: "a1.awsglobalaccelerator.com",
        ipSets: [{ ipAddresses: ["203.0.113.8", "203.0.113.9"] }],
      }),
      resource("aws:globalaccelerator/listener:Listener", "listener", { acceleratorArn: "accelerator" }),
      alias("api.gw.example.com", "a1.awsglobalaccelerator.com"),
      ...cells.flatMap((name, position) => [
        resource("aws:globalaccelerator/endpointGroup:EndpointGroup", `group-${name}`, {
          listenerArn: "listener",
          trafficDialPercentage: position === 0 ? 100 : 0,
          endpointConfigurations: [{ endpointId: `lb-${name}` }],
        }),
        resource("aws:lb/loadBalancer:LoadBalancer", `${name}-alb`, { vpcId: `vpc-${name}` }, `lb-${name}`),
        ...["core", "admin"].map((service) =>
          resource("aws:lb/targetGroup:TargetGroup", `${name}-${service}`, {
            vpcId: `vpc-${name}`,
            healthCheck: {
              interval: 10,
              timeout: 5,
              unhealthyThreshold: threshold,
              healthyThreshold: 2,
              path: "/healthz",
            },
          }),
        ),
        alias(`${name}.gw.example.com`, `lb-${name}.elb.amazonaws.com`),
      ]),
    ],
  };
}

describe("a drill of Global Accelerator", () => {
  it("moves connections, with no answer of DNS to wait for", async () => {
    const deployment = deploymentOf(accelerated(3));
    expect(deployment.title).to.equal("Route 53 and Global Accelerator");
    const { seen, ...measures } = await fastDrill(deployment, "region-down");
    expect(measures.detectionSeconds).to.be.within(20, 35);
    // A caller's last lost call may have begun just before.
    expect(measures.downtimeSeconds).to.be.within(20, measures.detectionSeconds! + 5);
    expect(measures.moves).to.equal(2);
    const settled = seen.calls.filter(({ start }) => start > seen.backAt - 5 && start < seen.backAt);
    expect(new Set(settled.map(({ cell }) => cell))).to.deep.equal(new Set(["two"]));
  });

  it("follows the target groups' thresholds", async () => {
    const { detectionSeconds } = await fastDrill(deploymentOf(accelerated(6)), "region-down");
    expect(detectionSeconds).to.be.within(50, 65);
  });

  it("leads to the nearest when no region is healthy", async () => {
    const { moves } = await fastDrill(deploymentOf(accelerated(3)), "all-down");
    expect(moves).to.equal(0);
  });
});
