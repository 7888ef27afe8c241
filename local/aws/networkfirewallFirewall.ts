import type { Behaviour, Context, Props } from "../behaviour.js";
import { arn, ec2Id, isTrue, lookup, objects, refuseUnless, text, uuid } from "./common.js";
import { customerKey, inUse, named, policyType, refuse, taken } from "./networkfirewallShared.js";
import { placed } from "./outputs.js";
import { toSubnet, toVpc, type } from "./references.js";

/** The endpoint that the firewall puts into a subnet; it stays the same while the mapping does. */
function endpoints(
  inputs: Props,
  context: Context,
): { subnetId: string; zone: string; endpointId: string }[] {
  const before = objects(context.current?.state, "firewallStatuses")
    .flatMap((each) => objects(each, "syncStates"))
    .flatMap((each) => objects(each, "attachments"));
  return objects(inputs, "subnetMappings").map((mapping) => {
    const subnetId = text(mapping, "subnetId") ?? "";
    const kept = before.find((each) => each.subnetId === subnetId);
    const endpointId = text(kept, "endpointId") ?? ec2Id(context, "vpce", subnetId);
    return {
      subnetId,
      endpointId,
      zone: text(lookup(context, type.subnet, subnetId)?.state, "availabilityZone") ?? "",
    };
  });
}

export const firewall: Behaviour = {
  source:
    "Network Firewall CreateFirewall, DeleteFirewall, FirewallStatus; CloudFormation AWS::NetworkFirewall::Firewall",
  required: ["firewallPolicyArn"],
  autoName: { property: "name", max: 128 },
  replaces: ["name", "transitGatewayId", "vpcId"],
  defaults: () => ({
    deleteProtection: false,
    firewallPolicyChangeProtection: false,
    subnetChangeProtection: false,
  }),
  check: named,
  references: {
    ...customerKey,
    vpcId: toVpc,
    "subnetMappings[].subnetId": toSubnet,
    firewallPolicyArn: {
      types: [policyType],
      by: "arn",
      code: "InvalidRequestException",
      message: (id) => `firewall policy is invalid, parameter: [${id}]`,
    },
  },
  unique: (inputs) => text(inputs, "name"),
  taken,
  admit: (inputs, context) => {
    const mapped = endpoints(inputs, context);
    refuse(
      mapped.length > 0 && inputs.vpcId !== undefined,
      "A firewall needs a VPC and at least one subnet mapping",
    );
    for (const { subnetId } of mapped) {
      refuse(
        lookup(context, type.subnet, subnetId)?.state.vpcId === inputs.vpcId,
        `subnet mapping(s) is invalid, parameter: [${subnetId}] is not in ${text(inputs, "vpcId")}`,
      );
    }
    refuse(
      new Set(mapped.map(({ zone }) => zone)).size === mapped.length,
      "subnet mapping(s) is invalid: at most one subnet in each Availability Zone",
    );
    const before = context.current?.inputs;
    const changed = (path: string) => JSON.stringify(before?.[path]) !== JSON.stringify(inputs[path]);
    for (const [guard, path] of [
      ["firewallPolicyChangeProtection", "firewallPolicyArn"],
      ["subnetChangeProtection", "subnetMappings"],
    ] as const) {
      refuseUnless(
        before === undefined || !isTrue(before, guard) || !isTrue(inputs, guard) || !changed(path),
        "InvalidOperationException",
        `Unable to change ${path}: ${guard} is enabled`,
      );
    }
  },
  id: (inputs, context) => arn(context, "network-firewall", `firewall/${text(inputs, "name")}`),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: firewall.id(inputs, context),
    firewallStatuses: [
      {
        syncStates: endpoints(inputs, context).map(({ subnetId, zone, endpointId }) => ({
          availabilityZone: zone,
          attachments: [{ endpointId, subnetId }],
        })),
        transitGatewayAttachmentSyncStates: [],
      },
    ],
    transitGatewayOwnerAccountId: "",
    updateToken: uuid(context, `token ${context.now()}`),
  }),
  volatile: ["firewallStatuses", "updateToken"],
  after: ({ id, inputs, region }, context) => {
    for (const { subnetId, endpointId } of endpoints(inputs, context)) {
      if (context.world.find(type.vpcEndpoint, endpointId) !== undefined) continue;
      const state = {
        arn: arn(context, "ec2", `vpc-endpoint/${endpointId}`),
        vpcId: inputs.vpcId,
        vpcEndpointType: "GatewayLoadBalancer",
        subnetIds: [subnetId],
        requesterManaged: true,
        region,
      };
      context.world.add({ type: type.vpcEndpoint, id: endpointId, region, inputs: {}, state, owner: id });
    }
  },
  release: ({ id, inputs, state }, context) => {
    refuseUnless(
      !isTrue(inputs, "deleteProtection"),
      "InvalidOperationException",
      `Unable to delete firewall ${id}: DeleteProtection is enabled`,
    );
    const own = endpoints(inputs, {
      ...context,
      current: { ...context.current, state } as Context["current"],
    }).map(({ endpointId }) => endpointId);
    const route = context.world
      .list(type.route, context.region)
      .find(({ inputs: { vpcEndpointId } }) => own.includes(String(vpcEndpointId)));
    refuseUnless(
      route === undefined,
      "InvalidOperationException",
      `Unable to fulfill request: the VPC endpoint ${text(route?.inputs, "vpcEndpointId")} is still in the route table ${text(route?.inputs, "routeTableId")}`,
    );
  },
  inUse,
  // Network Firewall developer guide: "several minutes"; 5 to 10 in practice.
  minutes: 7,
};
