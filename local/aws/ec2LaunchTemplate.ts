import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arn,
  at,
  ec2Id,
  exactlyOne,
  inRange,
  isTrue,
  matches,
  number,
  oneOf,
  refuseUnless,
  text,
} from "./common.js";
import { placed } from "./outputs.js";
import { toSecurityGroup, type } from "./references.js";

const templateId = (context: Context) => context.current?.id ?? ec2Id(context, "lt");

const launchTemplate: Behaviour = {
  source: "EC2 CreateLaunchTemplate, CreateLaunchTemplateVersion; provider docs of aws.ec2.LaunchTemplate",
  autoName: { property: "name", max: 128 },
  replaces: ["name", "namePrefix"],
  check: (inputs) => [
    ...matches(inputs, "name", /^[A-Za-z0-9()./_-]{3,128}$/, "3 to 128 letters, digits and ()./_-"),
    ...exactlyOne(inputs, ["instanceType", "instanceRequirements"], false),
    ...exactlyOne(inputs, ["defaultVersion", "updateDefaultVersion"], false),
    ...oneOf(inputs, "metadataOptions.httpTokens", ["optional", "required"]),
    ...oneOf(inputs, "metadataOptions.httpEndpoint", ["enabled", "disabled"]),
    ...oneOf(inputs, "metadataOptions.instanceMetadataTags", ["enabled", "disabled"]),
    ...inRange(inputs, "metadataOptions.httpPutResponseHopLimit", 1, 64),
    ...oneOf(inputs, "blockDeviceMappings[].ebs.volumeType", [
      "standard",
      "io1",
      "io2",
      "gp2",
      "gp3",
      "sc1",
      "st1",
    ]),
    ...inRange(inputs, "blockDeviceMappings[].ebs.volumeSize", 1, 65536),
    ...oneOf(inputs, "instanceInitiatedShutdownBehavior", ["stop", "terminate"]),
  ],
  references: {
    "vpcSecurityGroupIds[]": toSecurityGroup,
    "networkInterfaces[].securityGroups[]": toSecurityGroup,
  },
  unique: (inputs) => text(inputs, "name"),
  taken: () =>
    new CloudError(
      "InvalidLaunchTemplateName.AlreadyExistsException",
      "Launch template name already in use.",
    ),
  admit: (inputs) => {
    const data = text(inputs, "userData") ?? "";
    refuseUnless(
      Buffer.from(data, "base64").toString("base64") === data,
      "InvalidUserData.Malformed",
      "Invalid BASE64 encoding of user data.",
    );
    refuseUnless(
      at(inputs, "vpcSecurityGroupIds[]").length === 0 ||
        at(inputs, "networkInterfaces[].securityGroups[]").length === 0,
      "InvalidParameterCombination",
      "Network interfaces and an instance-level security groups may not be specified on the same request",
    );
  },
  id: (_, context) => templateId(context),
  outputs: (inputs, context) => {
    const { current } = context;
    const before = number(current?.state, "latestVersion") ?? 0;
    // A version holds everything but the template's own tags and which version is the default.
    const content = (all: Props) =>
      JSON.stringify({ ...all, tags: undefined, updateDefaultVersion: undefined, defaultVersion: undefined });
    const latestVersion =
      current !== undefined && content(current.inputs) === content(inputs) ? before : before + 1;
    return {
      ...placed(inputs, context),
      arn: arn(context, "ec2", `launch-template/${templateId(context)}`),
      latestVersion,
      defaultVersion: isTrue(inputs, "updateDefaultVersion")
        ? latestVersion
        : (number(inputs, "defaultVersion") ?? number(current?.state, "defaultVersion") ?? 1),
    };
  },
  volatile: ["latestVersion", "defaultVersion"],
};

export const ec2LaunchTemplate: Provider = { types: { [type.launchTemplate]: launchTemplate }, invokes: {} };
