import { group } from "./azureNetwork.js";
import type { Breach, Rows } from "./cases.js";
import { resource, toBreaches } from "./cases.js";

const collection = "collections.ruleCollections.0.rules";
const roles = `${group}/providers/Microsoft.Authorization/roleDefinitions`;
const open = {
  access: "Allow",
  direction: "Inbound",
  protocol: "Tcp",
  sourceAddressPrefix: "Internet",
  destinationAddressPrefix: "*",
  destinationPortRange: "443",
};

/** Changes of the good stack that break the policies on who may reach and do what. */
const rows: Rows = {
  "ingress-ports": [
    ["gateway-in", /internet may reach "tcp" "22"/, { set: { "gateway-in.destinationPortRanges": ["22"] } }],
    ["gateway-in", /"443", "3389"/, { set: { "gateway-in.destinationPortRanges": ["443", "3389"] } }],
    ["gateway-in", /may reach "\*"/, { set: { "gateway-in.protocol": "*" } }],
    [
      "gateway-in",
      /198\.51\.100\.7 may reach/,
      {
        set: { "gateway-in.sourceAddressPrefix": "198.51.100.7", "gateway-in.destinationPortRange": "8443" },
      },
    ],
    [
      "gateway-group",
      /azurecloud may reach/,
      { set: { "gateway-group.securityRules.1.sourceAddressPrefix": "AzureCloud" } },
    ],
    [
      "node-group",
      /no application gateway's subnet/,
      {
        add: [
          resource("azure-native:network:SecurityRule", "extra", {
            ...open,
            networkSecurityGroupName: "node",
          }),
        ],
      },
    ],
    ["gateway-group", /no application gateway's subnet/, { drop: ["gateway"] }],
    ["gateway", /on port 8080/, { set: { "gateway.frontendPorts.0.port": 8080 } }],
    ["collections", /by the egress firewall/, { set: { [`${collection}.0.ruleType`]: "NatRule" } }],
    [
      "interface",
      /public address/,
      { set: { "interface.ipConfigurations.0.publicIPAddress": { id: "/address" } } },
    ],
    [
      "machines",
      /public address/,
      {
        set: {
          "machines.virtualMachineProfile.networkProfile.networkInterfaceConfigurations.0.ipConfigurations.0.publicIPAddressConfiguration":
            { name: "public" },
        },
      },
    ],
    ["gpu", /public addresses/, { set: { "gpu.enableNodePublicIP": true } }],
    ["cluster", /public addresses/, { set: { "cluster.agentPoolProfiles.0.enableNodePublicIP": true } }],
  ],
  "ingress-guarded": [
    ["gateway", /no firewallPolicy/, { set: { "gateway.firewallPolicy": undefined } }],
    ["gateway", /"Standard_v2", which takes no WAF/, { set: { "gateway.sku.tier": "Standard_v2" } }],
    ["waf", /state is "Disabled"/, { set: { "waf.policySettings.state": "Disabled" } }],
    ["waf", /mode is "Detection"/, { set: { "waf.policySettings.mode": "Detection" } }],
    ["waf", /no rule set/, { set: { "waf.managedRules.managedRuleSets": [] } }],
    [
      "internal",
      /takes no WAF policy/,
      { set: { "internal.frontendIPConfigurations.0.publicIPAddress": { id: "/address" } } },
    ],
  ],
  "named-paths": [
    ["node-group", /protocol "\*"/, { set: { "node-group.securityRules.0.protocol": "*" } }],
    [
      "node-group",
      /ports "1-65535"/,
      { set: { "node-group.securityRules.0.destinationPortRange": "1-65535" } },
    ],
    [
      "node-group",
      /names no port/,
      { set: { "node-group.securityRules.0.destinationPortRange": undefined } },
    ],
    [
      "node-group",
      /inbound rule is for ports "\*"/,
      { set: { "node-group.securityRules.1.sourceAddressPrefixes": ["10.244.0.0/16"] } },
    ],
    [
      "node-group",
      /outbound rule names no peer/,
      { set: { "node-group.securityRules.2.destinationApplicationSecurityGroups": [] } },
    ],
    ["gateway-in", /inbound rule names no peer/, { set: { "gateway-in.sourceAddressPrefix": "*" } }],
    [
      "node-group",
      /anywhere at port "123"/,
      { set: { "node-group.securityRules.0.destinationPortRange": "123" } },
    ],
    [
      "gateway-group",
      /ports "65200-65535"/,
      { set: { "gateway-group.securityRules.1.sourceAddressPrefix": "VirtualNetwork" } },
    ],
    ["collections", /"tunnel" names no source/, { set: { [`${collection}.0.sourceAddresses`]: ["*"] } }],
    ["collections", /"tunnel" is for protocol "any"/, { set: { [`${collection}.0.ipProtocols`]: ["Any"] } }],
    ["collections", /"tunnel" is for ports "\*"/, { set: { [`${collection}.0.destinationPorts`]: ["*"] } }],
    ["collections", /"tunnel" names no peer/, { set: { [`${collection}.0.destinationAddresses`]: [] } }],
    ["collections", /"tunnel" leads anywhere/, { set: { [`${collection}.0.destinationAddresses`]: ["*"] } }],
    ["collections", /"providers" is for every host/, { set: { [`${collection}.2.targetFqdns`]: ["*"] } }],
    [
      "collections",
      /"aks" is for every host/,
      { set: { [`${collection}.1.fqdnTags`]: undefined, [`${collection}.1.webCategories`]: ["News"] } },
    ],
    ["collections", /"providers" leads to port 80/, { set: { [`${collection}.2.protocols.0.port`]: 80 } }],
  ],
  "deny-by-default": [
    ["node-group", /closes the group's inbound/, { drop: ["node-closed-in"] }],
    ["node-group", /closes the group's outbound/, { set: { "node-closed-out.destinationPortRange": "22" } }],
    [
      "gateway-group",
      /closes the group's inbound/,
      { set: { "gateway-group.securityRules.0.access": "Allow" } },
    ],
    ["node-subnet", /no network security group/, { set: { "node-subnet.networkSecurityGroup": undefined } }],
    ["node-subnet", /defaultOutboundAccess/, { set: { "node-subnet.defaultOutboundAccess": undefined } }],
    ["cluster", /does not enforce/, { set: { "cluster.networkProfile.networkPolicy": undefined } }],
  ],
  "least-privilege": [
    ...(
      [
        ["Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"],
        ["Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"],
        ["User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"],
      ] as const
    ).map(([role, id]): Rows[string][number] => [
      "assignment",
      new RegExp(`^${role} is assigned`),
      { set: { "assignment.roleDefinitionId": `${roles}/${id}` } },
    ]),
    ["assignment", /counts for all of/, { set: { "assignment.scope": group } }],
    ["assignment", /counts for all of/, { set: { "assignment.scope": "/subscriptions/0000" } }],
    [
      "definition",
      /Microsoft\.Network\/\*/,
      { set: { "definition.permissions.0.actions": ["Microsoft.Network/*"] } },
    ],
    ["definition", /allows \*/, { set: { "definition.permissions.0.dataActions": ["*"] } }],
    ["vault", /enableRbacAuthorization/, { set: { "vault.properties.enableRbacAuthorization": false } }],
  ],
  "named-principals": [
    ["credential", /subject is "\*"/, { set: { "credential.subject": "*" } }],
    ["credential", /issuer is "http:/, { set: { "credential.issuer": "http://example.com" } }],
    ["credential", /audiences lacks/, { set: { "credential.audiences": ["api"] } }],
    ["cluster", /disableLocalAccounts/, { set: { "cluster.disableLocalAccounts": undefined } }],
    ["cluster", /aadProfile\.managed/, { set: { "cluster.aadProfile": undefined } }],
    ["registry", /adminUserEnabled/, { set: { "registry.adminUserEnabled": true } }],
    ["registry", /anonymousPullEnabled/, { set: { "registry.anonymousPullEnabled": true } }],
  ],
  "instance-identity": [
    ["cluster", /oidcIssuerProfile/, { set: { "cluster.oidcIssuerProfile.enabled": false } }],
    ["cluster", /workloadIdentity/, { set: { "cluster.securityProfile": undefined } }],
    ["cluster", /podIdentityProfile/, { set: { "cluster.podIdentityProfile": { enabled: true } } }],
    ["cluster", /a password on every node/, { set: { "cluster.servicePrincipalProfile.clientId": "app" } }],
  ],
  "private-control-plane": [
    ["cluster", /open to everybody/, { set: { "cluster.apiServerAccessProfile": undefined } }],
    [
      "cluster",
      /open to "0\.0\.0\.0\/0"/,
      { set: { "cluster.apiServerAccessProfile.authorizedIPRanges": ["0.0.0.0/0"] } },
    ],
  ],
  "pinned-versions": [
    ["cluster", /kubernetesVersion is not set/, { set: { "cluster.kubernetesVersion": undefined } }],
    [
      "cluster",
      /upgradeChannel is "rapid"/,
      { set: { "cluster.autoUpgradeProfile.upgradeChannel": "rapid" } },
    ],
  ],
};

export const azureAccessBreaches: Breach[] = toBreaches(rows);
