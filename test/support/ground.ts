import { kubernetes } from "../../local/kubernetes/index.js";
import { CloudError } from "../../local/behaviour.js";
import type { Props, WorldObject } from "../../local/behaviour.js";
import { Operations } from "../../local/operations.js";
import { FakeWorld } from "./fakeWorld.js";

const trust = (service: string, actions: string[] = ["sts:AssumeRole"]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });

/**
 * A network, roles and a cluster with nodes, made piece by piece of the local cloud's own descriptions: what
 * tests of single descriptions stand on. Nothing is made before it is asked for.
 */
export class Ground extends FakeWorld {
  private made = new Map<string, WorldObject>();

  private one(key: string, make: () => WorldObject): WorldObject {
    const object = this.made.get(key) ?? make();
    this.made.set(key, object);
    return object;
  }

  vpc(): WorldObject {
    return this.one("vpc", () => this.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.10.0.0/16" }));
  }

  subnet(tier: "nat" | "node", zone: "a" | "b"): WorldObject {
    return this.one(`${tier}-${zone}`, () =>
      this.make("aws:ec2/subnet:Subnet", {
        vpcId: this.vpc().id,
        cidrBlock: `10.10.${(tier === "nat" ? 0 : 2) + (zone === "a" ? 0 : 1)}.0/24`,
        availabilityZone: `us-east-1${zone}`,
      }),
    );
  }

  nodeSubnets(): string[] {
    return [this.subnet("node", "a").id, this.subnet("node", "b").id];
  }

  /** A way out for the nodes: NAT gateway, internet gateway and the routes to both. */
  routes(): void {
    this.one("routes", () => {
      const vpcId = this.vpc().id;
      const gateway = this.make("aws:ec2/internetGateway:InternetGateway", { vpcId });
      const table = (subnets: string[]) => {
        const made = this.make("aws:ec2/routeTable:RouteTable", { vpcId });
        for (const subnetId of subnets)
          this.make("aws:ec2/routeTableAssociation:RouteTableAssociation", {
            subnetId,
            routeTableId: made.id,
          });
        return made.id;
      };
      const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
      const outside = table([this.subnet("nat", "a").id]);
      this.make("aws:ec2/route:Route", { routeTableId: outside, gatewayId: gateway.id, ...everywhere });
      const address = this.make("aws:ec2/eip:Eip", { domain: "vpc" });
      const nat = this.make("aws:ec2/natGateway:NatGateway", {
        subnetId: this.subnet("nat", "a").id,
        allocationId: address.id,
      });
      return this.make("aws:ec2/route:Route", {
        routeTableId: table(this.nodeSubnets()),
        natGatewayId: nat.id,
        ...everywhere,
      });
    });
  }

  securityGroup(): WorldObject {
    return this.one("group", () =>
      this.make("aws:ec2/securityGroup:SecurityGroup", { vpcId: this.vpc().id, description: "test" }),
    );
  }

  role(name: string, service: string, policies: string[] = [], actions?: string[]): WorldObject {
    return this.one(`role-${name}`, () => {
      const role = this.make("aws:iam/role:Role", { name, assumeRolePolicy: trust(service, actions) });
      for (const policy of policies)
        this.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
          role: name,
          policyArn: `arn:aws:iam::aws:policy/${policy}`,
        });
      return role;
    });
  }

  clusterArgs(): Props {
    return {
      name: "javelin-dev",
      roleArn: this.role("control", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]).state["arn"],
      version: "1.33",
      vpcConfig: { subnetIds: this.nodeSubnets(), endpointPrivateAccess: true },
      accessConfig: { authenticationMode: "API" },
      bootstrapSelfManagedAddons: false,
    };
  }

  cluster(): WorldObject {
    return this.one("cluster", () => this.make("aws:eks/cluster:Cluster", this.clusterArgs()));
  }

  /** Add-ons that nodes cannot do without. */
  addons(): void {
    for (const addonName of ["vpc-cni", "kube-proxy"])
      this.one(addonName, () =>
        this.make("aws:eks/addon:Addon", { clusterName: this.cluster().id, addonName }),
      );
  }

  nodeRole(): WorldObject {
    return this.role("nodes", "ec2.amazonaws.com", [
      "AmazonEKSWorkerNodePolicy",
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonEKS_CNI_Policy",
    ]);
  }

  nodesArgs(): Props {
    return {
      clusterName: this.cluster().id,
      nodeGroupName: "general",
      nodeRoleArn: this.nodeRole().state["arn"],
      subnetIds: this.nodeSubnets(),
      instanceTypes: ["m6i.xlarge"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
    };
  }

  nodes(): WorldObject {
    return this.one("nodes", () => {
      this.routes();
      this.addons();
      return this.make("aws:eks/nodeGroup:NodeGroup", this.nodesArgs());
    });
  }
}

/** The API server of the ground's cluster. */
export class FakeCluster {
  readonly ground = new Ground();
  private readonly operations = new Operations({ kubernetes }, this.ground.world);

  /** @param bare without nodes */
  constructor({ bare = false } = {}) {
    if (bare) this.ground.cluster();
    else this.ground.nodes();
  }

  make(type: string, given: Props, region = String(this.ground.cluster().state["endpoint"])): WorldObject {
    const name = typeof given["name"] === "string" ? given["name"] : "object";
    const { inputs, failures } = this.operations.check(type, name, given, undefined, new Uint8Array(8));
    const [failure] = failures;
    if (failure) throw new CloudError("Check", `${failure.property}: ${failure.reason}`);
    return this.operations.create(type, name, inputs, { region });
  }

  update(object: WorldObject, given: Props): WorldObject {
    return this.operations.update(object.type, object.id, "object", object.state, given, object);
  }

  replaces(object: WorldObject, given: Props): string[] {
    return this.operations.diff(object.type, "object", object.inputs, given).replaces;
  }

  delete(object: WorldObject): void {
    this.operations.delete(object.type, object.id, "object", object.state, object);
  }
}
