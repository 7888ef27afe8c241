import { expect } from "chai";
import type { Props } from "../../../../local/behaviour.js";
import { GcpCluster, gke } from "../../../support/gcpCluster.js";
import { refuses } from "../../../support/refusals.js";

const start = () => new GcpCluster();
const grant = (cloud: GcpCluster, more: Props) =>
  cloud.make(gke.projectMember, {
    project: cloud.project,
    role: "roles/logging.logWriter",
    member: "group:ops@example.com",
    ...more,
  });
const pods = (cloud: GcpCluster) =>
  cloud.make(gke.accountMember, {
    serviceAccountId: cloud.account().state["name"],
    role: "roles/iam.workloadIdentityUser",
    member: `serviceAccount:${cloud.project}.svc.id.goog[javelin/core]`,
  });
const customRole = (cloud: GcpCluster, more: Props = {}) =>
  cloud.make(gke.customRole, {
    roleId: "asks_models",
    title: "Asks models",
    permissions: ["aiplatform.endpoints.predict"],
    ...more,
  });

describe("local GCP: identities", () => {
  refuses(start, [
    ["an account id of five characters", /accountId/, (c) => c.account("nodes")],
    ["an account id of 31 characters", /accountId/, (c) => c.account("a".repeat(31))],
    ["an account id that ends in a hyphen", /accountId/, (c) => c.account("nodes-of-")],
    ["an account twice", /already exists/, (c) => [c.account(), c.account()]],
    ["a role that is none", /roles\/none is not supported/, (c) => grant(c, { role: "roles/none" })],
    [
      "a role on what it is not for",
      /not supported for this resource/,
      (c) =>
        c.make(gke.keyMember, {
          cryptoKeyId: c.key.id,
          role: "roles/logging.logWriter",
          member: "group:ops@example.com",
        }),
    ],
    [
      "a custom role that is not there",
      /projects\/proj-1\/roles\/none/,
      (c) => grant(c, { role: "projects/proj-1/roles/none" }),
    ],
    ["a member without a kind", /not a known principal/, (c) => grant(c, { member: "ops@example.com" })],
    ["a deleted member", /not deleted/, (c) => grant(c, { member: "deleted:user:a@example.com?uid=1" })],
    [
      "an account that does not exist",
      /Service account core-of-a@.* does not exist/,
      (c) => grant(c, { member: "serviceAccount:core-of-a@proj-1.iam.gserviceaccount.com" }),
    ],
    [
      "an agent that was never made",
      /gcp-sa-secretmanager.* does not exist/,
      (c) => c.mayEncrypt("gcp-sa-secretmanager"),
    ],
    [
      "Compute Engine's agent on request",
      /has not been configured for service identities/,
      (c) => c.make(gke.serviceIdentity, { service: "compute.googleapis.com" }),
    ],
    [
      "pods before the first cluster",
      /Identity Pool does not exist \(proj-1\.svc\.id\.goog\)/,
      (c) => pods(c),
    ],
    [
      "pods of a project whose clusters have no Workload Identity",
      /Identity Pool does not exist/,
      (c) => {
        c.cluster({ workloadIdentityConfig: undefined });
        pods(c);
      },
    ],
    [
      "a condition on a primitive role",
      /primitive roles/,
      (c) =>
        grant(c, { role: "roles/editor", condition: { title: "t", expression: 'resource.name == "x"' } }),
    ],
    [
      "a condition that cannot be parsed",
      /Expression validation failed/,
      (c) => grant(c, { condition: { title: "t", expression: 'resource.name.startsWith("x"' } }),
    ],
    [
      "a condition without a title",
      /condition\.title: must not be empty/,
      (c) => grant(c, { condition: { title: "", expression: 'resource.name == "x"' } }),
    ],
    ["a condition of nothing", /condition\.expression/, (c) => grant(c, { condition: { title: "t" } })],
    ["a custom role's id with a hyphen", /roleId/, (c) => customRole(c, { roleId: "asks-models" })],
    [
      "a permission that is none",
      /aiplatform\.\* is not valid/,
      (c) => customRole(c, { permissions: ["aiplatform.*"] }),
    ],
    [
      "an API that is not enabled",
      /^SERVICE_DISABLED.*iam\.googleapis\.com/,
      (c) => c.make(gke.account, { accountId: "nodes-of-a", project: "other" }),
    ],
  ]);

  it("admits pods once a cluster has made the project's pool, which outlives it", () => {
    const cloud = start();
    cloud.delete(cloud.cluster());
    expect(pods(cloud).id).to.match(
      /^projects\/proj-1\/serviceAccounts\/nodes-of-a@.*\/roles\/iam\.workloadIdentityUser\/serviceAccount:proj-1\.svc\.id\.goog\[javelin\/core\]$/,
    );
  });

  it("knows agents made on request, and those that come with their API", () => {
    const cloud = start();
    cloud.make(gke.serviceIdentity, { service: "secretmanager.googleapis.com" });
    for (const agent of ["gcp-sa-secretmanager", "compute-system", "container-engine-robot"])
      expect(() => cloud.mayEncrypt(agent)).not.to.throw();
  });

  it("tells two grants of one role apart by their conditions", () => {
    const cloud = start();
    const condition = { title: "own", expression: 'resource.name.startsWith("projects/1/secrets/a_")' };
    expect(grant(cloud, {}).id).not.to.equal(grant(cloud, { condition }).id);
  });

  it("gives a deleted custom role's id back within seven days only", () => {
    const cloud = start();
    cloud.delete(customRole(cloud));
    expect(() => customRole(cloud)).not.to.throw();
    const held = "held:gcp/iam/role";
    const [gone] = cloud.world.list(held);
    cloud.world.amend(held, gone?.id ?? "", { deleted: cloud.world.now() - 8 * 86_400_000 });
    expect(() => customRole(cloud)).to.throw("in a deleted state");
  });

  it("replaces an account for its id alone", () => {
    const cloud = start();
    const account = cloud.account();
    expect(cloud.replaces(account, { accountId: "nodes-of-a", displayName: "x" })).to.deep.equal([]);
    expect(cloud.replaces(account, { accountId: "nodes-of-b" })).to.deep.equal(["accountId"]);
  });
});
