import { expect } from "chai";
import { at, text } from "../../../local/rules.js";
import { run } from "../../support/mocks.js";
import { enable, place, prefix, project, region, secrets } from "./ground.js";

const make = (more = {}) =>
  run(() => {
    const opts = place();
    return secrets(opts, enable(opts), more);
  });
const types = {
  key: "gcp:kms/cryptoKey:CryptoKey",
  keyUse: "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
  ring: "gcp:kms/keyRing:KeyRing",
  secret: "gcp:secretmanager/secret:Secret",
  version: "gcp:secretmanager/secretVersion:SecretVersion",
};

describe("GCP secrets", () => {
  it("rotate one key of the cell's region, whose ring asks for no name twice", async () => {
    const { resources } = await make();
    const ring = resources.find(({ type }) => type === types.ring);
    expect(ring?.inputs["location"]).to.equal(region);
    expect(ring?.inputs["name"]).to.match(new RegExp(`^${prefix}-[0-9a-f]{8}$`));
    const keys = resources.filter(({ type }) => type === types.key);
    expect(
      keys.map(({ inputs }) => [inputs["rotationPeriod"], inputs["destroyScheduledDuration"]]),
    ).to.deep.equal([["7776000s", "2592000s"]]);
  });

  it("let exactly the services that use the key use it, and nothing else in the project", async () => {
    const { resources } = await make({ users: ["compute", "sqladmin"] });
    const uses = resources.filter(({ type }) => type === types.keyUse);
    expect(uses.map(({ inputs }) => inputs["role"])).to.deep.equal(
      uses.map(() => "roles/cloudkms.cryptoKeyEncrypterDecrypter"),
    );
    expect(uses.map(({ inputs }) => /@([a-z-]+)\./.exec(String(inputs["member"]))?.[1])).to.have.members([
      "gcp-sa-secretmanager",
      "container-engine-robot",
      "compute-system",
      "gcp-sa-cloud-sql",
    ]);
    expect(resources.some(({ type }) => type === "gcp:projects/iAMMember:IAMMember")).to.equal(false);
  });

  it("stay in the cell's region under its key, each value marked secret", async () => {
    const { resources } = await make();
    const kept = resources.filter(({ type }) => type === types.secret);
    expect(kept.map(({ inputs }) => inputs["secretId"])).to.have.members([
      `${prefix}-license`,
      `${prefix}-database`,
    ]);
    for (const { inputs } of kept) {
      expect(inputs["replication"]).to.have.all.keys("userManaged");
      const [replica] = at(inputs, "replication.userManaged.replicas[]");
      expect(text(replica, "location")).to.equal(region);
      expect(text(replica, "customerManagedEncryption.kmsKeyName")).to.match(/\/cryptoKeys\/cell$/);
    }
    for (const { raw } of resources.filter(({ type }) => type === types.version))
      expect(raw["secretData"]).to.have.property("value").and.to.be.a("string");
  });

  it("outlast a mistake where they are protected", async () => {
    const { resources } = await make({ protect: true });
    const [secret] = resources.filter(({ type }) => type === types.secret);
    expect(secret?.inputs).to.deep.include({ deletionProtection: true, versionDestroyTtl: "2592000s" });
  });

  it("keep their key when protection is switched on or off", async () => {
    const keyOf = ({ resources }: Awaited<ReturnType<typeof make>>) =>
      resources.find(({ type }) => type === types.key)!.inputs;
    const [on, off] = [await make({ protect: true }), await make({ protect: false })].map(keyOf);
    expect({ ...on, keyRing: "" }).to.deep.equal({ ...off, keyRing: "" });
  });

  it("make a password that needs no escaping in a URL", async () => {
    const { result } = await make();
    const password = await new Promise<string>((resolve) =>
      result.databasePassword.apply((value) => resolve(value)),
    );
    expect(password)
      .to.have.length(40)
      .and.match(/^[A-Za-z0-9\-_.~]+$/);
  });

  it("set the gateway's own names apart from every other cell's", async () => {
    const { result } = await make();
    expect(result.gatewaySecretPrefix).to.equal(`${prefix}-gateway_`);
    const full = await new Promise<string>((resolve) =>
      result.gatewaySecrets.apply((value) => resolve(value)),
    );
    expect(full).to.match(new RegExp(`^projects/\\d+/secrets/${prefix}-gateway_$`));
    expect(() => result.keyFor("redis")).to.throw("not among the users");
  });

  it("preview with nothing known", async () => {
    const { resources } = await run(
      () => {
        const opts = place();
        secrets(opts, enable(opts));
      },
      { preview: true },
    );
    expect(resources.some(({ type }) => type === types.version)).to.equal(true);
    expect(JSON.stringify(resources)).not.to.include(`projects/${project}/secrets/undefined`);
  });
});
