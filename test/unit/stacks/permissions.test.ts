import { expect } from "chai";
import type { Document, Statement } from "../../support/documents.js";
import { documents, list } from "../../support/documents.js";
import type { StackRun } from "../../support/runs.js";
import { ofType, stackRun, theOne, variantNames } from "../../support/runs.js";

const account = "123456789012";

/**
 * Actions that know no resource-level permissions, so that `*` is all that AWS takes. Source: Service
 * Authorization Reference, "Amazon EC2 Auto Scaling" and "Amazon EC2", actions without a resource type.
 */
const withoutResource = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeAutoScalingInstances",
  "autoscaling:DescribeLaunchConfigurations",
  "autoscaling:DescribeScalingActivities",
  "autoscaling:DescribeTags",
  "ec2:DescribeImages",
  "ec2:DescribeInstanceTypes",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:GetInstanceTypesFromInstanceRequirements",
];

/** Wildcards within an ARN, each for a part that nobody knows beforehand, below a name of the cell's own. */
const ownPatterns = [
  /:secret:javelin-dev-us-east-1\/gateway\/\*$/,
  /:nodegroup\/javelin-dev-us-east-1\/\*$/,
  /:autoScalingGroup:\*:autoScalingGroupName\/eks-javelin-dev-us-east-1-[^*]+$/,
  /:log-group:[a-z-]*javelin-dev-us-east-1[a-z-]*:(log-stream:)?\*$/,
];

/** AWS-managed policies by role: those that AWS makes for exactly this use. */
const managed = {
  "eks-cluster": ["AmazonEKSClusterPolicy"],
  "eks-node": ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
  "vpc-cni": ["AmazonEKS_CNI_Policy"],
  "ebs-csi": ["service-role/AmazonEBSCSIDriverPolicy"],
  "cloudwatch-agent": ["CloudWatchAgentServerPolicy"],
};

const everyone = ({ Principal: principal }: Statement): boolean =>
  principal === "*" || (typeof principal === "object" && list(principal["AWS"]).includes("*"));

/** Where a statement says more than it has to, by what its document guards. */
function faults({ kind }: Pick<Document, "kind">, statement: Statement): string[] {
  const found: string[] = [];
  const { Sid: sid, Effect: effect, Principal: principal, Condition: condition = {} } = statement;
  const actions = list(statement.Action);
  const resources = list(statement.Resource);
  const refuse = (when: boolean, what: string) => when && found.push(`${sid ?? "?"}: ${what}`);
  const keys = Object.values(condition).flatMap(Object.keys);
  const isAllow = effect === "Allow";

  refuse(
    ["NotAction", "NotResource", "NotPrincipal"].some((key) => key in statement),
    "names what it leaves out",
  );
  refuse(actions.length === 0, "names no action");
  const isOpenEndpoint = kind === "endpoint" && keys.includes("aws:PrincipalAccount");
  refuse(isAllow && !isOpenEndpoint && actions.some((action) => action.includes("*")), "allows actions by *");
  if (kind !== "trust") refuse(resources.length === 0, "names no resource");
  if (kind === "identity") {
    const free = actions.every((action) => withoutResource.includes(action));
    const wild = resources.filter((arn) => arn.includes("*"));
    refuse(
      wild.some((arn) => !(arn === "*" ? free : ownPatterns.some((pattern) => pattern.test(arn)))),
      `is for ${wild.join(", ")}`,
    );
    refuse(principal !== undefined, "has a principal");
  } else {
    refuse(principal === undefined, "names no principal");
    const caller = ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:SourceAccount"];
    const isBounded =
      keys.some((key) => caller.includes(key)) || (kind === "endpoint" && !resources.includes("*"));
    refuse(isAllow && everyone(statement) && !isBounded, "admits everyone");
  }
  // In a key's policy, * is the key.
  if (kind === "resource" || kind === "logs")
    refuse(isAllow && resources.some((arn) => arn === "*"), "is for every resource");
  if (kind === "trust") {
    const service = typeof principal === "object" ? list(principal["Service"]) : [];
    refuse(
      service.length !== 1 || !/^[a-z0-9.-]+\.amazonaws\.com$/.test(service[0] ?? ""),
      "names no one service",
    );
    // EC2 sends neither key when it hands a role to an instance (IAM user guide, services and their trust).
    refuse(service[0] !== "ec2.amazonaws.com" && !keys.includes("aws:SourceAccount"), "trusts every account");
  }
  return found;
}

