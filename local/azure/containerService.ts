import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, Provider } from "../behaviour.js";
import {
  arm,
  armId,
  isObject,
  isTrue,
  nameOf,
  objects,
  oneOf,
  parentOf,
  plainLocation,
  refuseName,
  refuseUnless,
  resourceGroup,
  subscription,
  tenant,
  text,
  toArm,
  uuid,
} from "./common.js";
import { poolFailures, pools } from "./containerServicePools.js";
import { admitCluster } from "./containerServiceRules.js";
import { clusterType, poolType, versions, windowType } from "./containerServiceTypes.js";
import { diskEncryptionSetType } from "./diskEncryption.js";
import { identityType } from "./managedIdentity.js";
import { rangesOf } from "./containerServiceNetwork.js";
import { toSubnet, toWorkspace } from "./networkTypes.js";

const type = "Microsoft.ContainerService/managedClusters";

/** Parts of the network that no update changes. */
const fixedNetwork =
  "serviceCidr serviceCidrs dnsServiceIP networkMode networkPlugin networkPluginMode podCidr networkDataplane networkPolicy outboundType".split(
    " ",
  );

const cluster: Behaviour = arm({
  source:
    "Microsoft.ContainerService/managedClusters (Azure/bicep-types-az); Microsoft Learn, AKS; pulumi-azure-native, replacement.go",
  type,
  names: ["resourceName"],
  replaces: [
    "diskEncryptionSetID",
    "dnsPrefix",
    "fqdnSubdomain",
    "linuxProfile",
    "nodeResourceGroup",
    "windowsProfile",
    ...fixedNetwork.map((each) => `networkProfile.${each}`),
  ],
  check: (inputs) => [
    ...refuseName(
      inputs,
      "resourceName",
      /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/,
      "1 to 63 letters, digits, underscores and hyphens, with a letter or digit at both ends.",
    ),
    ...refuseName(
      inputs,
      "dnsPrefix",
      /^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/,
      "1 to 54 letters, digits and hyphens, with a letter or digit at both ends.",
    ),
    ...refuseName(
      inputs,
      "nodeResourceGroup",
      /^[\w().-]{1,80}$/,
      "1 to 80 characters of a resource group's name.",
    ),
    ...oneOf(inputs, "sku.name", ["Base", "Automatic"]),
    ...oneOf(inputs, "sku.tier", ["Free", "Standard", "Premium"]),
    ...oneOf(inputs, "identity.type", ["SystemAssigned", "UserAssigned", "None"]),
    ...oneOf(inputs, "networkProfile.outboundType", [
      "loadBalancer",
      "userDefinedRouting",
      "managedNATGateway",
      "userAssignedNATGateway",
      "none",
    ]),
    ...objects(inputs, "agentPoolProfiles").flatMap(poolFailures),
  ],
  references: {
    "agentPoolProfiles[].vnetSubnetID": toSubnet,
    "identity.userAssignedIdentities[]": toArm([identityType]),
    diskEncryptionSetID: toArm([diskEncryptionSetType]),
    "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID": toWorkspace,
  },
  admit: (inputs, context) => {
    admitCluster(inputs, context);
    const group = text(inputs, "nodeResourceGroup");
    refuseUnless(
      context.current !== undefined ||
        group === undefined ||
        !context.world.list(resourceGroup).some(({ id }) => nameOf(id) === group),
      "NodeResourceGroupAlreadyExists",
      `The node resource group '${group ?? ""}' exists already.`,
    );
  },
  outputs: (inputs, context) => {
    const state = context.current?.state;
    const location = plainLocation(text(inputs, "location") ?? "");
    const once = (property: string, make: () => string) => text(state, property) ?? make();
    const isPrivate = isTrue(inputs, "apiServerAccessProfile.enablePrivateCluster");
    const host = `${text(inputs, "dnsPrefix") ?? text(inputs, "resourceName") ?? ""}-${context.hex(8, "fqdn")}`;
    const given = text(inputs, "kubernetesVersion");
    return {
      // Without a public name for a private cluster, its private one is all there is.
      ...(!isPrivate && { fqdn: once("fqdn", () => `${host}.hcp.${location}.azmk8s.io`) }),
      ...(isPrivate && {
        privateFQDN: once(
          "privateFQDN",
          () => `${host}.${uuid(context, "zone")}.privatelink.${location}.azmk8s.io`,
        ),
      }),
      currentKubernetesVersion:
        given !== undefined && !text(state, "currentKubernetesVersion")?.startsWith(`${given}.`)
          ? (versions[given] ?? given)
          : (text(state, "currentKubernetesVersion") ?? versions["1.34"]),
      nodeResourceGroup:
        text(inputs, "nodeResourceGroup") ??
        `MC_${text(inputs, "resourceGroupName") ?? ""}_${text(inputs, "resourceName") ?? ""}_${location}`.slice(
          0,
          80,
        ),
      networkProfile: {
        loadBalancerSku: "standard",
        outboundType: "loadBalancer",
        ...(isObject(inputs.networkProfile) ? inputs.networkProfile : {}),
        ...rangesOf(inputs),
      },
      oidcIssuerProfile: isTrue(inputs, "oidcIssuerProfile.enabled")
        ? {
            enabled: true,
            issuerURL: text(state, "oidcIssuerProfile.issuerURL") ?? issuerOf(location, context),
          }
        : { enabled: false },
      identityProfile: state?.identityProfile ?? kubeletIdentity(inputs, context),
      maxAgentPools: 100,
      powerState: { code: "Running" },
      resourceUID: once("resourceUID", () => context.hex(24, "uid")),
    };
  },
  volatile: ["currentKubernetesVersion"],
  after: ({ id, state }, context) => {
    const { world } = context;
    const group = text(state, "nodeResourceGroup") ?? "";
    const groupId = `/subscriptions/${subscription(context)}/resourceGroups/${group}`;
    if (world.find(resourceGroup, groupId)) return;
    const inputs = { resourceGroupName: group, location: state.location };
    world.add({
      type: resourceGroup,
      id: groupId,
      region: "global",
      owner: id,
      inputs,
      state: { ...inputs, name: group, managedBy: id },
    });
  },
  // Pools and windows are parts of their cluster.
  release: ({ id }, { world }) => {
    for (const each of [poolType, windowType])
      for (const object of world.list(each))
        if (parentOf(object.id) === id) world.add({ ...object, owner: id });
  },
  minutes: 10,
});

