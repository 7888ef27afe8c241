import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { kubeconfigOf } from "./kubeconfig.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";
import { createNodePool, instanceGroupsOf, nodeConfig, type NodePoolSize } from "./nodePool.js";

export interface ComputeArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  region: string;
  /** The project's id, not its number. */
  project: string;
  /** Kubernetes minor version. */
  version: KubernetesVersion;
  networkId: pulumi.Input<string>;
  /** The subnet of the nodes, with the two secondary ranges. */
  subnetId: pulumi.Input<string>;
  /** Secondary range of the pods. A node takes a /24 of it. */
  podRangeName: string;
  /** Secondary range of the Services. */
  serviceRangeName: string;
  /** Zones of the region that get nodes. */
  zones: string[];
  /** The grants of those who administer the cluster besides the identity that creates it. */
  access: pulumi.Resource[];
  nodes: NodePoolSize;
  /** Email of the account that all nodes run as. */
  nodeServiceAccount: pulumi.Input<string>;
  /** A second node pool, with NVIDIA GPUs. Default: none. */
  gpu?: NodePoolSize;
  /** Zones of the GPU nodes: not every zone has their machine type. */
  gpuZones: string[];
  /** KMS key of Kubernetes secrets, usable by GKE's service agent. */
  keyId: pulumi.Input<string>;
  /** KMS key of the nodes' disks, usable by Compute Engine's service agent. Default: one of Google's. */
  diskKeyId?: pulumi.Input<string>;
  /** Refuses the cluster's deletion. */
  protect: boolean;
  /** What must exist before a node starts, or it never joins: enabled APIs, NAT, egress rules. */
  ready: pulumi.Resource[];
}

/** A regional GKE cluster with its node pools and Kubernetes provider. */
export class Compute extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  /** `https://…gke.goog`: reached from anywhere, and open to nobody without leave in IAM. */
  readonly endpoint: pulumi.Output<string>;
  /** What identifies the cluster to the Kubernetes provider: as long as it stays, nothing in it is replaced. */
  readonly clusterIdentifier: string;
  /** JSON; authenticates by `gke-gcloud-auth-plugin` with the credentials of whoever runs it. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Resources that use it wait until access and nodes are there. */
  readonly provider: k8s.Provider;
  readonly nodePools: gcp.container.NodePool[];
  /** Instance groups of the general pool, one a zone in the order of `zones`: the load balancer's backends. */
  readonly instanceGroupUrls: pulumi.Output<string[]>;
  /** `<project>.svc.id.goog`; known only once the pool exists. */
  readonly workloadPool: pulumi.Output<string>;

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { access, ready, ...inputs } = args;
    super("javelin:gcp:Compute", name, inputs, opts);
    const { prefix, region, project, version, zones } = args;
    const parent = { parent: this };
    const clusterName = physicalName("gcp:cluster", prefix);

    const settings = { serviceAccount: args.nodeServiceAccount, diskKeyId: args.diskKeyId };
    const beforeNodes = { ...parent, dependsOn: ready };

    const cluster = new gcp.container.Cluster(
      `${name}-cluster`,
      {
        name: clusterName,
        project,
        location: region,
        nodeLocations: zones,
        network: args.networkId,
        subnetwork: args.subnetId,
        networkingMode: "VPC_NATIVE",
        ipAllocationPolicy: {
          clusterSecondaryRangeName: args.podRangeName,
          servicesSecondaryRangeName: args.serviceRangeName,
          stackType: "IPV4",
        },
        datapathProvider: "ADVANCED_DATAPATH",
        // The second is what GKE makes of a control plane without addresses: left out, every update would differ.
        privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true },
        // No address of the control plane is reachable: only its name, behind Google's front end and IAM.
        controlPlaneEndpointsConfig: {
          dnsEndpointConfig: { allowExternalTraffic: true },
          ipEndpointsConfig: { enabled: false },
        },
        minMasterVersion: version,
        releaseChannel: { channel: "REGULAR" },
        maintenancePolicy: {
          dailyMaintenanceWindow: { startTime: "03:00" },
          // Patches come by themselves, a minor version only with the config. The date is any in the past.
          maintenanceExclusions: [
            {
              exclusionName: "minor-version",
              startTime: "2026-01-01T00:00:00Z",
              exclusionOptions: { scope: "NO_MINOR_UPGRADES", endTimeBehavior: "UNTIL_END_OF_SUPPORT" },
            },
          ],
        },
        workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
        enableShieldedNodes: true,
        databaseEncryption: { state: "ENCRYPTED", keyName: args.keyId },
        rbacBindingConfig: {
          enableInsecureBindingSystemAuthenticated: false,
          enableInsecureBindingSystemUnauthenticated: false,
        },
        // No controller makes load balancers: the program does.
        addonsConfig: {
          httpLoadBalancing: { disabled: true },
          // Said, because network policies have to name who answers for names.
          dnsCacheConfig: { enabled: true },
        },
        loggingConfig: {
          enableComponents: [
            "SYSTEM_COMPONENTS",
            "APISERVER",
            "CONTROLLER_MANAGER",
            "SCHEDULER",
            "WORKLOADS",
          ],
        },
        monitoringConfig: {
          enableComponents: ["SYSTEM_COMPONENTS", "DEPLOYMENT", "HPA", "POD"],
          managedPrometheus: { enabled: true },
        },
        // GKE makes no cluster without nodes: the first pool goes at once, but until then it is as safe as the rest.
        initialNodeCount: 1,
        removeDefaultNodePool: true,
        nodeConfig: { ...nodeConfig(settings), machineType: "e2-medium", diskSizeGb: 20 },
        deletionProtection: args.protect,
      },
      // Once the first pool is gone, the provider reports some other pool's settings here.
      { ...beforeNodes, protect: args.protect, ignoreChanges: ["nodeConfig"] },
    );

    const pools: [string, NodePoolSize, string[]][] = [
      ["general", args.nodes, zones],
      ...(args.gpu ? ([["gpu", args.gpu, args.gpuZones]] as [string, NodePoolSize, string[]][]) : []),
    ];
    this.nodePools = pools.map(([group, size, where]) =>
      createNodePool(
        `${name}-${group}`,
        { prefix, group, cluster, zones: where, size, gpu: group === "gpu", ...settings },
        beforeNodes,
      ),
    );

    this.clusterName = cluster.name;
    this.clusterId = cluster.id;
    this.endpoint = pulumi.interpolate`https://${cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint}`;
    this.clusterIdentifier = `${project}/${region}/${clusterName}`;
    this.kubeconfig = kubeconfigOf(cluster);
    this.provider = new k8s.Provider(
      `${name}-kubernetes`,
      { kubeconfig: this.kubeconfig, clusterIdentifier: this.clusterIdentifier, enableServerSideApply: true },
      { ...parent, dependsOn: [...access, ...this.nodePools] },
    );
    this.instanceGroupUrls = instanceGroupsOf(this.nodePools[0]!, zones);
    // Through the cluster's id, which is unknown before the cluster is there: the input alone is known too early.
    this.workloadPool = cluster.id.apply(() => `${project}.svc.id.goog`);

    this.registerOutputs({
      clusterName: this.clusterName,
      clusterId: this.clusterId,
      endpoint: this.endpoint,
      clusterIdentifier: this.clusterIdentifier,
      kubeconfig: this.kubeconfig,
      instanceGroupUrls: this.instanceGroupUrls,
      workloadPool: this.workloadPool,
    });
  }
}