for (const variant of variantNames)
  describe(`IAM of dev, ${variant}`, () => {
    let up: StackRun;
    let all: Document[];
    before(async () => {
      up = await stackRun(variant);
      all = documents(up.resources);
    });

    it("has its documents where they are expected", () => {
      const kinds = new Set(all.map(({ kind }) => kind));
      expect([...kinds]).to.have.members(["trust", "identity", "key", "resource", "logs", "endpoint"]);
      expect(all.filter(({ kind }) => kind === "trust")).to.have.length(
        ofType(up.resources, "aws:iam/role:Role").length,
      );
    });

    it("names actions, resources, principals and conditions in every statement", () => {
      const found = all.flatMap((document) =>
        document.statements.flatMap((one) =>
          faults(document, one).map((fault) => `${document.name} ${fault}`),
        ),
      );
      expect(found).to.deep.equal([]);
    });

    it("gives every statement a Sid of its own", () => {
      for (const { name, kind, statements } of all.filter((each) => each.kind !== "trust")) {
        const sids = statements.map(({ Sid }) => Sid);
        expect(sids, `${name} ${kind}`).to.not.include(undefined);
        expect(new Set(sids).size, name).to.equal(sids.length);
      }
    });

    it("attaches the managed policies that AWS makes for cluster, nodes and add-ons, and no other", () => {
      const found: Record<string, string[]> = {};
      for (const { inputs } of ofType(up.resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
        const role = String(inputs["role"]).replace("javelin-dev-us-east-1-", "");
        (found[role] ??= []).push(String(inputs["policyArn"]).replace("arn:aws:iam::aws:policy/", ""));
      }
      expect(Object.keys(found)).to.have.members(Object.keys(managed));
      for (const [role, policies] of Object.entries(managed)) expect(found[role]).to.have.members(policies);
    });

    it("gives identities to core, admin and the add-ons that call AWS, each in one service account", () => {
      const associations = ofType(up.resources, "aws:eks/podIdentityAssociation:PodIdentityAssociation");
      const accounts = associations.map(
        ({ inputs }) => `${inputs["namespace"] as string}/${inputs["serviceAccount"] as string}`,
      );
      expect(accounts).to.have.members([
        "javelin/javelin-core",
        "javelin/javelin-admin",
        "kube-system/aws-node",
        "kube-system/ebs-csi-controller-sa",
        "kube-system/cluster-autoscaler",
        "amazon-cloudwatch/cloudwatch-agent",
      ]);
      for (const { inputs } of associations) {
        const role = up.resources.find(({ state }) => state["arn"] === inputs["roleArn"]);
        const [trust] = all.filter(({ name, kind }) => name === role?.name && kind === "trust");
        const tags = trust?.statements[0]?.Condition?.["StringEquals"] ?? {};
        expect(tags).to.deep.include({
          "aws:RequestTag/kubernetes-namespace": inputs["namespace"],
          "aws:RequestTag/kubernetes-service-account": inputs["serviceAccount"],
          "aws:RequestTag/eks-cluster-arn": theOne(up.resources, "aws:eks/cluster:Cluster").state["arn"],
        });
      }
    });

    for (const workload of ["core", "admin"])
      it(`lets ${workload} use the routes' models, the gateway's own secrets and the one key`, () => {
        const [policy] = all.filter(({ name }) => name === `us-east-1-identity-${workload}-policy`);
        const statements = policy?.statements ?? [];
        const of = (service: string) =>
          statements.filter(({ Action }) => list(Action).every((action) => action.startsWith(`${service}:`)));
        expect(of("bedrock").length + of("secretsmanager").length + of("kms").length).to.equal(
          statements.length,
        );
        const models = of("bedrock").flatMap(({ Resource }) =>
          list(Resource).map((arn) => arn.replace(/^[^/]+\//, "")),
        );
        expect([...new Set(models)]).to.have.members([
          "amazon.titan-embed-text-v2:0",
          "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
          // Through the profile alone.
          "anthropic.claude-sonnet-4-5-20250929-v1:0",
        ]);
        for (const { Resource, Condition } of of("bedrock"))
          if (list(Resource).some((arn) => /\/anthropic\./.test(arn)))
            expect(Condition?.["StringEquals"]).to.have.property("bedrock:InferenceProfileArn");
        expect(new Set(of("secretsmanager").flatMap(({ Resource }) => list(Resource)))).to.deep.equal(
          new Set([`arn:aws:secretsmanager:us-east-1:${account}:secret:javelin-dev-us-east-1/gateway/*`]),
        );
        const writes = of("secretsmanager").some(({ Action }) =>
          list(Action).includes("secretsmanager:PutSecretValue"),
        );
        expect(writes).to.equal(workload === "admin");
        const key = theOne(up.resources, "aws:kms/key:Key").state["arn"];
        expect(of("kms").map(({ Resource }) => list(Resource))).to.deep.equal([[key]]);
      });

    it("lets nobody into the key but this account's identities and services", () => {
      const [key] = all.filter(({ kind }) => kind === "key");
      for (const one of key?.statements ?? []) {
        const principals =
          typeof one.Principal === "object" ? Object.values(one.Principal).flatMap(list) : [];
        for (const principal of principals.filter((each) => each !== "*"))
          expect([`arn:aws:iam::${account}:root`, "logs.us-east-1.amazonaws.com"]).to.include(principal);
      }
      const users = key?.statements.find(({ Sid }) => Sid === "Users")?.Condition?.["ArnEquals"] ?? {};
      const roles = ["core", "admin"].map(
        (name) => `arn:aws:iam::${account}:role/javelin-dev-us-east-1-${name}`,
      );
      expect(list(users["aws:PrincipalArn"])).to.have.members(roles);
      for (const role of roles) expect(up.resources.map(({ state }) => state["arn"])).to.include(role);
    });
  });

describe("a careless statement is found", () => {
  const named = {
    Sid: "S",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: `arn:aws:kms:us-east-1:${account}:key/1`,
  };
  const trust = { Sid: "S", Effect: "Allow", Action: "sts:AssumeRole" };
  const pods = { Service: "pods.eks.amazonaws.com" };
  const cases: [kind: Document["kind"], statement: Statement, fault: string | undefined][] = [
    ["identity", named, undefined],
    ["identity", { ...named, Resource: "*" }, "is for *"],
    [
      "identity",
      { ...named, Resource: `arn:aws:kms:us-east-1:${account}:key/*` },
      `is for arn:aws:kms:us-east-1:${account}:key/*`,
    ],
    ["identity", { ...named, Action: "ec2:DescribeImages", Resource: "*" }, undefined],
    ["identity", { ...named, Action: ["ec2:DescribeImages", "kms:Decrypt"], Resource: "*" }, "is for *"],
    ["identity", { ...named, Action: "kms:*" }, "allows actions by *"],
    ["identity", { ...named, Action: undefined, NotAction: "iam:*" }, "names what it leaves out"],
    ["identity", { ...named, Resource: undefined }, "names no resource"],
    ["key", { ...named, Resource: "*", Principal: { AWS: "*" } }, "admits everyone"],
    ["key", { ...named, Resource: "*" }, "names no principal"],
    ["resource", { ...named, Resource: "*", Principal: pods }, "is for every resource"],
    ["trust", { ...trust, Principal: pods }, "trusts every account"],
    ["trust", { ...trust, Principal: { AWS: `arn:aws:iam::${account}:root` } }, "names no one service"],
    [
      "trust",
      { ...trust, Principal: pods, Condition: { StringEquals: { "aws:SourceAccount": account } } },
      undefined,
    ],
  ];
  for (const [kind, statement, fault] of cases)
    it(`${kind}: ${fault ?? "not a careful one"} (${JSON.stringify(statement.Action ?? "no action")})`, () => {
      const found = faults({ kind }, statement);
      if (fault === undefined) expect(found).to.deep.equal([]);
      else expect(found).to.include(`S: ${fault}`);
    });
});
