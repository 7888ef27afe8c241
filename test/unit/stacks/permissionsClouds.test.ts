import { expect } from "chai";
import { vaultType } from "../../../local/azure/keyVaultTypes.js";
import { assignmentType, roleNamed } from "../../../local/azure/roles.js";
import { at, text, texts } from "../../../local/rules.js";
import type { StackRun } from "../../support/runs.js";
import { ofType, stackRun, theOne } from "../../support/runs.js";

describe("the cell of dev-azure", () => {
  let resources: StackRun["resources"];
  before(async () => ({ resources } = await stackRun("small", false, "dev-azure")));

  for (const [workload, role] of [
    ["core", "Key Vault Secrets User"],
    ["admin", "Key Vault Secrets Officer"],
  ] as const)
    it(`makes ${workload} a ${role} of the gateway's vault, and nothing else`, () => {
      const given = ofType(resources, assignmentType)
        .filter(({ name }) => name.includes(`-identity-${workload}-`))
        .map(({ inputs }) => [roleNamed(String(inputs["roleDefinitionId"])), inputs["scope"]]);
      expect(given).to.deep.equal([[role, theOne(resources, vaultType, "-gateway-vault").id]]);
    });

  it("opens the API to the networks of the config", () => {
    const { inputs } = theOne(resources, "azure-native:containerservice:ManagedCluster");
    expect(texts(inputs, "apiServerAccessProfile.authorizedIPRanges")).to.include("203.0.113.0/24");
  });

  it("sends each public service's requests to the address of its own load balancer", () => {
    const { inputs } = theOne(resources, "azure-native:network:ApplicationGateway");
    const pools = (at(inputs, "backendAddressPools[]") as Record<string, unknown>[]).flatMap((pool) =>
      at(pool, "backendAddresses[].ipAddress").map((address) => [text(pool, "name"), address]),
    );
    const services = ofType(resources, "kubernetes:core/v1:Service")
      .filter(({ inputs: given }) => text(given, "spec.type") === "LoadBalancer")
      .map(({ inputs: { metadata } }) => {
        const { name, annotations } = metadata as { name: string; annotations: Record<string, string> };
        return [
          name.replace("javelin-", ""),
          annotations["service.beta.kubernetes.io/azure-load-balancer-ipv4"],
        ];
      });
    expect(pools).to.have.length.of.at.least(2).and.have.deep.members(services);
  });
});

describe("the cell of dev-gcp", () => {
  it("lets admin write the gateway's secrets, and core only read them", async () => {
    const { resources } = await stackRun("small", false, "dev-gcp");
    const grants = (workload: string) =>
      resources.flatMap(({ type, name }) => {
        const [, grant] = new RegExp(`-identity-${workload}-(secret-[a-z]+)$`).exec(name) ?? [];
        return type === "gcp:projects/iAMMember:IAMMember" && grant ? [grant] : [];
      });
    expect(grants("core")).to.deep.equal(["secret-read"]);
    expect(grants("admin")).to.have.members(["secret-read", "secret-write", "secret-create"]);
  });
});
