import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

class Logs extends AzureGround {
  workspace(workspaceName = "logs"): WorldObject {
    return this.put("azure-native:operationalinsights:Workspace", {
      workspaceName,
      location: this.location,
      sku: { name: "PerGB2018" },
      retentionInDays: 30,
    });
  }

  /** A setting for a public address, which has logs and metrics, or for what is given. */
  setting(change: Props = {}): WorldObject {
    return this.make("azure-native:monitor:DiagnosticSetting", {
      name: "workspace",
      resourceUri: this.publicIp().id,
      workspaceId: this.workspace().id,
      logs: [{ categoryGroup: "allLogs", enabled: true }],
      metrics: [{ category: "AllMetrics", enabled: true }],
      ...change,
    });
  }

  cache(): WorldObject {
    return this.put("azure-native:redisenterprise:RedisEnterprise", {
      clusterName: "cache",
      location: this.location,
      sku: { name: "Balanced_B1" },
      publicNetworkAccess: "Disabled",
    });
  }
}

describe("local cloud: diagnostic settings", () => {
  it("lie under what they extend, which may go before them", () => {
    const logs = new Logs();
    const address = logs.publicIp();
    expect(logs.setting().id).to.equal(
      `${address.id}/providers/Microsoft.Insights/diagnosticSettings/workspace`,
    );
    expect(() => logs.delete(address)).not.to.throw();
  });

  refuses(
    () => new Logs(),
    [
      ["what is not there", /ResourceTypeNotSupported/, (l) => l.setting({ resourceUri: "/none" })],
      [
        "a resource without logs or metrics",
        /ResourceTypeNotSupported/,
        (l) => l.setting({ resourceUri: l.subnet("x", "10.20.9.0/24").id }),
      ],
      [
        "a workspace that is not there",
        /workspace '\/none' was not found/,
        (l) => l.setting({ workspaceId: "/none" }),
      ],
      ["no destination", /data sink/, (l) => l.setting({ workspaceId: undefined })],
      ["nothing to send", /At least one log or metric/, (l) => l.setting({ logs: [], metrics: [] })],
      [
        "another service's logs",
        /Category 'AuditEvent'/,
        (l) => l.setting({ logs: [{ category: "AuditEvent", enabled: true }] }),
      ],
      [
        "a category and a group at once",
        /either a category or/,
        (l) =>
          l.setting({
            logs: [{ category: "DDoSMitigationReports", categoryGroup: "allLogs", enabled: true }],
          }),
      ],
      [
        "logs of what has metrics only",
        /Category group 'allLogs'/,
        (l) => l.setting({ resourceUri: l.cache().id }),
      ],
      [
        "a sixth setting",
        /limit of 5 diagnostic settings/,
        (l) => {
          for (const name of ["a", "b", "c", "d", "e", "f"])
            l.make("azure-native:monitor:DiagnosticSetting", {
              name,
              resourceUri: l.publicIp().id,
              workspaceId: l.workspace(`logs-${name}`).id,
              metrics: [{ category: "AllMetrics", enabled: true }],
            });
        },
      ],
      [
        "the same logs twice to one workspace",
        /already used in diagnostic setting 'workspace'/,
        (l) => {
          const workspaceId = l.workspace().id;
          const args = { resourceUri: l.publicIp().id, workspaceId };
          for (const name of ["workspace", "again"])
            l.make("azure-native:monitor:DiagnosticSetting", {
              ...args,
              name,
              logs: [{ categoryGroup: "allLogs", enabled: true }],
            });
        },
      ],
    ],
  );
});
