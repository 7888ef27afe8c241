import type { Props, Reference } from "../behaviour.js";
import { lookupBy, number, objects, oneOf, refuseUnless, text } from "./common.js";
import type { Failure, Place } from "./common.js";
import { type } from "./references.js";

/** Actions of a listener or a rule. Source: ELBv2 types Action, RedirectActionConfig, FixedResponseActionConfig. */
export const toTargetGroup: Reference = {
  types: [type.targetGroup],
  by: "arn",
  code: "TargetGroupNotFound",
  message: (id) => `Target groups '${id}' not found`,
};

export function actionReferences(path: string): Record<string, Reference> {
  return {
    [`${path}[].targetGroupArn`]: toTargetGroup,
    [`${path}[].forward.targetGroups[].arn`]: toTargetGroup,
  };
}

const kinds = [
  "forward",
  "redirect",
  "fixed-response",
  "authenticate-cognito",
  "authenticate-oidc",
  "jwt-validation",
];

export function checkActions(inputs: Props, path: string): Failure[] {
  return [
    ...oneOf(inputs, `${path}[].type`, kinds),
    ...oneOf(inputs, `${path}[].redirect.statusCode`, ["HTTP_301", "HTTP_302"]),
    ...oneOf(inputs, `${path}[].redirect.protocol`, ["#{protocol}", "HTTP", "HTTPS"]),
    ...oneOf(inputs, `${path}[].fixedResponse.contentType`, [
      "text/plain",
      "text/css",
      "text/html",
      "application/javascript",
      "application/json",
    ]),
    ...objects(inputs, path).flatMap((action, i): Failure[] => {
      const needed: Record<string, string[]> = {
        forward: ["targetGroupArn", "forward"],
        redirect: ["redirect"],
        "fixed-response": ["fixedResponse"],
      };
      const options = needed[text(action, "type") ?? ""] ?? [];
      const holds = options.length === 0 || options.some((option) => action[option] !== undefined);
      return holds
        ? []
        : [
            {
              property: `${path}[${i}]`,
              reason: `${options.join(" or ")} must be specified when type is ${text(action, "type")}`,
            },
          ];
    }),
  ];
}

/** Target groups that the actions forward to. */
export function targetsOf(inputs: Props, path: string): string[] {
  return objects(inputs, path).flatMap((action) =>
    [
      text(action, "targetGroupArn"),
      ...objects(action, "forward.targetGroups").map((each) => text(each, "arn")),
    ].filter((each) => each !== undefined),
  );
}

/** The load balancers that forward to a target group, by a listener or a rule. */
function balancersOf(target: string, { world, region }: Place): string[] {
  const listeners = world.list(type.listener, region);
  const direct = listeners.filter(({ inputs }) => targetsOf(inputs, "defaultActions").includes(target));
  const byRule = world
    .list(type.listenerRule, region)
    .filter(({ inputs }) => targetsOf(inputs, "actions").includes(target))
    .flatMap(({ inputs }) => listeners.filter(({ id }) => id === inputs.listenerArn));
  return [...direct, ...byRule].map(({ inputs }) => text(inputs, "loadBalancerArn") ?? "");
}

/** What ELB refuses about actions, on a listener of this protocol and port. */
export function admitActions(
  inputs: Props,
  path: string,
  balancer: Props | undefined,
  listener: Props,
  context: Place,
): void {
  for (const action of objects(inputs, path)) {
    for (const redirect of objects(action, "redirect")) {
      const protocol = text(redirect, "protocol") ?? "#{protocol}";
      const port = text(redirect, "port") ?? "#{port}";
      const same =
        ["#{protocol}", text(listener, "protocol")].includes(protocol) &&
        ["#{port}", text(listener, "port")].includes(port) &&
        ["/#{path}", undefined].includes(text(redirect, "path")) &&
        ["#{host}", undefined].includes(text(redirect, "host")) &&
        ["#{query}", undefined].includes(text(redirect, "query"));
      refuseUnless(
        !same,
        "InvalidLoadBalancerAction",
        "The redirect configuration is not valid because it creates a loop.",
      );
    }
    for (const response of objects(action, "fixedResponse")) {
      const code = number(response, "statusCode") ?? 0;
      refuseUnless(
        (code >= 200 && code < 300) || (code >= 400 && code < 600),
        "ValidationError",
        `The status code '${code}' of a fixed response must be 2XX, 4XX or 5XX`,
      );
      refuseUnless(
        (text(response, "messageBody") ?? "").length <= 1024,
        "ValidationError",
        "The message body must be at most 1024 characters",
      );
    }
  }
  for (const target of targetsOf(inputs, path)) {
    const group = lookupBy(context, type.targetGroup, "arn", target)?.state;
    refuseUnless(
      group === undefined || group.vpcId === balancer?.vpcId,
      "ValidationError",
      `The target group '${target}' is not in the VPC of the load balancer`,
    );
    const http = ["HTTP", "HTTPS"].includes(text(group, "protocol") ?? "HTTP");
    refuseUnless(
      http === (balancer?.loadBalancerType === "application"),
      "InvalidConfigurationRequest",
      `Listener protocol '${text(listener, "protocol")}' is not supported with a target group with the protocol '${text(group, "protocol")}'`,
    );
    const others = balancersOf(target, context).filter((each) => each !== balancer?.arn);
    refuseUnless(
      others.length === 0,
      "TargetGroupAssociationLimit",
      `The following target groups cannot be associated with more than one load balancer: ${target}`,
    );
  }
}
