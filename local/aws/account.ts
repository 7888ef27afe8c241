import type { Invoke, Provider } from "../behaviour.js";
import {
  arn,
  dnsSuffix,
  objects,
  partitionOf,
  refuseUnless,
  regions,
  text,
  texts,
  zoneId,
  zonesOf,
} from "./common.js";

const getCallerIdentity: Invoke = (_, context) => ({
  id: context.world.account,
  accountId: context.world.account,
  arn: arn(context, "iam", "user/local", { region: "" }),
  userId: `AIDA${context.world.account}LOCAL`,
});

const getPartition: Invoke = (_, { region }) => {
  const partition = partitionOf(region);
  return {
    id: partition,
    partition,
    dnsSuffix: dnsSuffix(region),
    reverseDnsPrefix: partition === "aws-cn" ? "cn.com.amazonaws" : "com.amazonaws",
  };
};

const getRegion: Invoke = (args, context) => {
  const region = text(args, "region") ?? text(args, "name") ?? context.region;
  refuseUnless(regions.includes(region), "InvalidRegion", `no region found for name: ${region}`);
  return {
    id: region,
    name: region,
    region,
    endpoint: `ec2.${region}.${dnsSuffix(region)}`,
    description: region,
  };
};

/** Filters of EC2 DescribeAvailabilityZones that can differ between the zones here: none is a local or wavelength zone. */
const attributes: Record<string, (zone: string, region: string) => string> = {
  "zone-name": (zone) => zone,
  "zone-id": (zone) => zoneId(zone),
  "region-name": (_, region) => region,
  "group-name": (_, region) => region,
  "opt-in-status": () => "opt-in-not-required",
  "zone-type": () => "availability-zone",
  state: () => "available",
};

const getAvailabilityZones: Invoke = (args, { region }) => {
  refuseUnless(zonesOf(region).length > 0, "InvalidRegion", `no region found for name: ${region}`);
  const names = zonesOf(region)
    .filter(
      (zone) =>
        !texts(args, "excludeNames").includes(zone) && !texts(args, "excludeZoneIds").includes(zoneId(zone)),
    )
    .filter(() => ["available", undefined].includes(text(args, "state")))
    .filter((zone) =>
      objects(args, "filters").every((filter) => {
        const attribute = attributes[text(filter, "name") ?? ""];
        refuseUnless(
          attribute !== undefined,
          "InvalidParameterValue",
          `The filter '${text(filter, "name")}' is invalid`,
        );
        return attribute !== undefined && texts(filter, "values").includes(attribute(zone, region));
      }),
    );
  return {
    ...args,
    id: region,
    region,
    names,
    zoneIds: names.map(zoneId),
    groupNames: names.length > 0 ? [region] : [],
  };
};

/** What the provider tells of the account, the partition, the region and its zones. */
export const account: Provider = {
  types: {},
  invokes: {
    "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
    "aws:index/getPartition:getPartition": getPartition,
    "aws:index/getRegion:getRegion": getRegion,
    "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
  },
};
