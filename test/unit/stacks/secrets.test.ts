import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { exposed, isSecret } from "../../support/needles.js";
import type { SingleStackName, StackRun } from "../../support/runs.js";
import { identity, ofType, stackRun, stacks } from "../../support/runs.js";
import { customerSecrets } from "../../support/stacks.js";

/** The customer's secrets; Clerk's publishable key is none. */
const customers = [
  customerSecrets["javelin:registryAuth"].token,
  customerSecrets["javelin:licence"].jwt,
  customerSecrets["javelin:licence"].publicKey,
  customerSecrets["javelin:clerk"].secretKey,
  "admin-key-in-test-",
];

/** What nobody may read: the customer's secrets, and what random and tls made and the clouds gave. */
function secretTexts({ resources }: StackRun): string[] {
  const generated = [
    ["random:index/randomPassword:RandomPassword", "result"],
    ["tls:index/privateKey:PrivateKey", "privateKeyPem"],
    ["acme:index/certificate:Certificate", "certificateP12"],
    ["gcp:redis/instance:Instance", "authString"],
  ].flatMap(([type = "", property = ""]) =>
    ofType(resources, type).map(({ state }) => String(state[property])),
  );
  expect(generated).to.have.length.of.at.least(2);
  return [...customers, ...generated];
}

/** What takes a generated or given secret, and the property; by stack. */
const takers: Record<SingleStackName, [type: string, property: string][]> = {
  dev: [
    ["aws:rds/cluster:Cluster", "masterPassword"],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "authToken"],
    ["aws:secretsmanager/secretVersion:SecretVersion", "secretString"],
  ],
  "dev-azure": [
    ["azure-native:dbforpostgresql:Server", "administratorLoginPassword"],
    ["azure-native:keyvault:Secret", "properties"],
  ],
  "dev-gcp": [
    ["gcp:sql/user:User", "password"],
    ["gcp:secretmanager/secretVersion:SecretVersion", "secretData"],
  ],
};

for (const stack of stacks)
  describe(`secrets of ${stack}`, () => {
    let up: StackRun;
    let texts: string[];
    before(async () => {
      up = await stackRun("protected", false, stack);
      texts = secretTexts(up);
    });

    it("are wrapped in the inputs of every resource and component", () => {
      const found = up.resources.flatMap((each) =>
        exposed(each.raw, texts).map((path) => `${identity(each)}: ${path}`),
      );
      expect(found).to.deep.equal([]);
    });

    it("are wrapped in the outputs of every component", () => {
      const found = [...up.outputs].flatMap(([name, outputs]) =>
        exposed(outputs, texts).map((path) => `${name}: ${path}`),
      );
      expect(found).to.deep.equal([]);
    });

    it("are in no output of the stack, and the kubeconfig is one", async () => {
      const { cells, ...urls } = up.result;
      expect(exposed(urls, texts)).to.deep.equal([]);
      const given = cells as unknown as Record<string, unknown>[];
      const [cell] = await Promise.all(given.map(settled));
      expect(Object.keys(cell ?? {})).to.have.members(
        "name cloud region origin databaseEndpoint databaseWritable kubeconfig routes".split(" "),
      );
      for (const [key, { value, secret }] of Object.entries(cell ?? {})) {
        expect(secret, key).to.equal(key === "kubeconfig");
        expect(exposed(value, texts), key).to.deep.equal([]);
      }
    });

    it("reach what needs them", () => {
      for (const [type, property] of takers[stack]) {
        const found = ofType(up.resources, type);
        expect(found, type).to.have.length.above(0);
        for (const { inputs, name } of found)
          expect(exposed(inputs[property], texts), `${type} ${name}`).to.have.length.above(0);
      }
      const inCluster = ofType(up.resources, "kubernetes:core/v1:Secret");
      for (const { name, inputs, raw } of inCluster.filter(({ name }) => !name.endsWith("-google"))) {
        // Azure gives the cache's key to whoever asks, and no resource holds it.
        if (stack === "dev-azure" && name.endsWith("-cache")) expect(isSecret(raw["data"])).to.equal(true);
        else expect(exposed(inputs["data"] ?? inputs["stringData"], texts), name).to.have.length.above(0);
      }
    });

    it("are nowhere in a preview either", async () => {
      const { resources } = await stackRun("protected", true, stack);
      expect(resources.flatMap((each) => exposed(each.raw, customers))).to.deep.equal([]);
    });
  });

type Settled = Record<string, { value: unknown; secret: boolean }>;

async function settled(cell: Record<string, unknown>): Promise<Settled> {
  const each = Object.entries(cell).map(async ([key, given]) => {
    const output = pulumi.output(given) as pulumi.Output<unknown>;
    const value = await new Promise((resolve) => output.apply(resolve));
    return [key, { value, secret: await pulumi.isSecret(output) }] as const;
  });
  return Object.fromEntries(await Promise.all(each));
}

describe("the search for secrets", () => {
  const needle = ["hunter2-hunter2"];
  const wrapped = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: needle[0],
  };
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const auth = base64(JSON.stringify({ auth: base64(`user:${needle[0]}`) }));
  const cases: [what: string, value: unknown, paths: string[]][] = [
    ["text", { a: [{ b: "x hunter2-hunter2 y" }] }, ["a.0.b"]],
    ["base64", { a: base64("user:hunter2-hunter2") }, ["a"]],
    ["a pull secret", { a: { ".dockerconfigjson": auth } }, ["a..dockerconfigjson"]],
    ["a connection string", { url: `rediss://default:${needle[0]}@host:6379` }, ["url"]],
    ["no wrapped text", { a: wrapped, b: [wrapped] }, []],
    ["no other text", { a: "hunter1", b: 2, c: null, d: undefined, e: true }, []],
  ];
  for (const [what, value, found] of cases)
    it(`finds ${what}`, () => expect(exposed(value, needle)).to.deep.equal(found));
  it("reads through JSON's escapes", () =>
    expect(exposed(JSON.stringify("a\nb"), ["a\nb"])).to.have.length(1));
});
