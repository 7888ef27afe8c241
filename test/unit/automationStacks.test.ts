import { expect } from "chai";
import type { z } from "zod";
import { madeByWord } from "../../automation/created.js";
import { Refusal, WrongUse } from "../../automation/errors.js";
import { masking } from "../../automation/json.js";
import { localSettings } from "../../automation/localEnvironment.js";
import type { ExportedState } from "../../automation/pending.js";
import {
  hasUnread,
  interruptedCreates,
  secretConfigTexts,
  secretTexts,
  settle,
} from "../../automation/pending.js";
import { parseConfig } from "../../stacks/config.js";
import { secretKeys } from "../../stacks/secretSchema.js";
import { configOf } from "../support/stacks.js";

const subnetUrn = `urn:pulumi:dev::javelin::javelin:aws:Cell$javelin:aws:Network$aws:ec2/subnet:Subnet::use1-network-node-0`;
const cellUrn = "urn:pulumi:dev::javelin::javelin:aws:Cell::use1";
const secret = (plaintext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(plaintext),
});

describe("the javelin command's stacks", () => {
  describe("secrets", () => {
    it("finds every secret of a state, and masks it however it is written", () => {
      const found = secretTexts({
        a: [secret('p"ss-word')],
        b: { c: secret('longer p"ss-word') },
        d: secret("x"),
      });
      expect(found).to.have.members(['p"ss-word', 'longer p"ss-word']);
      const mask = masking(found);
      expect(mask('was p"ss-word or "p\\"ss-word"')).to.equal('was [secret] or "[secret]"');
      expect(mask('longer p"ss-word')).to.equal("[secret]");
    });

    it("finds those of the config too, which a failed creation alone was given", () => {
      const config = {
        "javelin:licence": { secret: true, value: "{}", objectValue: { jwt: "licence-jwt" } },
        "javelin:flat": { secret: true, value: "flat-secret" },
        "javelin:domain": { secret: false, value: "gateway.example.com" },
      };
      expect(secretConfigTexts(config)).to.deep.equal(["licence-jwt", "flat-secret"]);
    });
  });

  describe("local settings", () => {
    it("keep the config, drop the real stack's encryption and say what stands in for its secrets", () => {
      const text = [
        "secretsprovider: awskms://alias/x",
        "encryptedkey: abc",
        "config:",
        "  # why",
        "  javelin:size: small",
        "  javelin:licence:",
        "    secure: v1:abc",
        "  javelin:clerk:",
        "    secretKey: { secure: v1:def }",
        "  javelin:registry:",
        "    user: u",
        "    token: { secure: v1:def }",
      ].join("\n");
      const local = localSettings(text, "v1:salt");
      expect(local.text).to.equal(
        [
          "config:",
          "  # why",
          "  javelin:size: small",
          "  javelin:clerk: {}",
          "  javelin:registry:",
          "    user: u",
          "encryptionsalt: v1:salt",
          "",
        ].join("\n"),
      );
      expect(local.standIns.map(({ key, path }) => [key, path])).to.deep.equal([
        ["javelin:licence", "javelin:licence"],
        ["javelin:clerk", 'javelin:clerk["secretKey"]'],
        ["javelin:registry", 'javelin:registry["token"]'],
      ]);
      const [licence, clerk, registry] = local.standIns.map(({ value }) => value);
      expect(JSON.parse(licence!)).to.have.all.keys("jwt", "publicKey");
      expect(clerk).to.match(/^sk_test_/);
      expect(registry).to.equal("placeholder-of-the-local-cloud");
    });

    const names = { adminKeys: ["us-east-1"], keys: ["main"] } as Record<string, string[]>;
    const routes = {
      providers: [{ name: "openai", type: "openai" }],
      keys: [{ name: "main", provider: "openai" }],
    };
    for (const [key, type] of Object.entries(secretKeys))
      for (const whole of [false, true])
        it(`take ${whole ? "all of" : "each member of"} ${key} as it stands in`, () => {
          const members = names[key] ?? Object.keys((type as z.ZodOptional<z.ZodObject>).unwrap().shape);
          const secure = { secure: "v1:abc" };
          const given = whole ? secure : Object.fromEntries(members.map((member) => [member, secure]));
          const { standIns } = localSettings(JSON.stringify({ config: { [`javelin:${key}`]: given } }), "");
          expect(standIns).to.have.length(whole ? 1 : members.length);
          const values = standIns.map(({ value }, i) => [members[i]!, value] as const);
          const value = whole ? standIns[0]!.value : Object.fromEntries(values);
          const config = configOf("dev", { "javelin:routes": routes, [`javelin:${key}`]: value });
          const raw = Object.entries(config).map(([name, each]) => [name.replace("javelin:", ""), each]);
          expect(() => parseConfig(Object.fromEntries(raw) as Record<string, unknown>, "dev")).not.to.throw();
        });

    it("refuse what is not YAML", () => {
      expect(() => localSettings("a: [", undefined)).to.throw(WrongUse);
    });
  });

  describe("recovery", () => {
    const provider = {
      urn: "urn:pulumi:dev::javelin::pulumi:providers:aws::p",
      type: "pulumi:providers:aws",
      custom: true,
    };
    const resource = {
      urn: subnetUrn,
      type: "aws:ec2/subnet:Subnet",
      custom: true,
      provider: `${provider.urn}::uuid`,
    };
    const state = (): ExportedState => ({
      version: 3,
      deployment: {
        resources: [
          { ...provider, id: "uuid", inputs: { region: "us-east-1" } },
          { ...resource, urn: `${subnetUrn}1`, id: "subnet-1" },
        ],
        pending_operations: [
          { type: "creating", resource: { ...resource, inputs: { cidrBlock: secret("10.0.0.0/24") } } },
          {
            type: "creating",
            resource: { ...resource, urn: cellUrn, type: "javelin:aws:Cell", custom: false },
          },
          // What is in the state only, nobody has to be asked for.
          {
            type: "creating",
            resource: { ...resource, urn: `${subnetUrn}-pause`, type: "time:index/sleep:Sleep" },
          },
          { type: "deleting", resource: { ...resource, urn: `${subnetUrn}1` } },
        ],
      },
    });

    it("tells what to look for, and where", () => {
      expect(interruptedCreates(state())).to.deep.equal([
        {
          urn: subnetUrn,
          type: "aws:ec2/subnet:Subnet",
          inputs: { cidrBlock: "10.0.0.0/24" },
          provider: { region: "us-east-1" },
          known: new Set(["subnet-1"]),
        },
      ]);
    });

    it("takes in what was made, and leaves the rest to a refresh", () => {
      const { resources = [], pending_operations: pending } = settle(
        state(),
        new Map([[subnetUrn, "subnet-2"]]),
      ).deployment;
      expect(resources.map(({ id }) => id)).to.deep.equal(["uuid", "subnet-1", "subnet-2"]);
      expect(pending?.map(({ type }) => type)).to.deep.equal(["deleting"]);
    });

    it("forgets what was not made", () => {
      const { resources } = settle(state(), new Map([[subnetUrn, undefined]])).deployment;
      expect(resources).to.have.length(2);
    });

    it("keeps the predecessor of a replacement, to be deleted", () => {
      const before = state();
      before.deployment.resources?.push({ ...resource, id: "subnet-old" });
      const { resources = [] } = settle(before, new Map([[subnetUrn, "subnet-2"]])).deployment;
      expect(resources.slice(2).map(({ id, delete: gone }) => [id, gone])).to.deep.equal([
        ["subnet-2", undefined],
        ["subnet-old", true],
      ]);
    });

    it("takes a person's word on a real cloud, and does not go on without it", async () => {
      const creates = interruptedCreates(state());
      expect(await madeByWord(creates, ["use1-network-node-0=subnet-9"])).to.deep.equal(
        new Map([[subnetUrn, "subnet-9"]]),
      );
      expect(await madeByWord(creates, ["use1-network-node-0="])).to.deep.equal(
        new Map([[subnetUrn, undefined]]),
      );
      const asked = await madeByWord(creates, [], () => Promise.resolve("subnet-8"));
      expect(asked.get(subnetUrn)).to.equal("subnet-8");
      const refusal = await madeByWord(creates, []).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(Refusal);
      expect((refusal as Refusal).message).to.include("aws:ec2:Subnet use1-network-node-0");
    });

    it("tells things of one name apart by their type", async () => {
      const [subnet] = interruptedCreates(state());
      const tableUrn = subnetUrn.replace("subnet:Subnet", "routeTable:RouteTable");
      const creates = [subnet!, { ...subnet!, urn: tableUrn, type: "aws:ec2/routeTable:RouteTable" }];
      const made = new Map([
        [subnetUrn, "subnet-9"],
        [tableUrn, "rtb-9"],
      ]);
      const name = "use1-network-node-0";
      const words = [`aws:ec2:Subnet:${name}=subnet-9`, `aws:ec2:RouteTable:${name}=rtb-9`];
      expect(await madeByWord(creates, words)).to.deep.equal(made);
      const answer = (question: string) =>
        Promise.resolve(question.includes("RouteTable") ? "rtb-9" : "subnet-9");
      expect(await madeByWord(creates, [], answer)).to.deep.equal(made);
      const refusal = await madeByWord(creates, [`${name}=subnet-9`]).catch((error: unknown) => error);
      expect((refusal as Refusal).message).to.include(`--made aws:ec2:RouteTable:${name}=<id>`);
    });

    it("reads what it took in, even when the run that did so ended before its refresh", () => {
      const settled = settle(state(), new Map([[subnetUrn, "subnet-9"]]));
      expect(hasUnread(settled)).to.equal(true);
      const { resources = [] } = settled.deployment;
      const read = resources.map((resource) => ({ ...resource, outputs: { id: resource.id } }));
      expect(hasUnread({ version: 3, deployment: { resources: read } })).to.equal(false);
    });
  });
});
