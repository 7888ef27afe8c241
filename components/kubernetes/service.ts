import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Workload, WorkloadName } from "./workload.js";
import { labels, podTemplate, selectorLabels } from "./pod.js";
import type { PodArgs } from "./pod.js";
import { objectName } from "./selection.js";

/** Pods of one workload. `min` equal to `max` fixes the number and leaves the autoscaler out. */
export interface Replicas {
  min: number;
  max: number;
}

/** How a load balancer outside the cluster reaches a public service. */
export type Exposure =
  | {
      /**
       * At the catalogue's port on every node. `Cluster`: every node answers for every pod, from its own address.
       * `Local`: only nodes with a pod answer, and pods see the caller's address, which policies of Cilium need: it
       * does not match nodes by their addresses.
       */
      nodePorts: "Cluster" | "Local";
    }
  | {
      /** At a load balancer of the cloud inside the network: the annotations that give it its address. */
      loadBalancers: Partial<Record<WorkloadName, Record<string, string>>>;
    };

export interface GatewayServiceArgs {
  namespace: string;
  workload: Workload;
  pod: PodArgs;
  /** The cell's range; a range in the catalogue wins. */
  replicas: Replicas;
  exposure: Exposure;
  /** On the service account, e.g. the identity of a cloud. */
  annotations?: Record<string, pulumi.Input<string>>;
}

/** Use above which the autoscaler adds a pod, in percent of the request (the vendor's value). */
const targetUtilisation = 80;
/** Allowance for a new node and a first pull of the image, on top of the start itself, in seconds. */
const schedulingSeconds = 900;

/** One service of the gateway: account, Deployment, Service, autoscaler and disruption budget. */
export class GatewayService extends pulumi.ComponentResource {
  constructor(name: string, args: GatewayServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:kubernetes:Service", name, args, opts);
    const { workload, namespace } = args;
    const replicas = workload.replicas ?? args.replicas;
    const matchLabels = selectorLabels(workload.name);
    const metadata = { namespace, name: objectName(workload.name), labels: labels(workload.name) };
    const parent = { parent: this };

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { ...metadata, annotations: args.annotations }, automountServiceAccountToken: false },
      parent,
    );

    const deadline = workload.startupSeconds + schedulingSeconds;
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          // Left out where the autoscaler decides, or each `up` would set its decision back.
          ...(replicas.min === replicas.max && { replicas: replicas.min }),
          selector: { matchLabels },
          revisionHistoryLimit: 5,
          progressDeadlineSeconds: deadline,
          // No spare GPU waits for a second pod: the old one has to go first.
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: workload.gpu
              ? { maxUnavailable: 1, maxSurge: 0 }
              : { maxUnavailable: 0, maxSurge: 1 },
          },
          template: podTemplate(workload, args.pod),
        },
      },
      {
        ...parent,
        dependsOn: [account],
        // Longer than Kubernetes' own deadline, so that its explanation is what gets reported.
        customTimeouts: { create: `${deadline + 300}s`, update: `${deadline + 300}s`, delete: "15m" },
      },
    );

    if (workload.http) {
      const { port } = workload.http;
      const nodePort = workload.exposure?.nodePort;
      const { exposure } = args;
      const loadBalancer =
        "loadBalancers" in exposure && workload.exposure ? exposure.loadBalancers[workload.name] : undefined;
      const trafficPolicy = "nodePorts" in exposure ? exposure.nodePorts : "Local";
      new k8s.core.v1.Service(
        `${name}-service`,
        {
          metadata: { ...metadata, annotations: loadBalancer },
          spec: {
            type: loadBalancer ? "LoadBalancer" : workload.exposure ? "NodePort" : "ClusterIP",
            selector: matchLabels,
            // The VPC CNI enforces policies before Service addresses are translated: both ports must be equal.
            ports: [{ name: "http", port, targetPort: port, protocol: "TCP", nodePort }],
            ...(workload.exposure && { externalTrafficPolicy: trafficPolicy }),
          },
        },
        parent,
      );
    }

    if (replicas.min !== replicas.max) {
      new k8s.autoscaling.v2.HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
          metadata,
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name },
            minReplicas: replicas.min,
            maxReplicas: replicas.max,
            metrics: ["cpu", "memory"].map((resource) => ({
              type: "Resource",
              resource: {
                name: resource,
                target: { type: "Utilization", averageUtilization: targetUtilisation },
              },
            })),
          },
        },
        { ...parent, dependsOn: [deployment] },
      );
    }

    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      {
        metadata,
        spec: {
          selector: { matchLabels },
          // One at a time may always go: `minAvailable: 1` would refuse for ever to drain the node of a single pod.
          maxUnavailable: 1,
          // Nor may a pod that never becomes ready hold a node back.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      parent,
    );
    this.registerOutputs({});
  }
}
