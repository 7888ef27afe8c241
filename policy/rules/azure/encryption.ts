import type { Resource, Rule } from "../../policy.js";
import { at, differs, list, lower } from "../../values.js";

/**
 * Azure encrypts managed disks and their caches; what lies on the host's own disk it encrypts only when asked to.
 * Source: "Host-based encryption on AKS", "Ephemeral OS disks".
 */
const onHost = "lies unencrypted on the host's own disk";

/** Left out, AKS takes the host's disk where the size has one. */
function* judgePool(pool: unknown): Iterable<string> {
  if (!differs(at(pool, "enableEncryptionAtHost"), true)) return;
  if (differs(at(pool, "osDiskType"), "Managed") || at(pool, "kubeletDiskType") === "Temporary")
    yield `what nodes and pods write ${onHost}; right is osDiskType Managed, or enableEncryptionAtHost`;
}

function* judgeMachine(machine: unknown): Iterable<string> {
  const local = at(machine, "storageProfile", "osDisk", "diffDiskSettings", "option");
  if (local === "Local" && differs(at(machine, "securityProfile", "encryptionAtHost"), true))
    yield `the OS disk ${onHost}; right is a managed disk, or securityProfile.encryptionAtHost`;
}

function* judgeKey({ props }: Resource): Iterable<string> {
  // An input under `properties`, an output beside it.
  const policy = at(props, "properties", "rotationPolicy") ?? at(props, "rotationPolicy");
  const actions = list(at(policy, "lifetimeActions")).map((one) => lower(at(one, "action", "type")));
  if (policy === undefined || actions.every((action) => differs(action, "rotate")))
    yield "rotationPolicy has no rotate; right is a lifetime action that rotates the key";
}

/** Disks stay with the key's old version until they are told to follow. */
function* judgeSet({ props }: Resource): Iterable<string> {
  if (differs(at(props, "rotationToLatestKeyVersionEnabled"), true))
    yield "rotationToLatestKeyVersionEnabled is off; right is true: disks would not follow the key's rotation";
}

/** What Azure stores elsewhere it always encrypts: there is no switch to judge. */
export const encryption: Rule = {
  each: {
    *"azure-native:containerservice:ManagedCluster"({ props }) {
      for (const pool of list(at(props, "agentPoolProfiles"))) yield* judgePool(pool);
    },
    "azure-native:containerservice:AgentPool": ({ props }) => judgePool(props),
    "azure-native:compute:VirtualMachine": ({ props }) => judgeMachine(props),
    "azure-native:compute:VirtualMachineScaleSet": ({ props }) =>
      judgeMachine(at(props, "virtualMachineProfile")),
    "azure-native:keyvault:Key": judgeKey,
    "azure-native:compute:DiskEncryptionSet": judgeSet,
  },
};
