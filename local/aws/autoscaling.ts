import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import { lookup, objects, refuseUnless, text } from "./common.js";
import { type } from "./references.js";

/**
 * Groups themselves are made by EKS for its node groups (see eksNodes.ts); a program adds tags to them,
 * which the cluster autoscaler reads.
 */
const tag: Behaviour = {
  source: "Auto Scaling CreateOrUpdateTags; provider docs of aws.autoscaling.Tag",
  required: ["autoscalingGroupName", "tag", "tag.key", "tag.value", "tag.propagateAtLaunch"],
  replaces: ["autoscalingGroupName", "tag.key"],
  unique: (inputs) => `${text(inputs, "autoscalingGroupName") ?? ""},${text(inputs, "tag.key") ?? ""}`,
  admit: (inputs, context) => {
    const group = text(inputs, "autoscalingGroupName") ?? "";
    const [given] = objects(inputs, "tag");
    refuseUnless(
      lookup(context, type.autoscalingGroup, group) !== undefined,
      "ValidationError",
      `Resource type auto-scaling-group with id ${group} was not found`,
    );
    if ((text(given, "key") ?? "").startsWith("aws:"))
      throw new CloudError(
        "ValidationError",
        "aws: prefixed tag key names are not allowed for external use.",
      );
  },
  id: (inputs) => `${text(inputs, "autoscalingGroupName") ?? ""},${text(inputs, "tag.key") ?? ""}`,
  outputs: (_, context) => ({ region: context.region }),
};

export const autoscaling: Provider = { types: { "aws:autoscaling/tag:Tag": tag }, invokes: {} };
