import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { exposed, isSecret } from "../../support/needles.js";
import type { StackRun } from "../../support/runs.js";
import { identity, ofType, stackRun, theOne } from "../../support/runs.js";
import { customerSecrets } from "../../support/stacks.js";

/** What nobody may read: the customer's secrets (Clerk's publishable key is none) and the generated ones. */
function secretTexts({ resources }: StackRun): string[] {
  const {
    "javelin:registryAuth": registry,
    "javelin:licence": licence,
    "javelin:clerk": clerk,
  } = customerSecrets;
  const generated = ofType(resources, "random:index/randomPassword:RandomPassword").map(({ state }) =>
    String(state["result"]),
  );
  expect(generated).to.have.length(2);
  return [registry.token, licence.jwt, licence.publicKey, clerk.secretKey, ...generated];
}

describe("secrets", () => {
  let up: StackRun;
  let texts: string[];
  before(async () => {
    up = await stackRun("protected");
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
    const [cell] = await Promise.all((cells as pulumi.Unwrap<typeof cells>).map(settled));
    expect(Object.keys(cell ?? {})).to.have.members(
      "name cloud region origin databaseEndpoint kubeconfig".split(" "),
    );
    for (const [key, { value, secret }] of Object.entries(cell ?? {})) {
      expect(secret, key).to.equal(key === "kubeconfig");
      expect(exposed(value, texts), key).to.deep.equal([]);
    }
  });

  it("reach what needs them", () => {
    const password = texts.at(-1) ?? "";
    const { inputs, raw } = theOne(up.resources, "aws:rds/cluster:Cluster");
    expect(texts).to.include(inputs["masterPassword"]);
    expect(isSecret(raw["masterPassword"])).to.equal(true);
    expect(password.length).to.be.at.least(40);
    const kept = ofType(up.resources, "aws:secretsmanager/secretVersion:SecretVersion");
    expect(kept.flatMap((each) => exposed(each.inputs, texts))).to.deep.equal(kept.map(() => "secretString"));
    const inCluster = ofType(up.resources, "kubernetes:core/v1:Secret");
    for (const each of inCluster.filter(({ name }) => !name.endsWith("-google")))
      expect(exposed(each.inputs["data"], texts), each.name).to.have.length.above(0);
  });

  it("are nowhere in a preview either", async () => {
    const { resources } = await stackRun("protected", true);
    const known = texts.slice(0, -2);
    expect(resources.flatMap((each) => exposed(each.raw, known))).to.deep.equal([]);
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
