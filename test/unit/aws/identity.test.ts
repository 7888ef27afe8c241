import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import { autoscalerStatements } from "../../../components/aws/clusterAutoscaler.js";
import { podTrust } from "../../../components/aws/identity.js";
import { nodeGroupName } from "../../../components/aws/nodeGroup.js";
import {
  keyStatements,
  modelStatements,
  partitionOf,
  policyDocument,
  secretStatements,
  type Statement,
} from "../../../components/aws/statements.js";

interface Document {
  Version: string;
  Statement: {
    Sid: string;
    Effect: string;
    Action: string[];
    Resource: string[];
    Condition?: Record<string, Record<string, string>>;
  }[];
}

const account = "123456789012";
const claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

async function rendered(statements: Statement[]): Promise<Document["Statement"]> {
  const document = JSON.parse(await resolved(policyDocument(statements))) as Document;
  expect(document.Version).to.equal("2012-10-17");
  return document.Statement;
}

describe("IAM statements", () => {
  for (const [region, partition] of [
    ["us-east-1", "aws"],
    ["eu-south-2", "aws"],
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
  ] as const)
    it(`${region} is in partition ${partition}`, () => expect(partitionOf(region)).to.equal(partition));

  it("name each foundation model by its ARN", async () => {
    const statements = await rendered(
      modelStatements("us-east-1", account, ["amazon.nova-pro-v1:0", claude, claude]),
    );
    expect(statements).to.deep.equal([
      {
        Sid: "InvokeModels",
        Effect: "Allow",
        Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        Resource: [
          "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
          `arn:aws:bedrock:us-east-1::foundation-model/${claude}`,
        ],
      },
    ]);
  });

  it("let a profile's model be invoked only through the profile", async () => {
    const [profile, model] = await rendered(modelStatements("us-west-2", account, [`us.${claude}`]));
    const arn = `arn:aws:bedrock:us-west-2:${account}:inference-profile/us.${claude}`;
    expect(profile?.Resource).to.deep.equal([arn]);
    expect(profile?.Condition).to.equal(undefined);
    expect(model?.Resource).to.have.members(
      ["us-east-1", "us-east-2", "us-west-1", "us-west-2"].map(
        (region) => `arn:aws:bedrock:${region}::foundation-model/${claude}`,
      ),
    );
    expect(model?.Condition).to.deep.equal({ StringEquals: { "bedrock:InferenceProfileArn": arn } });
  });

  it("include the calling region when the profile's geography does not list it", async () => {
    const [, model] = await rendered(modelStatements("ca-central-1", account, [`us.${claude}`]));
    expect(model?.Resource).to.include(`arn:aws:bedrock:ca-central-1::foundation-model/${claude}`);
  });

  it("let a global profile leave its region, and nothing else", async () => {
    const statements = await rendered(modelStatements("eu-west-1", account, [`global.${claude}`]));
    const via = `arn:aws:bedrock:eu-west-1:${account}:inference-profile/global.${claude}`;
    expect(
      statements.map(({ Resource, Condition }) => [Resource, Condition?.["StringEquals"]]),
    ).to.deep.equal([
      [[via], undefined],
      [
        [`arn:aws:bedrock:eu-west-1::foundation-model/${claude}`],
        { "bedrock:InferenceProfileArn": via, "aws:RequestedRegion": "eu-west-1" },
      ],
      [
        [`arn:aws:bedrock:::foundation-model/${claude}`],
        { "bedrock:InferenceProfileArn": via, "aws:RequestedRegion": "unspecified" },
      ],
    ]);
  });

  it("are none without models", () => expect(modelStatements("us-east-1", account, [])).to.deep.equal([]));

  for (const id of ["*", "anthropic.*", "arn:aws:bedrock:us-east-1::foundation-model/x", "", "a/b"])
    it(`refuse the model id "${id}"`, () =>
      expect(() => modelStatements("us-east-1", account, [id])).to.throw("is no Bedrock model id"));

  it("have unique, valid Sids and no wildcard, whatever the models", async () => {
    const prefix = fc.constantFrom("", "us.", "eu.", "apac.", "jp.", "au.", "ca.", "us-gov.", "global.");
    const model = fc.constantFrom(claude, "amazon.nova-lite-v1:0", "meta.llama3-3-70b-instruct-v1:0");
    const ids = fc.array(fc.tuple(prefix, model).map(([p, m]) => p + m));
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.constantFrom("us-east-1", "eu-west-3", "ap-south-1"),
        async (models, region) => {
          const statements = await rendered(modelStatements(region, account, models));
          const sids = statements.map(({ Sid }) => Sid);
          expect(new Set(sids).size).to.equal(sids.length);
          for (const { Sid, Resource, Action } of statements) {
            expect(Sid).to.match(/^[A-Za-z0-9]+$/);
            expect([...Resource, ...Action].join()).to.not.include("*");
          }
        },
      ),
    );
  });

  it("let readers read and writers write, under the prefix only", async () => {
    const secrets = `arn:aws:secretsmanager:us-east-1:${account}:secret:javelin-dev-a/*`;
    const read = await rendered(secretStatements(pulumi.output(secrets), "read"));
    const write = await rendered(secretStatements(secrets, "write"));
    expect(read.flatMap(({ Action }) => Action)).to.deep.equal([
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
    ]);
    expect(write.flatMap(({ Action }) => Action)).to.include.members([
      "secretsmanager:CreateSecret",
      "secretsmanager:DeleteSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:TagResource",
      "secretsmanager:UpdateSecret",
    ]);
    for (const { Resource } of [...read, ...write]) expect(Resource).to.deep.equal([secrets]);
  });

  it("let the key be used by way of Secrets Manager only", async () => {
    const key = `arn:aws:kms:eu-west-1:${account}:key/1234`;
    const [read] = await rendered(keyStatements(key, "eu-west-1", "read"));
    const [write] = await rendered(keyStatements(key, "eu-west-1", "write"));
    expect(read?.Action).to.deep.equal(["kms:Decrypt"]);
    expect(write?.Action).to.deep.equal(["kms:Decrypt", "kms:GenerateDataKey"]);
    expect(read?.Resource).to.deep.equal([key]);
    expect(read?.Condition).to.deep.equal({
      StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
    });
  });

  it("let the autoscaler change the cluster's own groups only", async () => {
    const statements = await rendered(
      autoscalerStatements({
        region: "us-east-1",
        accountId: account,
        clusterName: pulumi.output("javelin-dev-a"),
        autoscalingGroupNames: ["eks-general-1", pulumi.output("eks-gpu-2")],
      }),
    );
    const [scale, ...rest] = statements;
    expect(scale?.Resource).to.deep.equal(
      ["eks-general-1", "eks-gpu-2"].map(
        (group) =>
          `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:*:autoScalingGroupName/${group}`,
      ),
    );
    expect(scale?.Condition).to.deep.equal({
      StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/javelin-dev-a": "owned" },
    });
    for (const { Resource, Action } of rest)
      for (const action of Action) {
        expect(action).to.match(/:(Describe|Get)[A-Za-z]+$/);
        if (action.startsWith("eks:"))
          expect(Resource).to.deep.equal([`arn:aws:eks:us-east-1:${account}:nodegroup/javelin-dev-a/*`]);
      }
  });
});

