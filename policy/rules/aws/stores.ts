import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, missing, show, unknown } from "../../values.js";
import { group, groupRules, standalone } from "./groupRules.js";

/** Databases and caches, and the property that names their security groups. */
const stores: Record<string, string> = {
  "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
  "aws:rds/instance:Instance": "vpcSecurityGroupIds",
  "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
  "aws:elasticache/cluster:Cluster": "securityGroupIds",
};

function* judgeAddress({ props }: Resource): Iterable<string> {
  // Without a value RDS decides by the subnets, and the provider says false.
  if (differs(at(props, "publiclyAccessible"), false, undefined, null))
    yield "publiclyAccessible is true; right is false";
}

function* judgeGroups({ type, props }: Resource): Iterable<string> {
  const property = stores[type]!;
  // A member of a replication group has that group's.
  if (!missing(at(props, "replicationGroupId")) && type === "aws:elasticache/cluster:Cluster") return;
  if (missing(at(props, property)))
    yield `${property} is empty; right is a group of its own: the VPC's default one would hold`;
}

function* judgeRules(resources: Resource[]): Iterable<Finding> {
  const held = resources.flatMap((resource) => {
    const property = stores[resource.type];
    return property ? [{ resource, link: { property, by: ["id"] } }] : [];
  });
  const guarding = ofTypes(resources, group).filter((one) =>
    held.some(({ resource, link }) => names(resource, link, one) === true),
  );
  const rules = ofTypes(resources, standalone.ingress, standalone.either).filter((rule) =>
    guarding.some((one) => names(rule, { property: "securityGroupId", by: ["id"] }, one) === true),
  );
  for (const resource of [...guarding, ...rules]) {
    const admitted = groupRules(resource)
      .filter(({ direction }) => direction === "ingress")
      .flatMap(({ cidrs, prefixLists }) => [...cidrs, ...prefixLists])
      .filter((peer) => peer !== unknown);
    if (admitted.length > 0)
      yield {
        resource,
        message: `a database or cache admits ${admitted.map(show).join(", ")}; right is security groups only`,
      };
  }
}

export const privateStores: Rule = {
  each: {
    "aws:rds/clusterInstance:ClusterInstance": judgeAddress,
    ...forTypes(
      [
        "aws:rds/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:elasticache/cluster:Cluster",
      ],
      judgeGroups,
    ),
    *"aws:rds/instance:Instance"(resource) {
      yield* judgeAddress(resource);
      yield* judgeGroups(resource);
    },
  },
  together: judgeRules,
};
