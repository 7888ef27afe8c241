import type { Behaviour, Provider } from "../behaviour.js";
import { exactlyOne, lookup, lookupBy, refuseUnless, text, texts } from "./common.js";
import { loadBalancer } from "./lbBalancer.js";
import { listener, listenerCertificate, listenerRule } from "./lbListener.js";
import { targetGroup } from "./lbTargetGroup.js";
import { type } from "./references.js";
import { toTargetGroup } from "./lbActions.js";

const attachment: Behaviour = {
  source:
    "Auto Scaling AttachLoadBalancerTargetGroups, AttachTrafficSources; provider docs of aws.autoscaling.Attachment",
  required: ["autoscalingGroupName"],
  replaces: ["autoscalingGroupName", "elb", "lbTargetGroupArn"],
  check: (inputs) => exactlyOne(inputs, ["elb", "lbTargetGroupArn"]),
  references: {
    autoscalingGroupName: {
      types: [type.autoscalingGroup],
      // A group that goes takes its attachments along.
      weak: true,
      code: "ValidationError",
      message: (name) => `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`,
    },
    lbTargetGroupArn: {
      ...toTargetGroup,
      weak: true,
      code: "ValidationError",
      message: (id) =>
        `Provided Target Groups may not be valid. Please ensure they exist and try again: ${id}`,
    },
    elb: { types: ["aws:elb/loadBalancer:LoadBalancer"], code: "ValidationError", by: "name" },
  },
  admit: (inputs, context) => {
    const group = lookupBy(context, type.targetGroup, "arn", text(inputs, "lbTargetGroupArn"));
    refuseUnless(
      group === undefined || group.state.targetType === "instance",
      "ValidationError",
      `Provided Target Groups must have target type 'instance': ${group?.id}`,
    );
    const nodes = lookup(context, type.autoscalingGroup, text(inputs, "autoscalingGroupName"));
    const network = lookup(context, type.subnet, texts(nodes?.state, "vpcZoneIdentifiers")[0])?.state.vpcId;
    refuseUnless(
      network === undefined || group === undefined || network === group.state.vpcId,
      "ValidationError",
      `The target group ${group?.id} and the Auto Scaling group ${nodes?.id} are in different VPCs`,
    );
  },
  // The provider's own form: the group's name and a suffix of its making.
  id: (inputs, context) =>
    context.current?.id ?? `${text(inputs, "autoscalingGroupName")}-${context.hex(26)}`,
  outputs: (_, { region }) => ({ region }),
};

export const lb: Provider = {
  types: {
    [type.loadBalancer]: loadBalancer,
    [type.targetGroup]: targetGroup,
    [type.listener]: listener,
    [type.listenerRule]: listenerRule,
    "aws:lb/listenerCertificate:ListenerCertificate": listenerCertificate,
    "aws:autoscaling/attachment:Attachment": attachment,
  },
  invokes: {},
};