describe("a workload's trust policy", () => {
  it("admits one service account of one cluster", async () => {
    const arn = `arn:aws:eks:us-east-1:${account}:cluster/javelin-dev-a`;
    const document = JSON.parse(await resolved(podTrust(pulumi.output(arn), "javelin", "core"))) as unknown;
    expect(document).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PodIdentity",
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: {
              "aws:SourceAccount": account,
              "aws:RequestTag/eks-cluster-arn": arn,
              "aws:RequestTag/kubernetes-namespace": "javelin",
              "aws:RequestTag/kubernetes-service-account": "core",
            },
          },
        },
      ],
    });
  });
});

describe("a node group's name", () => {
  const name = (...replacing: unknown[]) => nodeGroupName("javelin-dev-a", "general", ...replacing);

  it("is stable, and changes with what replaces the group", () => {
    expect(name("AL2023_x86_64_STANDARD", ["m7i.xlarge"], 2)).to.equal(
      name("AL2023_x86_64_STANDARD", ["m7i.xlarge"], 2),
    );
    expect(name("AL2023_x86_64_STANDARD", ["m7i.xlarge"], 2)).to.not.equal(
      name("AL2023_x86_64_STANDARD", ["m7i.2xlarge"], 2),
    );
    expect(name("a", ["b"], 2)).to.not.equal(name("a", ["b"], 3));
  });

  it("fits into 63 characters and keeps what tells generations apart", () => {
    const long = (type: string) => nodeGroupName("javelin-".padEnd(80, "x"), "general", type);
    expect(long("m7i.xlarge")).to.have.length.at.most(63);
    expect(long("m7i.xlarge")).to.not.equal(long("m7i.2xlarge"));
  });
});
