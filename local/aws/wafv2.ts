import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider, Reference } from "../behaviour.js";
import {
  arn,
  at,
  isCidr,
  lookupBy,
  matches,
  objects,
  oneOf,
  prefixLength,
  refuseUnless,
  text,
  uuid,
} from "./common.js";
import { placed } from "./outputs.js";
import { type } from "./references.js";
import { admitRules, capacityOf, checkRules, ipSetPaths } from "./wafv2Rules.js";

const webAclType = "aws:wafv2/webAcl:WebAcl";
const ipSetType = "aws:wafv2/ipSet:IpSet";

const taken = () =>
  new CloudError(
    "WAFDuplicateItemException",
    "AWS WAF couldn't perform the operation because some resource in your request is a duplicate of an existing one.",
  );
const inUse = () =>
  new CloudError(
    "WAFAssociatedItemException",
    "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's associated with another resource.",
  );
const missing = (token: string): Reference => ({
  types: [token],
  by: "arn",
  code: "WAFNonexistentItemException",
  message: (id) => `AWS WAF couldn't perform the operation because your resource doesn't exist: ${id}`,
});

const named = (inputs: Props) => [
  ...matches(inputs, "name", /^[\w-]{1,128}$/, "1 to 128 letters, digits, _ and -"),
  ...oneOf(inputs, "scope", ["CLOUDFRONT", "REGIONAL"]),
  ...matches(
    inputs,
    "description",
    /^[\w+=:#@/\-,.][\w+=:#@/\-,. ]{0,255}$/,
    "1 to 256 letters, digits, spaces and _+=:#@/-,.",
  ),
];

/** ARN of a web ACL or IP set. Source: WAF developer guide, ARN formats. */
function wafArn(context: Context, inputs: Props, kind: string, id: string): string {
  const folder = inputs.scope === "CLOUDFRONT" ? "global" : "regional";
  return arn(context, "wafv2", `${folder}/${kind}/${text(inputs, "name")}/${id}`);
}

const admitScope = (inputs: Props, { region }: Context) =>
  refuseUnless(
    inputs.scope !== "CLOUDFRONT" || region === "us-east-1",
    "WAFInvalidParameterException",
    "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
  );

const webAcl: Behaviour = {
  source:
    "WAFv2 CreateWebACL, CheckCapacity; WAF developer guide, web ACL capacity units; CloudFormation AWS::WAFv2::WebACL",
  required: ["defaultAction", "scope", "visibilityConfig"],
  autoName: { property: "name", max: 128 },
  replaces: ["name", "namePrefix", "scope"],
  check: (inputs) => [...named(inputs), ...checkRules(inputs)],
  references: Object.fromEntries(ipSetPaths.map((path) => [path, missing(ipSetType)])),
  unique: (inputs) => `${text(inputs, "scope")}/${text(inputs, "name")}`,
  taken,
  admit: (inputs, context) => {
    admitScope(inputs, context);
    admitRules(inputs);
  },
  id: (_, context) => context.current?.id ?? uuid(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: wafArn(context, inputs, "webacl", webAcl.id(inputs, context)),
    applicationIntegrationUrl: "",
    capacity: capacityOf(inputs),
    lockToken: uuid(context, `token ${context.now()}`),
  }),
  volatile: ["capacity", "lockToken"],
  inUse,
};

