import * as gcp from "@pulumi/gcp";
import { expect } from "chai";
import { WorkloadIdentity } from "../../../components/gcp/identity.js";
import { keyGrants, modelGrants, secretGrants, type SecretAccess } from "../../../components/gcp/roles.js";
import { physicalName } from "../../../components/names.js";
import { text } from "../../../local/rules.js";
import { run, type Recorded } from "../../support/mocks.js";
import { compute, place, prefix, project } from "./ground.js";

const identity = (access: SecretAccess, opts = place()) => {
  const { cluster, kept } = compute({}, opts);
  return new WorkloadIdentity(
    "core",
    {
      accountId: physicalName("gcp:serviceAccount", prefix, "core"),
      project,
      namespace: "javelin",
      serviceAccount: "javelin-core",
      grants: [
        ...modelGrants(),
        ...secretGrants(kept.gatewaySecrets, access),
        ...keyGrants(kept.keyId, access),
      ],
      workloadPool: cluster.workloadPool,
    },
    opts,
  );
};
const own = (resources: Recorded[], type: string) =>
  resources.filter((each) => each.type === type && each.name.startsWith("core"));
const permissions = (resources: Recorded[]) =>
  own(resources, "gcp:projects/iAMCustomRole:IAMCustomRole").flatMap(
    ({ inputs }) => inputs["permissions"] as string[],
  );

describe("GCP workload identity", () => {
  it("is taken by the pods of one service account alone", async () => {
    const { resources, result } = await run(() => identity("read"));
    const [pods, ...more] = own(resources, "gcp:serviceaccount/iAMMember:IAMMember");
    expect(more).to.deep.equal([]);
    expect(pods?.inputs).to.deep.include({
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:${project}.svc.id.goog[javelin/javelin-core]`,
    });
    const email = await new Promise((resolve) => result.email.apply(resolve));
    const annotated = await new Promise((resolve) =>
      result.serviceAccount.annotations["iam.gke.io/gcp-service-account"]?.apply(resolve),
    );
    // Pods that start before they may take it run without credentials.
    expect(result.ready.some((each) => each instanceof gcp.serviceaccount.IAMMember)).to.equal(true);
    expect(annotated).to.equal(email).and.equal(`javelin-dev-a-core@${project}.iam.gserviceaccount.com`);
  });

  it("of a reader may ask models, read the gateway's secrets and decrypt: nothing else", async () => {
    const { resources } = await run(() => identity("read"));
    expect(permissions(resources)).to.deep.equal(["aiplatform.endpoints.predict"]);
    const roles = own(resources, "gcp:projects/iAMMember:IAMMember").map(({ inputs }) => inputs);
    expect(roles.filter((each) => String(each["role"]).startsWith("roles/"))).to.have.length(1);
    const reads = roles.find((each) => each["role"] === "roles/secretmanager.secretAccessor");
    expect(text(reads, "condition.expression")).to.match(
      /^resource\.name\.startsWith\("projects\/\d+\/secrets\/javelin-dev-a-gateway_"\)$/,
    );
    const [key, ...more] = own(resources, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember");
    expect(more).to.deep.equal([]);
    expect(key?.inputs["role"]).to.equal("roles/cloudkms.cryptoKeyDecrypter");
  });

  it("of a writer creates secrets of any name, and touches the gateway's only", async () => {
    const { resources } = await run(() => identity("write"));
    const unconditional = own(resources, "gcp:projects/iAMMember:IAMMember").filter(
      ({ inputs }) => inputs["condition"] === undefined,
    );
    const names = unconditional.map(({ inputs }) => inputs["role"]);
    const free = own(resources, "gcp:projects/iAMCustomRole:IAMCustomRole")
      .filter(({ state }) => names.includes(state["name"]))
      .flatMap(({ inputs }) => inputs["permissions"] as string[]);
    expect(free).to.have.members(["aiplatform.endpoints.predict", "secretmanager.secrets.create"]);
    expect(permissions(resources)).not.to.include("secretmanager.secrets.setIamPolicy");
  });

  it("never asks for the id of a custom role that was deleted", async () => {
    const { resources } = await run(() => identity("write"));
    for (const { inputs } of own(resources, "gcp:projects/iAMCustomRole:IAMCustomRole"))
      expect(inputs["roleId"]).to.match(/^[a-zA-Z0-9_]{3,55}_[0-9a-f]{8}$/);
  });

  it("previews with nothing known", async () => {
    const { resources } = await run(() => identity("write"), { preview: true });
    expect(own(resources, "gcp:serviceaccount/iAMMember:IAMMember")).to.have.length(1);
  });
});
