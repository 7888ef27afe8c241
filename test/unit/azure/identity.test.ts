import { Provider } from "@pulumi/azure-native/provider.js";
import * as resources_ from "@pulumi/azure-native/resources/index.js";
import { expect } from "chai";
import fc from "fast-check";
import { WorkloadIdentity } from "../../../components/azure/identity.js";
import { assignmentName, gatewayRoles, roleDefinitionId } from "../../../components/azure/roles.js";
import { assignmentType, roleNamed } from "../../../local/azure/roles.js";
import { run } from "../../support/mocks.js";
import { common, subscriptionId } from "../../support/azureCell.js";

const account = `/subscriptions/${subscriptionId}/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/models`;

function program() {
  const provider = new Provider("azure", { location: common.region, subscriptionId });
  const opts = { providers: [provider] };
  const group = new resources_.ResourceGroup(
    "rg",
    { resourceGroupName: "rg", location: common.region },
    { provider },
  );
  const identity = new WorkloadIdentity(
    "core",
    {
      ...common,
      resourceGroupName: group.name,
      workload: "core",
      oidcIssuerUrl: "https://westeurope.oic.prod-aks.azure.com/t/i/",
      namespace: "javelin",
      serviceAccount: "javelin-core",
      roles: gatewayRoles({ vaultId: account, access: "read", openAiAccountIds: [] }),
    },
    opts,
  );
  return identity;
}

describe("Azure workload identity", () => {
  it("is taken by one service account of one cluster, and marked for AKS's webhook", async () => {
    const { resources, result } = await run(program);
    const [credential] = resources.filter(({ type }) => type.endsWith(":FederatedIdentityCredential"));
    expect(credential?.inputs).to.deep.include({
      issuer: "https://westeurope.oic.prod-aks.azure.com/t/i/",
      subject: "system:serviceaccount:javelin:javelin-core",
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(result.serviceAccount.labels).to.deep.equal({ "azure.workload.identity/use": "true" });
    expect(Object.keys(result.serviceAccount.annotations)).to.include("azure.workload.identity/client-id");
    expect(result.ready).to.have.length(2);
  });

  it("says that the principal is a service principal, which Entra ID may not know yet", async () => {
    const { resources } = await run(program);
    for (const { inputs } of resources.filter(({ type }) => type === assignmentType))
      expect(inputs.principalType).to.equal("ServicePrincipal");
  });
});

describe("Azure roles", () => {
  const named = (access: "read" | "write", keyId?: string) =>
    gatewayRoles({ vaultId: "/vault", access, openAiAccountIds: [account], ...(keyId && { keyId }) });

  it("let readers read, writers write, and both call the customer's models", () => {
    expect(named("read")).to.deep.equal([
      { name: "secrets", role: "Key Vault Secrets User", scope: "/vault" },
      { name: "models-models", role: "Cognitive Services OpenAI User", scope: account },
    ]);
    expect(named("write")[0]?.role).to.equal("Key Vault Secrets Officer");
    expect(named("read", "/key").at(-1)).to.deep.equal({
      name: "key",
      role: "Key Vault Crypto User",
      scope: "/key",
    });
  });

  it("are defined where the scope lies", () => {
    const id = roleDefinitionId("Reader", account);
    expect(id).to.match(new RegExp(`^/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/`));
    expect(roleNamed(id)).to.equal("Reader");
    expect(() => roleDefinitionId("Reader", "/resourceGroups/x")).to.throw(/no ARM id/);
  });

  it("are assigned under GUIDs that follow from what they are", () => {
    const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    fc.assert(
      fc.property(fc.string(), fc.uuid(), (scope, principal) => {
        const name = assignmentName("Reader", scope, principal);
        expect(name)
          .to.match(guid)
          .and.equal(assignmentName("Reader", scope.toUpperCase().toLowerCase(), principal));
        expect(name).to.not.equal(assignmentName("Network Contributor", scope, principal));
        expect(name).to.not.equal(assignmentName("Reader", `${scope}/x`, principal));
      }),
    );
  });
});
