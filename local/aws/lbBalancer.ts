import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props } from "../behaviour.js";
import {
  arn,
  at,
  dnsSuffix,
  exactlyOne,
  inRange,
  isTrue,
  lookup,
  matches,
  objects,
  oneOf,
  pick,
  refuseUnless,
  text,
  texts,
} from "./common.js";
import { hasInternetGateway } from "./ec2Gateways.js";
import { once, placed } from "./outputs.js";
import { toSecurityGroup, toSubnet, type } from "./references.js";
import { admitLogWriter } from "./s3Delivery.js";

/** Hosted zones of Application Load Balancers' names. Source: AWS General Reference, ELB endpoints. */
const hostedZones: Record<string, string> = {
  "af-south-1": "Z268VQBMOI5EKX",
  "ap-east-1": "Z3DQVH9N71FHZ0",
  "ap-northeast-1": "Z14GRHDCWA56QT",
  "ap-northeast-2": "ZWKZPGTI48KDX",
  "ap-northeast-3": "Z5LXEXXYW11ES",
  "ap-south-1": "ZP97RAFLXTNZK",
  "ap-south-2": "Z0173938T07WNTVAEPZN",
  "ap-southeast-1": "Z1LMS91P8CMLE5",
  "ap-southeast-2": "Z1GM3OXH4ZPM65",
  "ap-southeast-3": "Z08888821HLRG5A9ZRTER",
  "ap-southeast-4": "Z09517862IB2WZLPXG76F",
  "ca-central-1": "ZQSVJUPU6J1EY",
  "ca-west-1": "Z06473681N0SF6OS049SD",
  "cn-north-1": "Z1GDH35T77C1KE",
  "cn-northwest-1": "ZM7IZAIOVVDZF",
  "eu-central-1": "Z215JYRZR1TBD5",
  "eu-central-2": "Z06391101F2ZOEP8P5EB3",
  "eu-north-1": "Z23TAZ6LKFMNIO",
  "eu-south-1": "Z3ULH7SSC9OV64",
  "eu-south-2": "Z0956581394HF5D5LXGAP",
  "eu-west-1": "Z32O12XQLNTSW2",
  "eu-west-2": "ZHURV8PSTC4K8",
  "eu-west-3": "Z3Q77PNBQS71R4",
  "il-central-1": "Z09170902867EHPV2DABU",
  "me-central-1": "Z08230872XQRWHG2XF6I",
  "me-south-1": "ZS929ML54UICD",
  "sa-east-1": "Z2P70J7HTTTPLU",
  "us-east-1": "Z35SXDOTRQ7X7K",
  "us-east-2": "Z3AADJGX6KTTL2",
  "us-gov-east-1": "Z166TLBEWOO7G0",
  "us-gov-west-1": "Z33AYJ8TM3BH4J",
  "us-west-1": "Z368ELLRRE2KJ0",
  "us-west-2": "Z1H1FL5HABSF5",
};

function subnetIdsOf(inputs: Props): string[] {
  return [
    ...texts(inputs, "subnets"),
    ...objects(inputs, "subnetMappings").map((each) => text(each, "subnetId") ?? ""),
  ];
}

function admitSubnets(inputs: Props, context: Context): void {
  const subnets = subnetIdsOf(inputs).map((id) => lookup(context, type.subnet, id));
  const zones = subnets.map((subnet) => subnet?.state.availabilityZone);
  refuseUnless(
    new Set(zones).size === zones.length,
    "InvalidConfigurationRequest",
    "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
  );
  refuseUnless(
    zones.length >= 2 || inputs.loadBalancerType !== "application",
    "ValidationError",
    "At least two subnets in two different Availability Zones must be specified",
  );
  const networks = [...new Set(subnets.map((subnet) => text(subnet?.state, "vpcId")))];
  refuseUnless(
    networks.length === 1,
    "InvalidConfigurationRequest",
    "All subnets must belong to the same VPC",
  );
  refuseUnless(
    isTrue(inputs, "internal") || hasInternetGateway(context, networks[0]),
    "InvalidSubnet",
    `VPC ${networks[0]} has no internet gateway`,
  );
  for (const id of texts(inputs, "securityGroups")) {
    refuseUnless(
      lookup(context, type.securityGroup, id)?.state.vpcId === networks[0],
      "InvalidConfigurationRequest",
      `One or more security groups are invalid: ${id} is not in ${networks[0]}`,
    );
  }
}

const logs = ["accessLogs", "connectionLogs", "healthCheckLogs"];

