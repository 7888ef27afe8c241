import { expect } from "chai";
import { keyType, secretType, vaultType } from "../../../local/azure/keyVaultTypes.js";
import { assignmentType, roleNamed } from "../../../local/azure/roles.js";
import type { Props } from "../../../local/behaviour.js";
import { azureGroundwork } from "../../support/azureCell.js";
import { run } from "../../support/mocks.js";
import type { Recorded } from "../../support/mocks.js";

const of = (resources: Recorded[], type: string) => resources.filter((each) => each.type === type);
const properties = ({ inputs }: Recorded): Props => inputs.properties as Props;

describe("Azure secrets", () => {
  let resources: Recorded[];
  before(async () => {
    ({ resources } = await run(() => void azureGroundwork(false)));
  });

  it("lie in two vaults that only private endpoints reach and only roles open", () => {
    const vaults = of(resources, vaultType);
    expect(vaults).to.have.length(2);
    for (const vault of vaults) {
      expect(properties(vault)).to.include({
        publicNetworkAccess: "Disabled",
        enableRbacAuthorization: true,
        softDeleteRetentionInDays: 7,
      });
      expect(properties(vault).networkAcls).to.deep.equal({ defaultAction: "Deny", bypass: "None" });
      expect(properties(vault)).to.not.have.property("enablePurgeProtection");
      expect(String(vault.inputs.vaultName)).to.match(/^[a-z][a-z0-9-]{2,23}$/);
    }
    const logged = of(resources, "azure-native:monitor:DiagnosticSetting").map(
      ({ inputs }) => inputs.resourceUri,
    );
    expect(logged).to.include.members(vaults.map(({ id }) => id));
    const reached = of(resources, "azure-native:network:PrivateEndpoint").map(
      ({ inputs }) => (inputs.privateLinkServiceConnections as Props[])[0]?.privateLinkServiceId,
    );
    expect(reached).to.have.members(vaults.map(({ id }) => id));
  });

  it("are all in the cell's own vault, so that the gateway's roles do not count for them", () => {
    const secrets = of(resources, secretType);
    expect(secrets).to.have.length(2);
    expect(new Set(secrets.map(({ inputs }) => inputs.vaultName)).size).to.equal(1);
    const [vault] = of(resources, vaultType).filter(({ name }) => name === "secrets-vault");
    expect(secrets[0]?.inputs.vaultName).to.equal(vault?.inputs.vaultName);
    expect(of(resources, assignmentType)).to.have.length(0);
  });

  it("never show in what is registered", () => {
    const readable = JSON.stringify(
      resources.filter(({ type }) => type !== secretType).map(({ inputs, state }) => [inputs, state]),
    );
    expect(readable).to.not.include("the-customers-licence");
    // Over the wire a secret is wrapped, and says so.
    for (const { raw } of of(resources, secretType))
      expect(JSON.stringify(raw)).to.include("1b47061264138c4ac30d75fd1eb44270");
  });

  it("have a password that the database takes", () => {
    const [database] = of(resources, secretType).filter(({ name }) => name === "secrets-database");
    const { password } = JSON.parse(String(properties(database!).value)) as { password: string };
    expect(password)
      .to.match(/^[A-Za-z0-9._~-]{40}$/)
      .and.match(/[A-Z]/)
      .and.match(/[0-9]/);
  });

  it("cannot be purged when protected", async () => {
    const protectedRun = await run(() => void azureGroundwork(false, { protect: true }));
    for (const vault of of(protectedRun.resources, vaultType))
      expect(properties(vault)).to.include({ enablePurgeProtection: true, softDeleteRetentionInDays: 90 });
  });

  it("bring a key that services use by one identity, when the customer wants one", async () => {
    const made = await run(() => void azureGroundwork(false, { customerKey: true }));
    const [key] = of(made.resources, keyType);
    expect(properties(key!).keyOps).to.deep.equal(["wrapKey", "unwrapKey"]);
    expect(key).to.have.nested.property(
      "inputs.properties.rotationPolicy.lifetimeActions[0].action.type",
      "rotate",
    );
    const roles = of(made.resources, assignmentType).map(({ inputs }) => [
      roleNamed(String(inputs.roleDefinitionId)),
      inputs.scope,
    ]);
    expect(roles).to.deep.equal([["Key Vault Crypto Service Encryption User", key?.id]]);
    const [own, gateways] = ["secrets-vault", "secrets-gateway-vault"].map((name) =>
      of(made.resources, vaultType).find((each) => each.name === name)!,
    );
    expect(properties(own!)).to.include({ enablePurgeProtection: true });
    expect(properties(gateways!)).to.not.have.property("enablePurgeProtection");
  });
});
