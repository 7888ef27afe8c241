import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Proofs } from "../../components/proofs.js";
import { run } from "../support/mocks.js";

const proved = (...values: string[]) =>
  run(() => {
    const proofs = new Proofs("proofs", {
      write: (name, _, opts) => new random.RandomId(name, { byteLength: 4 }, opts),
    });
    for (const value of values)
      proofs.prove("gcp/proj-1", "api.example.com", { name: "_acme.example.com", type: "CNAME", value });
  });

describe("proofs for certificates", () => {
  it("are one record for whoever asks for the same, again", async () => {
    const { resources } = await proved("a", "a", "a");
    expect(resources.filter(({ custom }) => custom)).to.have.length(1);
  });

  it("are an error when one name is to be proved in two ways: one certificate would never come", async () => {
    const said: string[] = [];
    const log = pulumi.log as { error: typeof pulumi.log.error };
    const { error } = log;
    log.error = (message) => Promise.resolve(void said.push(message));
    try {
      await proved("a", "a");
      expect(said).to.deep.equal([]);
      await proved("a", "b");
    } finally {
      log.error = error;
    }
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/gcp\/proj-1 asks for _acme.example.com b to prove api.example.com.* a before/);
  });
});
