import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Provider, WorldObject } from "../behaviour.js";
import { arn, ec2Id, oneOf, refuseUnless, text, texts } from "./common.js";
import type { Place } from "./common.js";
import { theOnly } from "./ec2Queries.js";
import { placed } from "./outputs.js";
import { toVpc, type } from "./references.js";

const optionsType = "aws:ec2/vpcDhcpOptions:VpcDhcpOptions";

/** The set that every VPC of an account begins with: the VPC's own resolver answers. */
export const ownOptions = ({ world }: Place) => `dopt-0${world.account.padStart(16, "0")}`;

const optionsId = (context: Context) => context.current?.id ?? ec2Id(context, "dopt");

const options: Behaviour = {
  source: "EC2 CreateDhcpOptions, DeleteDhcpOptions; provider docs of aws.ec2.VpcDhcpOptions",
  replaces: [
    ...["domainName", "domainNameServers", "ipv6AddressPreferredLeaseTime"],
    ...["netbiosNameServers", "netbiosNodeType", "ntpServers"],
  ],
  check: (inputs) => oneOf(inputs, "netbiosNodeType", ["1", "2", "4", "8"]),
  admit: (inputs) => {
    for (const each of ["domainNameServers", "ntpServers", "netbiosNameServers"])
      refuseUnless(
        texts(inputs, each).length <= 4,
        "InvalidParameterValue",
        `At most four ${each} can be specified`,
      );
  },
  id: (_, context) => optionsId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `dhcp-options/${optionsId(context)}`),
    ownerId: context.world.account,
  }),
  inUse: ({ id }) =>
    new CloudError("DependencyViolation", `The dhcpOptions '${id}' has dependencies and cannot be deleted.`),
};

const association: Behaviour = {
  source: "EC2 AssociateDhcpOptions; provider docs of aws.ec2.VpcDhcpOptionsAssociation",
  required: ["dhcpOptionsId", "vpcId"],
  replaces: ["vpcId"],
  references: {
    vpcId: toVpc,
    dhcpOptionsId: {
      types: [optionsType],
      code: "InvalidDhcpOptionsID.NotFound",
      message: (id) => `The dhcpOption ID '${id}' does not exist`,
      except: /^(default|dopt-0{5}\d{12})$/,
    },
  },
  id: (inputs) => `${text(inputs, "dhcpOptionsId")}-${text(inputs, "vpcId")}`,
  // A VPC has one set: a second association takes the first one's place.
  after: ({ inputs }, { world }) =>
    world.amend(type.vpc, String(inputs.vpcId), { dhcpOptionsId: inputs.dhcpOptionsId }),
  // What EC2 calls "default" is no options at all.
  afterDelete: ({ inputs }, { world }) =>
    world.amend(type.vpc, String(inputs.vpcId), { dhcpOptionsId: "default" }),
};

const kind = {
  name: "EC2 DHCP Options Set",
  type: optionsType,
  args: { dhcpOptionsId: "dhcp-options-id" },
  filters: { "dhcp-options-id": ({ id }: WorldObject) => [id] },
};

export const ec2Dhcp: Provider = {
  types: {
    [optionsType]: options,
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": association,
  },
  invokes: {
    "aws:ec2/getVpcDhcpOptions:getVpcDhcpOptions": (args, context) => {
      const { region } = context;
      const own = ownOptions(context);
      const given = args.dhcpOptionsId === own;
      const found = given ? undefined : theOnly(kind, args, context);
      const id = found?.id ?? own;
      return {
        arn: arn(context, "ec2", `dhcp-options/${id}`),
        domainName: given ? (region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`) : "",
        domainNameServers: given ? ["AmazonProvidedDNS"] : [],
        ipv6AddressPreferredLeaseTime: "",
        netbiosNameServers: [],
        netbiosNodeType: "",
        ntpServers: [],
        tags: {},
        ...found?.state,
        id,
        dhcpOptionsId: id,
        ownerId: context.world.account,
        region,
      };
    },
  },
};
