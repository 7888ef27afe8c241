import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { exported, violations } from "../../../policy/evaluate.js";
import { policies } from "../../../policy/policies.js";
import type { Cloud, Policy, Resource } from "../../../policy/policy.js";
import type { Props } from "../../../policy/values.js";
import { unknown } from "../../../policy/values.js";
import { awsAccessBreaches } from "./awsAccessBreaches.js";
import { awsDataBreaches } from "./awsDataBreaches.js";
import { awsStack } from "./awsStack.js";
import { broken } from "./cases.js";
import { kubernetesBreaches, kubernetesStack } from "./kubernetesCases.js";

const clouds = [
  { cloud: "aws" as Cloud, good: awsStack, breaches: [...awsDataBreaches, ...awsAccessBreaches] },
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

  describe("while ids are unknown", () => {
    const sg = "aws:ec2/securityGroup:SecurityGroup";
    const bucket = "aws:s3/bucket:Bucket";
    const urn = (type: string, name: string) => `urn:pulumi:dev::javelin::javelin:aws:Cell$${type}::${name}`;
    const made = (
      type: string,
      name: string,
      props: Props,
      dependencies?: Resource["dependencies"],
    ): Resource => ({
      type,
      name,
      urn: urn(type, name),
      props: { id: unknown, ...props },
      ...(dependencies && { dependencies }),
    });
    const found = (policy: string, resources: Resource[]) =>
      violations(resources).flatMap((one) => (one.policy === policy ? [one.urn.split("::").at(-1)] : []));

    it("follow links by what the values come from", () => {
      const store = made(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cache",
        { securityGroupIds: [unknown] },
        { securityGroupIds: [urn(sg, "cache")] },
      );
      const rule = (name: string) =>
        made(
          "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name,
          { securityGroupId: unknown, cidrIpv4: "10.0.0.0/8", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
          { securityGroupId: [urn(sg, name)] },
        );
      const groups = ["cache", "endpoints"].map((name) => made(sg, name, {}));
      expect(found("private-stores", [...groups, store, rule("cache"), rule("endpoints")])).to.deep.equal([
        "cache",
      ]);
    });

    it("miss what belongs to another", () => {
      const block = made(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "block",
        {
          bucket: unknown,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        { bucket: [urn(bucket, "logs")] },
      );
      const buckets = ["logs", "bare"].map((name) => made(bucket, name, {}));
      expect(found("private-buckets", [...buckets, block])).to.deep.equal(["bare"]);
    });
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
