import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { cellPaths, groupNames } from "./paths.js";
import type { GroupName, Path, PathArgs } from "./paths.js";

export interface SecurityGroupsArgs extends PathArgs {
  prefix: string;
  vpcId: pulumi.Input<string>;
}

const descriptions: Record<GroupName, string> = {
  alb: "Load balancer",
  controlPlane: "Kubernetes control plane",
  node: "Nodes and pods",
  database: "Database, for the nodes",
  cache: "Cache, for the nodes",
};

/**
 * The cell's security groups. Each path of {@link cellPaths} is opened at both of its ends, as standalone rules
 * that name one port and one peer; nothing else is open in either direction.
 */
export class SecurityGroups extends pulumi.ComponentResource {
  readonly ids: Record<GroupName, pulumi.Output<string>>;

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:SecurityGroups", name, args, opts);
    const parent = { parent: this };
    this.ids = Object.fromEntries(
      groupNames.map((group) => {
        const physical = physicalName("aws:securityGroup", args.prefix, dashed(group));
        const { id } = new aws.ec2.SecurityGroup(
          `${name}-${dashed(group)}`,
          { name: physical, description: descriptions[group], vpcId: args.vpcId, tags: { Name: physical } },
          parent,
        );
        return [group, id];
      }),
    ) as Record<GroupName, pulumi.Output<string>>;

    for (const path of cellPaths(args)) {
      const rule = {
        description: path.why,
        ipProtocol: path.protocol,
        fromPort: path.port,
        toPort: path.port,
      };
      const child = `${name}-${pathName(path)}`;
      if (typeof path.from === "string")
        new aws.vpc.SecurityGroupEgressRule(
          `${child}-out`,
          { ...rule, securityGroupId: this.ids[path.from], ...this.peer(path.to) },
          parent,
        );
      if (typeof path.to === "string")
        new aws.vpc.SecurityGroupIngressRule(
          `${child}-in`,
          { ...rule, securityGroupId: this.ids[path.to], ...this.peer(path.from) },
          parent,
        );
    }
    this.registerOutputs({ ids: this.ids });
  }

  private peer(end: Path["from"]) {
    return typeof end === "string" ? { referencedSecurityGroupId: this.ids[end] } : { cidrIpv4: end.cidr };
  }
}

/** By ends and port, so that one path more or less renames no other. */
function pathName(path: Path): string {
  const end = (of: Path["from"]) => (typeof of === "string" ? dashed(of) : of.cidr.replace("/", "-"));
  return [end(path.from), "to", end(path.to), path.port, ...(path.protocol === "udp" ? ["udp"] : [])].join(
    "-",
  );
}

function dashed(group: GroupName): string {
  return group === "controlPlane" ? "control-plane" : group;
}