export const loadBalancer: Behaviour = {
  source:
    "ELBv2 CreateLoadBalancer, ModifyLoadBalancerAttributes, DeleteLoadBalancer; Application Load Balancer guide; " +
    "provider docs of aws.lb.LoadBalancer (defaults)",
  autoName: { property: "name", max: 32 },
  replaces: ["customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"],
  defaults: () => ({
    clientKeepAlive: 3600,
    desyncMitigationMode: "defensive",
    dropInvalidHeaderFields: false,
    enableDeletionProtection: false,
    enableHttp2: true,
    enableTlsVersionAndCipherSuiteHeaders: false,
    enableWafFailOpen: false,
    enableXffClientPort: false,
    enableZonalShift: false,
    idleTimeout: 60,
    loadBalancerType: "application",
    preserveHostHeader: false,
    xffHeaderProcessingMode: "append",
  }),
  check: (inputs) => [
    ...matches(
      inputs,
      "name",
      /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/,
      "1 to 32 letters, digits and hyphens; no hyphen at either end; not beginning with internal-",
    ),
    ...oneOf(inputs, "loadBalancerType", ["application", "gateway", "network"]),
    ...oneOf(inputs, "ipAddressType", ["ipv4", "dualstack", "dualstack-without-public-ipv4"]),
    ...oneOf(inputs, "desyncMitigationMode", ["monitor", "defensive", "strictest"]),
    ...oneOf(inputs, "xffHeaderProcessingMode", ["append", "preserve", "remove"]),
    ...inRange(inputs, "idleTimeout", 1, 4000),
    ...inRange(inputs, "clientKeepAlive", 60, 604800),
    ...exactlyOne(inputs, ["subnets", "subnetMappings"]),
  ],
  references: {
    "subnets[]": { ...toSubnet, code: "SubnetNotFound" },
    "subnetMappings[].subnetId": { ...toSubnet, code: "SubnetNotFound" },
    "securityGroups[]": { ...toSecurityGroup, code: "InvalidSecurityGroup" },
  },
  unique: (inputs) => text(inputs, "name"),
  taken: (name) =>
    new CloudError(
      "DuplicateLoadBalancerName",
      `A load balancer with the same name '${name}' exists, but with different settings`,
    ),
  admit: (inputs, context) => {
    admitSubnets(inputs, context);
    for (const kind of logs) {
      for (const log of objects(inputs, kind)) {
        if (log.enabled === false) continue;
        admitLogWriter(text(log, "bucket") ?? "", text(log, "prefix"), context);
      }
    }
  },
  id: (inputs, context) => {
    const kind =
      { application: "app", network: "net", gateway: "gwy" }[text(inputs, "loadBalancerType") ?? ""] ?? "app";
    return (
      context.current?.id ??
      arn(context, "elasticloadbalancing", `loadbalancer/${kind}/${text(inputs, "name")}/${context.hex(16)}`)
    );
  },
  outputs: (inputs, context) => {
    const id = loadBalancer.id(inputs, context);
    const network = lookup(context, type.subnet, subnetIdsOf(inputs)[0])?.state.vpcId;
    const groups = texts(inputs, "securityGroups");
    return {
      ...placed(inputs, context),
      ...once(context, () => {
        const host = `${text(inputs, "name")}-${1 + pick(context, 1_999_999_999, "dns")}.${context.region}.elb.${dnsSuffix(context.region)}`;
        return { dnsName: isTrue(inputs, "internal") ? `internal-${host}` : host };
      }),
      arn: id,
      arnSuffix: id.split("loadbalancer/")[1],
      enableCrossZoneLoadBalancing:
        inputs.loadBalancerType === "application" || isTrue(inputs, "enableCrossZoneLoadBalancing"),
      internal: isTrue(inputs, "internal"),
      ipAddressType: text(inputs, "ipAddressType") ?? "ipv4",
      securityGroups:
        groups.length > 0
          ? groups
          : at(lookup(context, type.vpc, String(network))?.state, "defaultSecurityGroupId"),
      subnets: subnetIdsOf(inputs),
      subnetMappings: subnetIdsOf(inputs).map((subnetId) => ({ subnetId })),
      vpcId: network ?? "",
      // AWS has published no zone for the newest regions yet: one of its form.
      zoneId: hostedZones[context.region] ?? `Z0LOCAL${context.region.toUpperCase().replaceAll("-", "")}`,
    };
  },
  release: ({ id, inputs }) =>
    refuseUnless(
      !isTrue(inputs, "enableDeletionProtection"),
      "OperationNotPermitted",
      `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
    ),
  minutes: 3,
};