const ipSet: Behaviour = {
  source: "WAFv2 CreateIPSet; CloudFormation AWS::WAFv2::IPSet",
  required: ["ipAddressVersion", "scope"],
  autoName: { property: "name", max: 128 },
  replaces: ["ipAddressVersion", "name", "namePrefix", "scope"],
  check: (inputs) => [
    ...named(inputs),
    ...oneOf(inputs, "ipAddressVersion", ["IPV4", "IPV6"]),
    ...at(inputs, "addresses[]").flatMap((address) =>
      isCidr(String(address))
        ? []
        : [{ property: "addresses", reason: `"${String(address)}" is not a valid CIDR block` }],
    ),
  ],
  unique: (inputs) => `${text(inputs, "scope")}/${text(inputs, "name")}`,
  taken,
  admit: (inputs, context) => {
    admitScope(inputs, context);
    const addresses = at(inputs, "addresses[]").map(String);
    for (const address of addresses) {
      const right =
        address.includes(":") === (inputs.ipAddressVersion === "IPV6") && prefixLength(address) > 0;
      refuseUnless(
        right,
        "WAFInvalidParameterException",
        `Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, parameter: ${address}`,
      );
    }
    refuseUnless(
      addresses.length <= 10_000,
      "WAFLimitsExceededException",
      "An IP set holds at most 10000 addresses.",
    );
  },
  id: (_, context) => context.current?.id ?? uuid(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: wafArn(context, inputs, "ipset", ipSet.id(inputs, context)),
    lockToken: uuid(context, `token ${context.now()}`),
  }),
  volatile: ["lockToken"],
  inUse,
};

const webAclAssociation: Behaviour = {
  source:
    "WAFv2 AssociateWebACL (a second association of a resource takes the place of the first, without an error)",
  required: ["resourceArn", "webAclArn"],
  replaces: ["resourceArn", "webAclArn"],
  references: { webAclArn: missing(webAclType), resourceArn: missing(type.loadBalancer) },
  admit: (inputs, context) => {
    const balancer = lookupBy(context, type.loadBalancer, "arn", text(inputs, "resourceArn"));
    refuseUnless(
      balancer?.state.loadBalancerType === "application",
      "WAFInvalidParameterException",
      `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: ${text(inputs, "resourceArn")}`,
    );
  },
  // The provider's own form.
  id: (inputs) => `${text(inputs, "webAclArn")},${text(inputs, "resourceArn")}`,
  outputs: (_, { region }) => ({ region }),
};

const loggable =
  /^arn:[^:]+:(logs:[^:]*:[^:]*:log-group:|s3:::|firehose:[^:]*:[^:]*:deliverystream\/)aws-waf-logs-[^:]*$/;

const webAclLoggingConfiguration: Behaviour = {
  source:
    "WAFv2 PutLoggingConfiguration; WAF developer guide, logging destinations (names begin with aws-waf-logs-)",
  required: ["logDestinationConfigs", "resourceArn"],
  replaces: ["resourceArn"],
  check: (inputs) => [
    ...(Array.isArray(inputs.logDestinationConfigs) && inputs.logDestinationConfigs.length !== 1
      ? [{ property: "logDestinationConfigs", reason: "exactly one destination is supported" }]
      : []),
    ...oneOf(inputs, "loggingFilter.defaultBehavior", ["KEEP", "DROP"]),
    ...objects(inputs, "redactedFields").flatMap((field) =>
      Object.values(field).filter((each) => each !== undefined && each !== null).length === 1
        ? []
        : [
            {
              property: "redactedFields",
              reason: "each holds exactly one of method, queryString, singleHeader, uriPath",
            },
          ],
    ),
  ],
  references: {
    resourceArn: missing(webAclType),
    "logDestinationConfigs[]": {
      types: [type.logGroup, type.bucket],
      by: "arn",
      weak: true,
      code: "WAFNonexistentItemException",
      message: (id) => `AWS WAF couldn't perform the operation because your resource doesn't exist: ${id}`,
      except: /:firehose:/,
    },
  },
  admit: (inputs) => {
    for (const destination of at(inputs, "logDestinationConfigs[]").map(String)) {
      refuseUnless(
        loggable.test(destination),
        "WAFInvalidParameterException",
        `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: LOG_DESTINATION, parameter: ${destination}`,
      );
    }
    refuseUnless(
      objects(inputs, "redactedFields").length <= 100,
      "WAFLimitsExceededException",
      "A logging configuration holds at most 100 redacted fields.",
    );
  },
  id: (inputs) => text(inputs, "resourceArn") ?? "",
  outputs: (_, { region }) => ({ region }),
};

export const wafv2: Provider = {
  types: {
    [webAclType]: webAcl,
    [ipSetType]: ipSet,
    "aws:wafv2/webAclAssociation:WebAclAssociation": webAclAssociation,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": webAclLoggingConfiguration,
  },
  invokes: {},
};
