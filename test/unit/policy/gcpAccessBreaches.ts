import type { Breach, Rows } from "./cases.js";
import { resource, toBreaches } from "./cases.js";
import { workload } from "./gcpStack.js";

const rules = "egress.rules";
const bound = (role: string, member: string) => JSON.stringify({ bindings: [{ role, members: [member] }] });

/** Changes of the good stack that break the policies on who may reach and do what. */
const rows: Rows = {
  "ingress-ports": [
    ["classic", /0\.0\.0\.0\/0 may reach "tcp" "22"/, { set: { "classic.allows.0.ports": ["22"] } }],
    ["classic", /at every port/, { set: { "classic.allows.0.ports": undefined } }],
    ["classic", /may reach "udp"/, { set: { "classic.allows.0.protocol": "udp" } }],
    [
      "classic",
      /the internet may reach "tcp" "3389"/,
      { set: { "classic.sourceRanges": undefined, "classic.allows.0.ports": ["3389"] } },
    ],
    [
      "egress",
      /198\.51\.100\.0\/24 may reach "tcp" "30080"/,
      { set: { [`${rules}.0.match.srcIpRanges`]: ["198.51.100.0/24"] } },
    ],
    [
      "policy-rule",
      /the internet may reach "tcp" "8443"/,
      {
        set: {
          "policy-rule.match": {
            srcRegionCodes: ["DE"],
            layer4Configs: [{ ipProtocol: "tcp", ports: ["8443"] }],
          },
        },
      },
    ],
    ["address", /takes port "8080"/, { set: { "address.portRange": "8080" } }],
    ["address", /takes every port/, { set: { "address.portRange": undefined } }],
    ["internal", /takes port "all"/, { set: { "internal.loadBalancingScheme": "EXTERNAL" } }],
    ["instance", /public address/, { set: { "instance.networkInterfaces.0.accessConfigs": [{}] } }],
    ["nodes", /public addresses/, { set: { "nodes.networkConfig.enablePrivateNodes": false } }],
    ["cluster", /public addresses/, { set: { "cluster.privateClusterConfig": undefined } }],
  ],
  "ingress-guarded": [
    ["backend", /no securityPolicy/, { set: { "backend.securityPolicy": "" } }],
    ["backend", /speaks "TCP"/, { set: { "backend.protocol": "TCP" } }],
    [
      "internal-backend",
      /no securityPolicy/,
      { set: { "internal-backend.loadBalancingScheme": "EXTERNAL_MANAGED" } },
    ],
    ["internal", /passes packets on/, { set: { "internal.loadBalancingScheme": "EXTERNAL" } }],
    ["armor", /none of Google's rule sets/, { set: { "armor.rules.0.preview": true } }],
    ["apart", /none of Google's rule sets/, { drop: ["apart-rule"] }],
  ],
  "named-paths": [
    ["egress", /protocol "all"/, { set: { [`${rules}.3.match.layer4Configs`]: [{ ipProtocol: "all" }] } }],
    ["egress", /ports "1-65535"/, { set: { [`${rules}.3.match.layer4Configs.0.ports`]: ["1-65535"] } }],
    ["egress", /names no port/, { set: { [`${rules}.3.match.layer4Configs.0.ports`]: [] } }],
    ["egress", /egress rule names no peer/, { set: { [`${rules}.4.disabled`]: false } }],
    ["egress", /names no port/, { set: { [`${rules}.2.match.layer4Configs`]: [{ ipProtocol: "tcp" }] } }],
    [
      "egress",
      /anywhere at port "80"/,
      {
        set: {
          [`${rules}.3.match`]: {
            destIpRanges: ["0.0.0.0/0"],
            layer4Configs: [{ ipProtocol: "tcp", ports: ["80"] }],
          },
        },
      },
    ],
    [
      "egress",
      /anywhere at port "8443"/,
      {
        set: {
          [`${rules}.3.match`]: {
            destNetworkContext: "INTERNET",
            layer4Configs: [{ ipProtocol: "tcp", ports: ["8443"] }],
          },
        },
      },
    ],
    ["classic", /ingress rule names no peer/, { set: { "classic.sourceRanges": [] } }],
  ],
  "deny-by-default": [
    ["network", /may leave the network/, { drop: ["association"] }],
    ["network", /may leave the network/, { set: { [`${rules}.5.match.destIpRanges`]: ["10.0.0.0/8"] } }],
    ["network", /may leave the network/, { set: { [`${rules}.5.disabled`]: true } }],
    ["network", /autoCreateSubnetworks/, { set: { "network.autoCreateSubnetworks": undefined } }],
    ["cluster", /does not enforce/, { set: { "cluster.datapathProvider": "LEGACY_DATAPATH" } }],
  ],
  "least-privilege": [
    ["member", /roles\/editor is granted/, { set: { "member.role": "roles/editor" } }],
    ["people", /roles\/owner is granted/, { set: { "people.role": "roles/owner" } }],
    [
      "member",
      /container\.admin is granted to a workload/,
      { set: { "member.role": "roles/container.admin" } },
    ],
    [
      "member",
      /networkAdmin is granted to a workload/,
      { set: { "member.role": "roles/compute.networkAdmin" } },
    ],
    ["bucket-member", /storage\.admin is granted/, { set: { "bucket-member.role": "roles/storage.admin" } }],
    ["reader", /on all of a project/, { set: { "reader.condition": undefined } }],
    [
      "member",
      /serviceAccountTokenCreator is granted on all/,
      { set: { "member.role": "roles/iam.serviceAccountTokenCreator" } },
    ],
    ["policy", /roles\/owner is granted/, { set: { "policy.policyData": bound("roles/owner", workload) } }],
    [
      "custom-role",
      /resourcemanager\.projects\.setIamPolicy/,
      { set: { "custom-role.permissions": ["resourcemanager.projects.setIamPolicy"] } },
    ],
    ["custom-role", /signJwt/, { set: { "custom-role.permissions": ["iam.serviceAccounts.signJwt"] } }],
    ["nodes", /default service account/, { set: { "nodes.nodeConfig.serviceAccount": undefined } }],
    ["by-address", /default service account/, { set: { "by-address.nodeConfig.serviceAccount": "default" } }],
    ["cluster", /enableLegacyAbac/, { set: { "cluster.enableLegacyAbac": true } }],
  ],
  "named-principals": [
    ["pods", /is for "allAuthenticatedUsers"/, { set: { "pods.member": "allAuthenticatedUsers" } }],
    ["binding", /is for "allUsers"/, { set: { "binding.members": [workload, "allUsers"] } }],
    [
      "extra",
      /is for "allUsers"/,
      {
        add: [
          resource("gcp:cloudrun/iamMember:IamMember", "extra", {
            role: "roles/run.invoker",
            member: "allUsers",
          }),
        ],
      },
    ],
    [
      "policy",
      /is for "principalSet:/,
      {
        set: {
          "policy.policyData": bound(
            "roles/run.invoker",
            "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/*",
          ),
        },
      },
    ],
    ["pool-provider", /attributeCondition/, { set: { "pool-provider.attributeCondition": undefined } }],
    [
      "cluster",
      /client certificate/,
      { set: { "cluster.masterAuth.clientCertificateConfig.issueClientCertificate": true } },
    ],
  ],
  "instance-identity": [
    [
      "nodes",
      /mode is "GCE_METADATA"/,
      { set: { "nodes.nodeConfig.workloadMetadataConfig.mode": "GCE_METADATA" } },
    ],
    ["nodes", /enableSecureBoot is off/, { set: { "nodes.nodeConfig.shieldedInstanceConfig": undefined } }],
    ["by-address", /mode is nothing/, { set: { "by-address.nodeConfig.workloadMetadataConfig": undefined } }],
    ["cluster", /workloadPool is nothing/, { set: { "cluster.workloadIdentityConfig": undefined } }],
    ["cluster", /enableShieldedNodes/, { set: { "cluster.enableShieldedNodes": false } }],
  ],
  "private-control-plane": [
    [
      "cluster",
      /open to everybody/,
      { set: { "cluster.controlPlaneEndpointsConfig.ipEndpointsConfig.enabled": true } },
    ],
    ["by-address", /open to everybody/, { set: { "by-address.masterAuthorizedNetworksConfig": undefined } }],
    [
      "by-address",
      /open to "0\.0\.0\.0\/0"/,
      { set: { "by-address.masterAuthorizedNetworksConfig.cidrBlocks": [{ cidrBlock: "0.0.0.0/0" }] } },
    ],
    [
      "by-address",
      /every machine in Google Cloud/,
      { set: { "by-address.masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled": true } },
    ],
  ],
  "pinned-versions": [
    ["cluster", /minMasterVersion is nothing/, { set: { "cluster.minMasterVersion": undefined } }],
    ["cluster", /minMasterVersion is "latest"/, { set: { "cluster.minMasterVersion": "latest" } }],
    ["cluster", /minor version change/, { set: { "cluster.maintenancePolicy": undefined } }],
  ],
};

export const gcpAccessBreaches: Breach[] = toBreaches(rows);
