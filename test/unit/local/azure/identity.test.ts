import { expect } from "chai";
import { caller } from "../../../../local/azure/authorization.js";
import { identityType } from "../../../../local/azure/managedIdentity.js";
import { assignmentType, holdsRole } from "../../../../local/azure/roles.js";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const credentialType = "azure-native:managedidentity:FederatedIdentityCredential";
const networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const group = "44444444-0000-4000-8000-000000000001";

class Identities extends AzureGround {
  identity(resourceName = "core"): WorldObject {
    return this.put(identityType, { resourceName, location: this.location });
  }

  credential(change: Props = {}): WorldObject {
    return this.put(credentialType, {
      resourceName: "core",
      federatedIdentityCredentialResourceName: "javelin-core",
      issuer: "https://westeurope.oic.prod-aks.azure.com/t/i/",
      subject: "system:serviceaccount:javelin:javelin-core",
      audiences: ["api://AzureADTokenExchange"],
      ...change,
    });
  }

  grant(change: Props = {}): WorldObject {
    return this.make(assignmentType, {
      roleAssignmentName: "00000001-0000-4000-8000-000000000000",
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`,
      scope: this.network().id,
      principalId: caller(this),
      principalType: "User",
      ...change,
    });
  }
}

const another = "00000002-0000-4000-8000-000000000000";

describe("local cloud: managed identities and roles", () => {
  it("give an identity ids of its own, and keep them", () => {
    const ground = new Identities();
    const made = ground.identity();
    const other = ground.identity("admin");
    for (const each of ["clientId", "principalId"]) {
      expect(made.state[each])
        .to.match(/^[0-9a-f]{8}-/)
        .and.not.equal(other.state[each]);
      expect(ground.update(made, { ...made.inputs, tags: { a: "b" } }).state[each]).to.equal(
        made.state[each],
      );
    }
  });

  it("count for a scope and what lies in it, for one principal", () => {
    const ground = new Identities();
    const { id } = ground.subnet("node", "10.20.4.0/22");
    const holds = (principal: string, scope: string) =>
      holdsRole(ground, principal, scope, ["Network Contributor"]);
    ground.grant();
    expect(holds(caller(ground), id)).to.equal(true);
    expect(holds(caller(ground), ground.network().id.slice(0, -1))).to.equal(false);
    expect(holds(group, id)).to.equal(false);
  });

  it("replace an assignment for another principal or scope, and refuse another role", () => {
    const ground = new Identities();
    const made = ground.grant();
    expect(ground.replaces(made, { ...made.inputs, principalId: group })).to.deep.equal(["principalId"]);
    const role = String(made.inputs.roleDefinitionId).replace(
      networkContributor,
      "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    );
    expect(() => ground.update(made, { ...made.inputs, roleDefinitionId: role })).to.throw(
      /UpdateNotPermitted/,
    );
  });

  it("let an account of the customer's be a scope, which this world does not hold", () => {
    const scope = "/subscriptions/s/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/models";
    expect(() => new Identities().grant({ scope })).to.not.throw();
  });

  refuses(
    () => new Identities(),
    [
      ["a name that is no GUID", /must be a GUID/, (g) => g.grant({ roleAssignmentName: "mine" })],
      [
        "a role that does not exist",
        /RoleDefinitionDoesNotExist/,
        (g) => g.grant({ roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${group}` }),
      ],
      ["a scope that does not exist", /ResourceNotFound/, (g) => g.grant({ scope: `${g.network().id}x` })],
      [
        "the same assignment by another name",
        /RoleAssignmentExists/,
        (g) => [g.grant(), g.grant({ roleAssignmentName: another })],
      ],
      [
        "the same name for another principal",
        /RoleAssignmentUpdateNotPermitted/,
        (g) => [g.grant(), g.grant({ principalId: group, principalType: "Group" })],
      ],
      [
        "an identity that does not exist",
        /PrincipalNotFound/,
        (g) => g.grant({ principalId: group, principalType: "ServicePrincipal" }),
      ],
      [
        "a fresh identity whose type is not said",
        /PrincipalNotFound.*set the role assignment principalType/,
        (g) => g.grant({ principalId: g.identity().state.principalId, principalType: undefined }),
      ],
      [
        "an identity said to be a user",
        /UnmatchedPrincipalType/,
        (g) => g.grant({ principalId: g.identity().state.principalId }),
      ],
      ["a credential of no identity", /ParentResourceNotFound/, (g) => g.credential()],
      [
        "an issuer without HTTPS",
        /not a valid URL with HTTPS/,
        (g) => [g.identity(), g.credential({ issuer: "http://a" })],
      ],
      [
        "two audiences",
        /exactly one audience/,
        (g) => [g.identity(), g.credential({ audiences: ["a", "b"] })],
      ],
      [
        "the same subject twice",
        /combination already exists/,
        (g) => [
          g.identity(),
          g.credential(),
          g.credential({ federatedIdentityCredentialResourceName: "again" }),
        ],
      ],
      [
        "a twenty-first credential",
        /at most 20/,
        (g) => [
          g.identity(),
          ...Array.from({ length: 21 }, (_, i) =>
            g.credential({ federatedIdentityCredentialResourceName: `name-${i}`, subject: `subject-${i}` }),
          ),
        ],
      ],
    ],
  );
});

describe("local cloud: data collection rules", () => {
  const streams = ["Microsoft-ContainerInsights-Group-Default"];
  const rule = (g: AzureGround, change: Props = {}) =>
    g.put("azure-native:monitor:DataCollectionRule", {
      dataCollectionRuleName: "rule",
      location: g.location,
      dataSources: { extensions: [{ name: "insights", extensionName: "ContainerInsights", streams }] },
      destinations: {
        logAnalytics: [
          {
            name: "workspace",
            workspaceResourceId: g.put("azure-native:operationalinsights:Workspace", {
              workspaceName: "logs",
              location: g.location,
            }).id,
          },
        ],
      },
      dataFlows: [{ streams, destinations: ["workspace"] }],
      ...change,
    });

  it("hold their workspace", () => {
    const ground = new AzureGround();
    rule(ground);
    const [workspace] = ground.world.list("azure-native:operationalinsights:Workspace");
    expect(() => ground.delete(workspace!)).to.throw(/is used by .*dataCollectionRules\/rule/);
  });

  refuses(
    () => new AzureGround(),
    [
      [
        "a destination that is not defined",
        /names 'other'/,
        (g) => rule(g, { dataFlows: [{ streams, destinations: ["other"] }] }),
      ],
      [
        "a stream without a source",
        /has no data source/,
        (g) => rule(g, { dataFlows: [{ streams: ["Microsoft-Syslog"], destinations: ["workspace"] }] }),
      ],
      [
        "a stream of another source",
        /has no data source/,
        (g) =>
          rule(g, {
            dataSources: { syslog: [{ name: "syslog", streams: ["Microsoft-Syslog"] }] },
            dataFlows: [{ streams: ["Microsoft-Perf"], destinations: ["workspace"] }],
          }),
      ],
      [
        "an association with what does not exist",
        /ResourceNotFound/,
        (g) =>
          g.make("azure-native:monitor:DataCollectionRuleAssociation", {
            associationName: "ContainerInsightsExtension",
            resourceUri: "/x",
            dataCollectionRuleId: rule(g).id,
          }),
      ],
    ],
  );
});
