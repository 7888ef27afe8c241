import { expect } from "chai";
import { diagramOf } from "../../../../automation/diagram/diagram.js";
import { arrowLines, changed, drawn, stateOf } from "../../../support/diagrams.js";

/** Every path of a cell at size standard: what is not here is closed. */
const expected = {
  dev: [
    "Callers in one range → controlPlane: 443",
    "Consumers, from anywhere → ingress: 80, 443",
    "admin → cache: 6379",
    "admin → database: 5432",
    "admin → egress: 443",
    "admin → endpoints: 443",
    "admin → flag: 1031",
    "admin → identity: 80",
    "api.gw.example.com → us-east-1.gw.example.com",
    "controlPlane → nodes: 9443, 10250, 10251",
    "core → admin: 8040",
    "core → cache: 6379",
    "core → egress: 443",
    "core → endpoints: 443",
    "core → flag: 1031",
    "core → identity: 80",
    "egress → Image registries: HTTP host, TLS name",
    "egress → Model providers and tools: HTTP host, TLS name",
    "egress → Other allowed hosts: HTTP host, TLS name",
    "ingress → loadBalancer",
    "loadBalancer → admin: 8040, 30020",
    "loadBalancer → core: 8000, 30010",
    "loadBalancer → webapp: 3000, 30030",
    "nodes → admin: 8040",
    "nodes → cache: 6379",
    "nodes → controlPlane: 443",
    "nodes → core: 8000",
    "nodes → database: 5432",
    "nodes → egress: 443",
    "nodes → endpoints: 443",
    "nodes → identity",
    "nodes → nodes: 53, 53 udp, 1031, 3000, 8000, 8040, 10250",
    "nodes → webapp: 3000",
    "us-east-1.gw.example.com → loadBalancer",
    "webapp → core: 8000",
    "webapp → egress: 443",
    "webapp → flag: 1031",
  ],
  "dev-azure": [
    "Callers in 2 ranges → controlPlane: 443",
    "Consumers, from anywhere → ingress: 80, 443",
    "The cloud itself → loadBalancer: 65200-65535",
    "The cloud itself → loadBalancer: any port",
    "The cloud itself → nodes: any tcp port",
    "admin → cache: 10000",
    "admin → database: 5432",
    "admin → egress: 443",
    "admin → endpoints: 443",
    "admin → flag: 1031",
    "admin → identity",
    "api.azure.gw.example.com → eastus2.azure.gw.example.com",
    "core → admin: 8040",
    "core → cache: 10000",
    "core → egress: 443",
    "core → endpoints: 443",
    "core → flag: 1031",
    "core → identity",
    "database → The cloud itself: 443",
    "database → database: 5432, 6432",
    "eastus2.azure.gw.example.com → loadBalancer",
    "egress → Image registries: 443",
    "egress → Model providers and tools: 443",
    "egress → Other allowed hosts: 443",
    "egress → The cloud itself: 1194 udp, 9000",
    "egress → The cloud itself: 443",
    "ingress → loadBalancer",
    "loadBalancer → admin: 8040",
    "loadBalancer → core: 8000",
    "loadBalancer → webapp: 3000",
    "nodes → cache: 10000",
    "nodes → database: 5432",
    "nodes → egress: 443, 1194 udp, 9000",
    "nodes → endpoints: 443",
    "nodes → nodes: any port",
    "webapp → core: 8000",
    "webapp → egress: 443",
    "webapp → flag: 1031",
  ],
  "dev-gcp": [
    "Consumers, from anywhere → ingress: 80, 443",
    "The cloud itself → controlPlane: 443",
    "admin → cache: 6378",
    "admin → database: 5432",
    "admin → egress: 443",
    "admin → endpoints: 443",
    "admin → flag: 1031",
    "admin → identity: 80, 988",
    "api.gcp.gw.example.com → us-central1.gcp.gw.example.com",
    "core → admin: 8040",
    "core → cache: 6378",
    "core → egress: 443",
    "core → endpoints: 443",
    "core → flag: 1031",
    "core → identity: 80, 988",
    "egress → Image registries: 443",
    "egress → Model providers and tools: 443",
    "egress → Other allowed hosts: 443",
    "ingress → loadBalancer",
    "loadBalancer → admin: 8040, 30020",
    "loadBalancer → core: 8000, 30010",
    "loadBalancer → webapp: 3000, 30030",
    "nodes → cache: 6378",
    "nodes → database: 443, 5432",
    "nodes → egress: 443",
    "nodes → endpoints: 443",
    "nodes → nodes: any port",
    "us-central1.gcp.gw.example.com → loadBalancer",
    "webapp → core: 8000",
    "webapp → egress: 443",
    "webapp → flag: 1031",
  ],
} as const;

describe("the diagram of a cell", function () {
  this.timeout(60_000);
  for (const stack of ["dev", "dev-azure", "dev-gcp"] as const)
    it(`has every path of ${stack}, and no other`, async () => {
      const diagram = await drawn(stack);
      expect(arrowLines(diagram)).to.deep.equal(expected[stack]);
    });

  it("names cloud and region as they were deployed", async () => {
    const cells = await Promise.all((["dev", "dev-azure", "dev-gcp"] as const).map((stack) => drawn(stack)));
    expect(cells.flatMap((diagram) => diagram.cells)).to.deep.equal([
      { name: "us-east-1", cloud: "aws", region: "us-east-1" },
      { name: "eastus2", cloud: "azure", region: "eastus2" },
      { name: "us-central1", cloud: "gcp", region: "us-central1" },
    ]);
  });

  it("has a source in the state for every arrow", async () => {
    for (const stack of ["dev", "dev-azure", "dev-gcp"] as const) {
      const { deployment } = JSON.parse(await stateOf(stack)) as {
        deployment: { resources: { urn: string }[] };
      };
      const urns = new Set(deployment.resources.map(({ urn }) => urn));
      for (const { from, to, sources } of (await drawn(stack)).arrows) {
        expect(sources.length, `${from} → ${to}`).to.be.greaterThan(0);
        for (const source of sources) expect(urns.has(source), source).to.equal(true);
      }
    }
  });

  it("shows what a way out without a firewall lets through", async () => {
    expect(arrowLines(await drawn("dev", "small"))).to.include.members([
      "egress → Any address: 443",
      "egress → Model providers and tools: by look-up",
    ]);
    expect(arrowLines(await drawn("dev-azure", "small"))).to.include("egress → Any address: 443");
  });

  it("draws nothing of a stack that was taken down", () => {
    const diagram = diagramOf("dev", JSON.stringify({ deployment: {} }));
    expect(diagram).to.deep.equal({ stack: "dev", cells: [], boxes: [], arrows: [] });
  });

  it("draws what is being replaced once, as it will be", async () => {
    const state = await stateOf("dev");
    const twice = changed(state, (resources) => [
      ...resources,
      ...resources.map((each) => ({
        ...each,
        delete: true,
        outputs: { ...each.outputs, fromPort: 22, toPort: 22 },
      })),
    ]);
    expect(diagramOf("dev", twice)).to.deep.equal(diagramOf("dev", state));
  });
});