const issuerOf = (location: string, context: Context): string =>
  `https://${location}.oic.prod-aks.azure.com/${tenant(context)}/${uuid(context, "issuer")}/`;

/** Without one of the customer's, AKS makes the identity that nodes pull images with. */
function kubeletIdentity(inputs: Props, context: Context): Props {
  const name = `${text(inputs, "resourceName") ?? ""}-agentpool`;
  const group = text(inputs, "nodeResourceGroup") ?? "";
  return {
    kubeletidentity: {
      resourceId: armId(context, group, "Microsoft.ManagedIdentity/userAssignedIdentities", [name]),
      clientId: uuid(context, "kubelet-client"),
      objectId: uuid(context, "kubelet-object"),
    },
  };
}

const windows = ["default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"];

const maintenance: Behaviour = arm({
  source: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations (Azure/bicep-types-az)",
  type: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
  names: ["resourceName", "configName"],
  parent: clusterType,
  check: (inputs) => oneOf(inputs, "configName", windows),
  admit: (inputs) => {
    if (text(inputs, "configName") === "default") return;
    const hours = Number(text(inputs, "maintenanceWindow.durationHours"));
    refuseUnless(
      hours >= 4 && hours <= 24,
      "InvalidParameter",
      "The value of parameter maintenanceWindow.durationHours is invalid: a window lasts 4 to 24 hours.",
    );
    refuseUnless(
      /^([01]\d|2[0-3]):[0-5]\d$/.test(text(inputs, "maintenanceWindow.startTime") ?? "") &&
        isObject(inputs.maintenanceWindow) &&
        Object.keys(isObject(inputs.maintenanceWindow.schedule) ? inputs.maintenanceWindow.schedule : {})
          .length === 1,
      "InvalidParameter",
      "The value of parameter maintenanceWindow is invalid: it has a startTime HH:mm and one schedule.",
    );
  },
});

/** A kubeconfig as AKS writes it, for whoever logs in by Entra ID. */
const listUserCredentials: Invoke = (args, context) => {
  const name = text(args, "resourceName") ?? "";
  const group = text(args, "resourceGroupName") ?? "";
  const found = context.world.find(clusterType, armId(context, group, type, [name]));
  if (!found)
    throw new CloudError(
      "ResourceNotFound",
      `The Resource '${type}/${name}' under resource group '${group}' was not found.`,
    );
  const authority = Buffer.from(
    `-----BEGIN CERTIFICATE-----\n${found.state.resourceUID as string}\n-----END CERTIFICATE-----\n`,
  );
  const kubeconfig = [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    "- cluster:",
    `    certificate-authority-data: ${authority.toString("base64")}`,
    `    server: ${serverOf(found.state)}`,
    `  name: ${name}`,
    `current-context: ${name}`,
    "",
  ].join("\n");
  return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(kubeconfig).toString("base64") }] };
};

/** The API server's URL. */
export function serverOf(state: Props): string {
  return `https://${text(state, "fqdn") ?? text(state, "privateFQDN") ?? ""}:443`;
}

export const containerService: Provider = {
  types: { [clusterType]: cluster, ...pools, [windowType]: maintenance },
  invokes: { "azure-native:containerservice:listManagedClusterUserCredentials": listUserCredentials },
};
