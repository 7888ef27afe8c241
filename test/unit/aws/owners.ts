import * as pulumi from "@pulumi/pulumi";
import { checkExisting } from "../../../components/aws/existingNetwork.js";
import type { ExistingNetwork } from "../../../components/aws/existingNetwork.js";
import type { NetworkNeeds } from "../../../components/aws/networkFitness.js";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

export const everywhere = { destinationCidrBlock: "0.0.0.0/0" };

/** A network as its owner has made it, in two zones, with what a cell asks of it. */
export class Owners {
  readonly cloud = new FakeWorld();
  readonly vpc = this.cloud.make(token.vpc, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
  readonly gateway = this.cloud.make(token.internetGateway, { vpcId: this.vpc.id });
  private blocks = 0;
  readonly open = this.table({ gatewayId: this.gateway.id });
  readonly alb = ["a", "b"].map((zone) => this.subnet(zone, this.open));
  readonly nat = this.cloud.make(token.natGateway, {
    subnetId: this.alb[0]!.id,
    allocationId: this.cloud.make(token.eip, { domain: "vpc" }).id,
  });
  readonly guarded = this.table({ natGatewayId: this.nat.id });
  readonly node = ["a", "b"].map((zone) => this.subnet(zone, this.guarded));
  /** By the VPC's main table, which has no route. */
  readonly data = ["a", "b"].map((zone) => this.subnet(zone));
  existing: ExistingNetwork = {
    id: this.vpc.id,
    subnets: { alb: ids(this.alb), node: ids(this.node), data: ids(this.data) },
  };
  needs: NetworkNeeds = { region: "us-east-1", cidr: "10.0.0.0/16", serviceCidr: "172.20.0.0/16", nodes: 4 };

  table(target: Props): WorldObject {
    const table = this.cloud.make(token.routeTable, { vpcId: this.vpc.id });
    this.cloud.make(token.route, { routeTableId: table.id, ...everywhere, ...target });
    return table;
  }

  subnet(zone: string, table?: WorldObject, length = 24, more: Props = {}): WorldObject {
    const cidrBlock = `10.0.${this.blocks++}.0/${length}`;
    const availabilityZone = `us-east-1${zone}`;
    const made = this.cloud.make(token.subnet, { vpcId: this.vpc.id, cidrBlock, availabilityZone, ...more });
    if (table) this.cloud.make(token.routeTableAssociation, { subnetId: made.id, routeTableId: table.id });
    return made;
  }

  /** The config names other subnets for a tier. */
  names(tier: keyof ExistingNetwork["subnets"], ...subnets: (WorldObject | string)[]): void {
    this.existing.subnets[tier] = subnets.map((each) => (typeof each === "string" ? each : each.id));
  }

  async check(preview = false) {
    const { cloud } = this;
    const mocks: pulumi.runtime.Mocks = {
      call: ({ token, inputs }) => cloud.invoke(token, inputs as Props),
      newResource: ({ type }) => {
        throw new Error(`a look-up makes no ${type}`);
      },
    };
    await pulumi.runtime.setMocks(mocks, "javelin", "dev", preview);
    return checkExisting(this.existing, this.needs, {});
  }
}

export const ids = (objects: WorldObject[]) => objects.map(({ id }) => id);
