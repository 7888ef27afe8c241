import { denials } from "./awsStack.js";
import type { Breach, Rows } from "./cases.js";
import { document, resource, toBreaches } from "./cases.js";

const anyone = { Sid: "Any", Principal: "*", Resource: "*" };
const open = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const statement = (rest: Record<string, unknown>) =>
  document({ Sid: "S", Resource: "arn:aws:s3:::b/*", ...rest });

/** Changes of the good stack that break the policies on who may reach and do what. */
const rows: Rows = {
  "ingress-ports": [
    [
      "alb-in",
      /0\.0\.0\.0\/0 may reach "tcp" 22 to 22/,
      { set: { "alb-in.fromPort": 22, "alb-in.toPort": 22 } },
    ],
    ["alb-in", /80 to 443/, { set: { "alb-in.fromPort": 80 } }],
    ["alb-in", /"-1"/, { set: { "alb-in.ipProtocol": "-1" } }],
    [
      "alb-in",
      /::\/0 may reach/,
      { set: { "alb-in.cidrIpv4": undefined, "alb-in.cidrIpv6": "::/0", "alb-in.toPort": 444 } },
    ],
    [
      "node-group",
      /128\.0\.0\.0\/1 may reach/,
      { set: { "node-group.ingress.0.cidrBlocks": ["128.0.0.0/1"] } },
    ],
    [
      "node-group",
      /no load balancer's/,
      { add: [resource(ingressRule, "extra", { ...open, securityGroupId: "sg-node" })] },
    ],
    [
      "old-rule",
      /3389/,
      {
        add: [
          resource("aws:ec2/securityGroupRule:SecurityGroupRule", "old-rule", {
            type: "ingress",
            protocol: "tcp",
            fromPort: 3389,
            toPort: 3389,
            cidrBlocks: ["198.51.100.0/24"],
          }),
        ],
      },
    ],
    ["acl", /"-1" 0 to 0/, { set: { "acl.ingress.2.cidrBlock": "0.0.0.0/0" } }],
    ["acl-rule", /22 to 22/, { set: { "acl-rule.fromPort": 22, "acl-rule.toPort": 22 } }],
    ["http", /on port 8080/, { set: { "http.port": 8080 } }],
    ["nodes", /port 22 to everybody/, { set: { "nodes.remoteAccess": { ec2SshKey: "k" } } }],
    [
      "template",
      /public addresses/,
      { set: { "template.networkInterfaces": [{ associatePublicIpAddress: "true" }] } },
    ],
  ],
  "ingress-guarded": [
    ["alb", /no web ACL/, { drop: ["waf"] }],
    ["alb", /takes no web ACL/, { set: { "alb.loadBalancerType": "network" } }],
  ],
  "named-paths": [
    ["store-in", /protocol "-1"/, { set: { "store-in.ipProtocol": "-1" } }],
    ["store-in", /ports 0 to 65535/, { set: { "store-in.fromPort": 0, "store-in.toPort": 65535 } }],
    ["store-in", /names no port/, { set: { "store-in.fromPort": undefined, "store-in.toPort": undefined } }],
    ["store-in", /names no peer/, { set: { "store-in.referencedSecurityGroupId": undefined } }],
    ["node-out", /anywhere at port 80/, { set: { "node-out.fromPort": 80, "node-out.toPort": 80 } }],
  ],
  "deny-by-default": [
    [
      "default",
      /has rules/,
      { set: { "default.ingress": [{ protocol: "tcp", fromPort: 443, toPort: 443, self: true }] } },
    ],
    ["vpc", /as AWS made it/, { drop: ["default"] }],
    ["cni", /does not enforce/, { set: { "cni.configurationValues": undefined } }],
  ],
  "least-privilege": [
    ["role-policy", /"S" allows \*;/, { set: { "role-policy.policy": statement({ Action: "*" }) } }],
    ["role-policy", /allows s3:\*/, { set: { "role-policy.policy": statement({ Action: ["s3:*"] }) } }],
    [
      "role-policy",
      /kms:Decrypt on \*/,
      { set: { "role-policy.policy": statement({ Action: "kms:Decrypt", Resource: "*" }) } },
    ],
    [
      "role-policy",
      /on arn:aws:kms:us-east-1:123456789012:key\/\*/,
      {
        set: {
          "role-policy.policy": statement({
            Action: "kms:Decrypt",
            Resource: ["arn:aws:kms:us-east-1:123456789012:key/*"],
          }),
        },
      },
    ],
    [
      "role-policy",
      /on arn:aws:s3:::\*/,
      { set: { "role-policy.policy": statement({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }) } },
    ],
    ["role-policy", /by NotAction/, { set: { "role-policy.policy": statement({ NotAction: "iam:*" }) } }],
    [
      "attachment",
      /AmazonBedrockFullAccess/,
      { set: { "attachment.policyArn": "arn:aws:iam::aws:policy/AmazonBedrockFullAccess" } },
    ],
    [
      "attachments",
      /AdministratorAccess/,
      { set: { "attachments.policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"] } },
    ],
    [
      "role",
      /PowerUserAccess/,
      { set: { "role.managedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"] } },
    ],
    ["role", /allows \*/, { set: { "role.inlinePolicies": [{ policy: statement({ Action: "*" }) }] } }],
  ],
  "named-principals": [
    [
      "role",
      /anybody take the role/,
      { set: { "role.assumeRolePolicy": document({ ...anyone, Action: "sts:AssumeRole" }) } },
    ],
    [
      "role",
      /every pod/,
      {
        set: {
          "role.assumeRolePolicy": document({
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: "sts:AssumeRole",
          }),
        },
      },
    ],
    [
      "role",
      /everybody of an identity provider/,
      {
        set: {
          "role.assumeRolePolicy": document({
            Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/p" },
            Action: "sts:AssumeRoleWithWebIdentity",
          }),
        },
      },
    ],
    ["key", /for anybody/, { set: { "key.policy": document({ ...anyone, Action: "kms:Decrypt" }) } }],
    [
      "key",
      /for anybody/,
      {
        set: {
          "key.policy": document({
            ...anyone,
            Action: "kms:Decrypt",
            Condition: { StringNotEquals: { "aws:PrincipalAccount": "1" } },
          }),
        },
      },
    ],
    [
      "key",
      /allows kms:\*/,
      {
        set: {
          "key.policy": document({
            Principal: { AWS: "arn:aws:iam::123456789012:role/r" },
            Action: "kms:*",
            Resource: "*",
          }),
        },
      },
    ],
    [
      "endpoint",
      /anybody and everything/,
      { set: { "endpoint.policy": document({ ...anyone, Action: "*" }) } },
    ],
    ["endpoint", /has no policy/, { set: { "endpoint.policy": undefined } }],
    [
      "bucket-policy",
      /for anybody/,
      { set: { "bucket-policy.policy": document(...denials, { ...anyone, Action: "s3:GetObject" }) } },
    ],
    [
      "log-policy",
      /all but some/,
      {
        set: {
          "log-policy.policyDocument": document({
            NotPrincipal: { AWS: "1" },
            Action: "logs:PutLogEvents",
            Resource: "*",
          }),
        },
      },
    ],
  ],
  "instance-identity": [
    ["template", /httpTokens is "optional"/, { set: { "template.metadataOptions.httpTokens": "optional" } }],
    ["template", /HopLimit is 2/, { set: { "template.metadataOptions.httpPutResponseHopLimit": 2 } }],
    ["nodes", /no launch template/, { set: { "nodes.launchTemplate": undefined } }],
  ],
  "private-control-plane": [
    ["cluster", /open to "0\.0\.0\.0\/0"/, { set: { "cluster.vpcConfig.publicAccessCidrs": ["0.0.0.0/0"] } }],
    ["cluster", /open to everybody/, { set: { "cluster.vpcConfig.publicAccessCidrs": undefined } }],
    [
      "cluster",
      /endpointPrivateAccess is off/,
      { set: { "cluster.vpcConfig.endpointPrivateAccess": false } },
    ],
  ],
  "pinned-versions": [
    ["cni", /addonVersion is not set/, { set: { "cni.addonVersion": undefined } }],
    ["cluster", /version is not set/, { set: { "cluster.version": undefined } }],
  ],
};

export const awsAccessBreaches: Breach[] = toBreaches(rows);
