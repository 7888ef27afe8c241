import type { Behaviour, Provider } from "../behaviour.js";
import * as config from "./config.js";
import { namespaceType } from "./objects.js";
import { horizontalPodAutoscaler, networkPolicy, podDisruptionBudget } from "./policies.js";
import { rbac } from "./rbac.js";
import { service } from "./services.js";
import { cronJob, daemonSet, deployment, job } from "./workloads.js";

const types: Record<string, Behaviour> = {
  [namespaceType]: config.namespaceWith(() => Object.keys(types).filter((type) => type !== namespaceType)),
  "kubernetes:core/v1:ConfigMap": config.configMap,
  "kubernetes:core/v1:Secret": config.secret,
  "kubernetes:core/v1:ServiceAccount": config.serviceAccount,
  "kubernetes:core/v1:Service": service,
  "kubernetes:apps/v1:DaemonSet": daemonSet,
  "kubernetes:apps/v1:Deployment": deployment,
  "kubernetes:batch/v1:CronJob": cronJob,
  "kubernetes:batch/v1:Job": job,
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": horizontalPodAutoscaler,
  "kubernetes:policy/v1:PodDisruptionBudget": podDisruptionBudget,
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": networkPolicy,
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": config.priorityClass,
  "kubernetes:storage.k8s.io/v1:StorageClass": config.storageClass,
  ...rbac,
};

/** The API server of a cluster, with its controllers and the scheduler, as the Kubernetes provider meets it. */
export const kubernetes: Provider = { types, invokes: {} };

export { deleteUnreachable } from "./cluster.js";
