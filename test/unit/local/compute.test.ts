import { expect } from "chai";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { Ground } from "../../support/ground.js";
import { refuses, type Refusal } from "../../support/refusals.js";

const cluster = "aws:eks/cluster:Cluster";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const addon = "aws:eks/addon:Addon";
const association = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const entry = "aws:eks/accessEntry:AccessEntry";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const pods = ["sts:AssumeRole", "sts:TagSession"];

describe("local cloud: EKS clusters", () => {
  const make = (ground: Ground, change: Props) =>
    ground.make(cluster, { ...ground.clusterArgs(), ...change });

  it("gives a cluster its endpoint, issuer, authority and security group", () => {
    const ground = new Ground();
    const { state } = ground.cluster();
    expect(state["endpoint"]).to.match(/^https:\/\/[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com$/);
    expect(JSON.stringify(state["identities"])).to.match(
      /oidc\.eks\.us-east-1\.amazonaws\.com\/id\/[0-9A-F]{32}/,
    );
    const { clusterSecurityGroupId, vpcId } = state["vpcConfig"] as Record<string, string>;
    expect(vpcId).to.equal(ground.vpc().id);
    expect(ground.world.find("aws:ec2/securityGroup:SecurityGroup", clusterSecurityGroupId ?? "")).to.include(
      {
        owner: "javelin-dev",
      },
    );
  });

  it("keeps what it made through an update, and takes the security group along when it goes", () => {
    const ground = new Ground();
    const before = ground.cluster();
    const after = ground.update(before, { ...ground.clusterArgs(), version: "1.34" });
    for (const each of ["endpoint", "identities", "certificateAuthority", "createdAt", "arn"])
      expect(after.state[each]).to.deep.equal(before.state[each]);
    expect(after.state["version"]).to.equal("1.34");
    ground.delete(after);
    const owned = ground.world
      .list("aws:ec2/securityGroup:SecurityGroup")
      .filter((o) => o.owner === after.id);
    expect(owned).to.have.length(0);
  });

  it("replaces for a new name or role, and updates for a version", () => {
    const ground = new Ground();
    const replaces = (change: Props) =>
      ground.replaces(ground.cluster(), { ...ground.clusterArgs(), ...change });
    expect(replaces({ name: "other" })).to.deep.equal(["name"]);
    expect(replaces({ version: "1.34" })).to.deep.equal([]);
  });

  refuses(
    () => new Ground(),
    [
      ["a name of 101 characters", /invalid value for name/, (g) => make(g, { name: "a".repeat(101) })],
      [
        "a version that EKS does not have",
        /unsupported Kubernetes version/,
        (g) => make(g, { version: "1.12" }),
      ],
      [
        "subnets in one zone",
        /at least two different AZs/,
        (g) => make(g, { vpcConfig: { subnetIds: [g.subnet("node", "a").id, g.subnet("nat", "a").id] } }),
      ],
      [
        "a role that EKS may not assume",
        /could not be assumed because it does not exist or the trusted entity is not correct/,
        (g) => make(g, { roleArn: g.nodeRole().state["arn"] }),
      ],
      [
        "private addresses as public access",
        /CIDRs are invalid in publicAccessCidrs: 10\.0\.0\.0\/8/,
        (g) => make(g, { vpcConfig: { subnetIds: g.nodeSubnets(), publicAccessCidrs: ["10.0.0.0/8"] } }),
      ],
      ...["0.0.0.0/8", "127.0.0.1/32", "169.254.169.254/32", "100.64.0.0/10", "192.0.0.0/8"].map(
        (range): Refusal<Ground> => [
          `${range} as public access`,
          /CIDRs are invalid in publicAccessCidrs/,
          (g) => make(g, { vpcConfig: { subnetIds: g.nodeSubnets(), publicAccessCidrs: [range] } }),
        ],
      ),
      [
        "41 ranges of public access",
        /maximum number of CIDRs in publicAccessCidrs is 40/,
        (g) => {
          const publicAccessCidrs = Array.from({ length: 41 }, (_, i) => `203.0.113.${i}/32`);
          return make(g, { vpcConfig: { subnetIds: g.nodeSubnets(), publicAccessCidrs } });
        },
      ],
      [
        "an API server that nobody reaches",
        /Private and public endpoint access cannot be false/,
        (g) => make(g, { vpcConfig: { subnetIds: g.nodeSubnets(), endpointPublicAccess: false } }),
      ],
      [
        "a key that does not exist",
        /InvalidParameterException: Key '.*' does not exist/,
        (g) =>
          make(g, {
            encryptionConfig: {
              provider: { keyArn: "arn:aws:kms:us-east-1:1:key/none" },
              resources: ["secrets"],
            },
          }),
      ],
      [
        "a second cluster of the name",
        /Cluster already exists with name: javelin-dev/,
        (g) => (g.cluster(), make(g, {})),
      ],
      [
        "two minor versions at once",
        /Unsupported Kubernetes minor version update from 1\.33 to 1\.35/,
        (g) => g.update(g.cluster(), { ...g.clusterArgs(), version: "1.35" }),
      ],
      [
        "deleting one that has nodes",
        /Cluster has nodegroups attached/,
        (g) => (g.nodes(), g.delete(g.cluster())),
      ],
      [
        "EKS Auto Mode, which it does not know",
        /does not know computeConfig/,
        (g) => make(g, { computeConfig: {} }),
      ],
    ],
  );
});

describe("local cloud: EKS nodes", () => {
  const make = (ground: Ground, change: Props = {}, { routes = true, addons = true } = {}): WorldObject => {
    if (routes) ground.routes();
    if (addons) ground.addons();
    return ground.make(nodeGroup, { ...ground.nodesArgs(), ...change });
  };
  const scaling = (minSize: number, desiredSize: number, maxSize: number) => ({
    scalingConfig: { minSize, desiredSize, maxSize },
  });
  const launch = (ground: Ground, args: Props) => ({
    launchTemplate: { id: ground.make(template, args).id, version: "1" },
  });

  it("makes an Auto Scaling group whose name it returns, and an access entry of the node role", () => {
    const ground = new Ground();
    const nodes = ground.nodes();
    const [group] = ground.world.list("aws:autoscaling/group:Group");
    expect(nodes.state["resources"]).to.deep.equal([
      { autoscalingGroups: [{ name: group?.id }], remoteAccessSecurityGroupId: "" },
    ]);
    expect(group?.id).to.match(/^eks-general-[0-9a-f-]{36}$/);
    expect(ground.world.list(entry)).to.have.length(1);
    ground.delete(nodes);
    expect(ground.world.list("aws:autoscaling/group:Group")).to.have.length(0);
  });

  it("tells the group of a new size", () => {
    const ground = new Ground();
    ground.update(ground.nodes(), { ...ground.nodesArgs(), ...scaling(3, 3, 6) });
    expect(ground.world.list("aws:autoscaling/group:Group")[0]?.state).to.include({ minSize: 3, maxSize: 6 });
  });

  it("replaces for other machines, not for another size", () => {
    const ground = new Ground();
    const replaces = (change: Props) => ground.replaces(ground.nodes(), { ...ground.nodesArgs(), ...change });
    expect(replaces({ instanceTypes: ["m6i.2xlarge"] })).to.have.length(1);
    expect(replaces(scaling(3, 3, 6))).to.have.length(0);
  });

  refuses(
    () => new Ground(),
    [
      [
        "nodes without a way to the internet",
        /NodeCreationFailure: Instances failed to join the kubernetes cluster/,
        (g) => make(g, {}, { routes: false }),
      ],
      [
        "nodes without a network plug-in",
        /NodeCreationFailure: Unhealthy nodes.*no vpc-cni add-on/,
        (g) => make(g, {}, { addons: false }),
      ],
      [
        "nodes that may not pull images",
        /lacks AmazonEC2ContainerRegistryPullOnly/,
        (g) =>
          make(g, {
            nodeRoleArn: g.role("bare", "ec2.amazonaws.com", ["AmazonEKSWorkerNodePolicy"]).state["arn"],
          }),
      ],
      [
        "a node role that EC2 may not assume",
        /required service principals \[ec2\.amazonaws\.com\]/,
        (g) => make(g, { nodeRoleArn: g.role("odd", "eks.amazonaws.com").state["arn"] }),
      ],
      [
        "security groups of its own that do not meet the control plane",
        /security groups of the nodes and of the control plane admit no connection on port 443/,
        (g) => make(g, launch(g, { vpcSecurityGroupIds: [g.securityGroup().id] })),
      ],
      [
        "a disk size beside a launch template",
        /Disk size must be specified within the launch template/,
        (g) => make(g, { diskSize: 50, ...launch(g, {}) }),
      ],
      [
        "a launch template's version that is not there",
        /Could not find the specified version 7/,
        (g) => make(g, { launchTemplate: { id: g.make(template, {}).id, version: "7" } }),
      ],
      [
        "disks under a key that Auto Scaling may not use",
        /AsgInstanceLaunchFailures: Could not launch On-Demand Instances\. Client\.InvalidKMSKey/,
        (g) => {
          const key = g.make("aws:kms/key:Key", {}).state["arn"];
          make(
            g,
            launch(g, {
              blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: key } }],
            }),
          );
        },
      ],
      [
        "more nodes wanted than allowed",
        /desired capacity 5 can't be greater than max size 4/,
        (g) => make(g, scaling(2, 5, 4)),
      ],
      [
        "fewer nodes wanted than the least",
        /can't be greater than desired size 1/,
        (g) => make(g, scaling(2, 1, 4)),
      ],
      [
        "a machine that does not exist",
        /instance types do not exist: \[m6i\.huge\]/,
        (g) => make(g, { instanceTypes: ["m6i.huge"] }),
      ],
      [
        "an ARM machine under an Intel image",
        /\[m6g\.xlarge\] is not a valid instance type for requested amiType/,
        (g) => make(g, { instanceTypes: ["m6g.xlarge"], amiType: "AL2023_x86_64_STANDARD" }),
      ],
      [
        "Amazon Linux 2 on a new Kubernetes",
        /only supported for kubernetes versions 1\.32 or earlier/,
        (g) => make(g, { amiType: "AL2_x86_64" }),
      ],
      [
        "labels of Kubernetes itself",
        /reserved prefixes/,
        (g) => make(g, { labels: { "node.kubernetes.io/role": "x" } }),
      ],
      [
        "a name of 64 characters",
        /invalid value for nodeGroupName/,
        (g) => make(g, { nodeGroupName: "n".repeat(64) }),
      ],
      [
        "a cluster that is not there",
        /No cluster found for name: none/,
        (g) => make(g, { clusterName: "none" }),
      ],
    ],
  );
});

