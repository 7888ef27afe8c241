import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { exported, violations } from "../../../policy/evaluate.js";
import { policies } from "../../../policy/policies.js";
import type { Cloud, Policy, Resource } from "../../../policy/policy.js";
import { unknown } from "../../../policy/values.js";
import { awsAccessBreaches } from "./awsAccessBreaches.js";
import { awsDataBreaches } from "./awsDataBreaches.js";
import { awsStack } from "./awsStack.js";
import { azureAccessBreaches } from "./azureAccessBreaches.js";
import { azureDataBreaches } from "./azureDataBreaches.js";
import { azureStack } from "./azureStack.js";
import { broken } from "./cases.js";
import { gcpAccessBreaches } from "./gcpAccessBreaches.js";
import { gcpDataBreaches } from "./gcpDataBreaches.js";
import { gcpStack } from "./gcpStack.js";
import { kubernetesBreaches, kubernetesStack } from "./kubernetesCases.js";

const clouds = [
  { cloud: "aws" as Cloud, good: awsStack, breaches: [...awsDataBreaches, ...awsAccessBreaches] },
  { cloud: "azure" as Cloud, good: azureStack, breaches: [...azureDataBreaches, ...azureAccessBreaches] },
  { cloud: "gcp" as Cloud, good: gcpStack, breaches: [...gcpDataBreaches, ...gcpAccessBreaches] },
  { cloud: "kubernetes" as Cloud, good: kubernetesStack, breaches: kubernetesBreaches },
];

/** What the policies read of a resource may be unknown at any place: the same value with one leaf replaced. */
function* blurred(value: unknown): Iterable<unknown> {
  yield unknown;
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value))
    for (const less of blurred(inner))
      yield Array.isArray(value)
        ? value.map((each: unknown, i) => (String(i) === key ? less : each))
        : { ...value, [key]: less };
}

for (const { cloud, good, breaches } of clouds)
  describe(`policies on ${cloud}`, () => {
    it("find nothing wrong with a stack that is right", () => {
      expect(violations([...good])).to.deep.equal([]);
    });

    for (const breach of breaches)
      it(`${breach.policy}: ${breach.at} ${breach.message.source}`, () => {
        const found = violations(broken(good, breach));
        const right = found.filter(({ policy, urn }) => policy === breach.policy && urn === breach.at);
        expect(right.map(({ message }) => message).join("\n"), JSON.stringify(found)).to.match(
          breach.message,
        );
      });

    it("find nothing wrong with what is not known yet", () => {
      for (const [i, { props, ...rest }] of good.entries())
        for (const less of blurred(props)) {
          const stack: Resource[] = good.with(i, { ...rest, props: less as Resource["props"] });
          expect(violations(stack), rest.name).to.deep.equal([]);
        }
    });

    it("have a breach for every check", () => {
      const untested = policies.flatMap((policy) => missed(policy, cloud));
      expect(untested).to.deep.equal([]);
    });

    /** Checks of a policy that no breach in the tables fails. */
    function missed(policy: Policy, of: Cloud): string[] {
      const rule = policy.rules[of];
      if (!rule) return [];
      const mine = breaches.filter((breach) => breach.policy === policy.name);
      const stacks = mine.map((breach) => broken(good, breach));
      const each = Object.entries(rule.each ?? {});
      const failing = new Set(
        each.flatMap(([type, check]) =>
          stacks.some((stack) => stack.some((one) => one.type === type && [...check(one)].length > 0))
            ? [check]
            : [],
        ),
      );
      const unfailed = each
        .filter(([, check]) => !failing.has(check))
        .map(([type]) => `${policy.name}: ${type}`);
      const together = rule.together;
      return together && !stacks.some((stack) => [...together(stack)].length > 0)
        ? [...unfailed, `${policy.name}: together`]
        : unfailed;
    }
  });

describe("policies", () => {
  it("are named once, in words, with a remedy and at least one rule", () => {
    expect(new Set(policies.map(({ name }) => name)).size).to.equal(policies.length);
    for (const { name, title, description, remediation, rules } of policies) {
      expect(name).to.match(/^[a-z]+(-[a-z]+)*$/);
      for (const text of [title, description, remediation]) expect(text).to.not.equal("");
      expect(Object.keys(rules)).to.not.deep.equal([]);
    }
  });

  it("have a rule for each cloud, or say why it cannot break them", () => {
    const bare = policies.flatMap(({ name, rules, without }) =>
      (["aws", "azure", "gcp"] as const).some((cloud) => !(cloud in rules)) === (without === undefined)
        ? [name]
        : [],
    );
    expect(bare).to.deep.equal([]);
  });

  it("have a case for each cloud that has a rule", () => {
    const untried = policies.flatMap(({ name, rules }) =>
      clouds.flatMap(({ cloud, breaches }) =>
        cloud in rules && !breaches.some(({ policy }) => policy === name) ? [`${name} on ${cloud}`] : [],
      ),
    );
    expect(untried).to.deep.equal([]);
  });

  it("read exported states: secrets in plain text are judged, sealed ones are not", () => {
    const { specialSigKey, specialSecretSig } = pulumi.runtime;
    const secret = (rest: Record<string, string>) => ({ [specialSigKey]: specialSecretSig, ...rest });
    const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    const arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    const state = {
      resources: [
        {
          urn: `urn:pulumi:dev::javelin::${type}::plain`,
          type,
          outputs: { policyArn: secret({ plaintext: JSON.stringify(arn) }) },
        },
        {
          urn: `urn:pulumi:dev::javelin::${type}::sealed`,
          type,
          outputs: { policyArn: secret({ ciphertext: "v1:…" }) },
        },
        { urn: "urn:pulumi:dev::javelin::pulumi:pulumi:Stack::javelin-dev", type: "pulumi:pulumi:Stack" },
      ],
    };
    expect(violations(exported(state)).map(({ urn }) => urn.split("::").at(-1))).to.deep.equal(["plain"]);
  });
});