describe("local cloud: EKS add-ons and access", () => {
  const addOn = (ground: Ground, addonName: string, more: Props = {}) =>
    ground.make(addon, { clusterName: ground.cluster().id, addonName, ...more });
  const associate = (ground: Ground, role: WorldObject, serviceAccount = "core") =>
    ground.make(association, {
      clusterName: ground.cluster().id,
      namespace: "javelin",
      serviceAccount,
      roleArn: role.state["arn"],
    });

  it("takes the usual add-ons once there are nodes", () => {
    const ground = new Ground();
    ground.nodes();
    expect(addOn(ground, "coredns").state["addonVersion"]).to.match(/^v1\.12\.\d+-eksbuild\.\d+$/);
    addOn(ground, "metrics-server");
    addOn(ground, "eks-pod-identity-agent");
    const storage = ground.role(
      "ebs",
      "pods.eks.amazonaws.com",
      ["service-role/AmazonEBSCSIDriverPolicy"],
      pods,
    );
    addOn(ground, "aws-ebs-csi-driver", {
      podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa", roleArn: storage.state["arn"] }],
    });
    expect(ground.world.list(association)).to.have.length(1);
  });

  refuses(
    () => new Ground(),
    [
      ["CoreDNS before there are nodes", /InsufficientNumberOfReplicas/, (g) => addOn(g, "coredns")],
      [
        "an add-on that EKS does not have",
        /Addon istio specified is not supported in 1\.33/,
        (g) => addOn(g, "istio"),
      ],
      [
        "kube-proxy of another Kubernetes version",
        /Addon version specified is not supported/,
        (g) => addOn(g, "kube-proxy", { addonVersion: "v1.31.0-eksbuild.2" }),
      ],
      [
        "a boolean where the add-on's schema has a string",
        /\$\.enableNetworkPolicy: boolean found, string expected/,
        (g) => addOn(g, "vpc-cni", { configurationValues: JSON.stringify({ enableNetworkPolicy: true }) }),
      ],
      [
        "an add-on over the self-managed one",
        /ConfigurationConflict/,
        (g) => {
          const made = g.make(cluster, { ...g.clusterArgs(), bootstrapSelfManagedAddons: true });
          g.make(addon, { clusterName: made.id, addonName: "vpc-cni" });
        },
      ],
      [
        "the EBS driver without permissions",
        /ebs-csi-controller-sa has no role that allows ec2:CreateVolume/,
        (g) => (g.nodes(), addOn(g, "aws-ebs-csi-driver")),
      ],
      [
        "a second association of a service account",
        /ResourceInUseException: Association already exists/,
        (g) => {
          const role = g.role("core", "pods.eks.amazonaws.com", [], pods);
          associate(g, role);
          associate(g, role);
        },
      ],
      [
        "an association whose role pods may not assume",
        /does not let pods\.eks\.amazonaws\.com perform sts:AssumeRole and sts:TagSession/,
        (g) => associate(g, g.role("core", "pods.eks.amazonaws.com", [], ["sts:AssumeRole"])),
      ],
      [
        "an access entry for nobody",
        /invalid principal/,
        (g) =>
          g.make(entry, { clusterName: g.cluster().id, principalArn: "arn:aws:iam::123456789012:role/none" }),
      ],
      [
        "an access policy without an entry",
        /The specified principalArn could not be found/,
        (g) =>
          g.make("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", {
            clusterName: g.cluster().id,
            principalArn: g.nodeRole().state["arn"],
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          }),
      ],
    ],
  );
});
