import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceName, WorkloadName } from "./workload.js";
import type { Values } from "./environment.js";
import { environment } from "./environment.js";
import { NetworkPolicies } from "./networkPolicies.js";
import type { Peers } from "./policyRules.js";
import { defaultCacheUser, GatewaySecrets, sealed } from "./secrets.js";
import type { Credentials } from "./secrets.js";
import { edges, workloads } from "./selection.js";
import { GatewayService } from "./service.js";
import type { Exposure, Replicas } from "./service.js";

export interface ImageArgs {
  /** Registry and organisation, e.g. `ghcr.io/acme`. */
  registry: string;
  /** Tag of every image. */
  version: string;
  /** Whole references that replace `<registry>/<image>:<version>`, e.g. with a digest. */
  overrides?: Partial<Record<WorkloadName, string>>;
}

export interface GatewayArgs extends Credentials {
  /** Default `javelin`. */
  namespace?: string;
  /** What this cell runs; workers come with their service. */
  services: readonly ServiceName[];
  image: ImageArgs;
  /** Number of availability zones that the nodes are in. */
  zones: number;
  /** Pods per service, unless the catalogue fixes them. */
  replicas: Replicas;
  /** The Javelin account, `ACCOUNT_ID`. */
  accountId: pulumi.Input<string>;
  /** Header of the API key. Default `x-javelin-apikey`; older deployments have `x-api-key`. */
  apiKeyHeader?: string;
  /**
   * Where the keys of model providers are kept (`NEXT_PUBLIC_SECRET_STORE`). The vendor's default, `kubernetes`,
   * is not offered: it needs rights over every Secret of the namespace.
   */
  secretStore: "aws" | "azure" | "gcp";
  /** Variables that a cloud adds, e.g. `AWS_REGION`, `AWS_KMS_KEY`; shown in plain text, so not for secrets. */
  cloudEnv?: Partial<Record<WorkloadName, Record<string, pulumi.Input<string>>>>;
  /** How a cloud ties an identity to a service account, where it is done with annotations and labels. */
  serviceAccounts?: Partial<Record<WorkloadName, ServiceAccountArgs>>;
  /** How the load balancer outside reaches the public services. */
  exposure: Exposure;
  /** Public address of the web app, `https://…/`. */
  appUrl: pulumi.Input<string>;
  /** Who may reach what. */
  peers: Peers;
  /** Namespace that may read the metrics. Default: none. */
  metricsReader?: string;
}

export interface ServiceAccountArgs {
  /** On the service account. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** On the pods. */
  labels?: Record<string, pulumi.Input<string>>;
}

/**
 * Level that pods are held to. Fixed, so that an upgrade of the cluster refuses no pod that ran before; what a
 * later version would refuse shows as warnings.
 */
const podSecurity = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "v1.32",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/audit-version": "latest",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/warn-version": "latest",
};

/** The gateway's services in one cluster, the same on every cloud. The cluster's provider comes by `opts`. */
export class Gateway extends pulumi.ComponentResource {
  readonly namespace: string;
  /** Name of the pull secret in the namespace; absent without `registryAuth`. */
  readonly pullSecret?: string;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:kubernetes:Gateway", name, { ...args, ...sealed(args) }, opts);
    const namespaceName = args.namespace ?? "javelin";
    this.namespace = namespaceName;
    const { services, image, peers, metricsReader } = args;

    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: namespaceName, labels: podSecurity } },
      { parent: this },
    );
    const priorityClass = new k8s.scheduling.v1.PriorityClass(
      `${name}-priority`,
      {
        metadata: { name: `${namespaceName}-serving` },
        value: 100_000,
        description: "Services on the path of a query",
      },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };
    const policies = new NetworkPolicies(
      `${name}-policies`,
      {
        namespace: namespaceName,
        services,
        peers: { ...peers, ...(metricsReader !== undefined && { metricsReader }) },
      },
      inNamespace,
    );
    const secrets = new GatewaySecrets(
      `${name}-secrets`,
      { ...args, namespace: namespaceName, services, registryServer: serverOf(image.registry) },
      inNamespace,
    );

    const { sources, pullSecret } = secrets;
    this.pullSecret = pullSecret;
    const values = valuesOf(args, namespaceName);
    const paths = edges(services);
    for (const workload of workloads(services)) {
      const key = workload.name;
      const account = args.serviceAccounts?.[key];
      new GatewayService(
        `${name}-${key}`,
        {
          namespace: namespaceName,
          workload,
          replicas: args.replicas,
          annotations: account?.annotations,
          exposure: args.exposure,
          pod: {
            image: image.overrides?.[key] ?? `${image.registry}/${workload.image}:${image.version}`,
            env: environment(workload, { edges: paths, values, sources, extra: args.cloudEnv?.[key] }),
            sources,
            zones: args.zones,
            pullSecret,
            priorityClass: workload.serving ? `${namespaceName}-serving` : undefined,
            labels: account?.labels,
          },
        },
        // Pods never run before the policies that guard them, and are gone before these are.
        { parent: this, dependsOn: [namespace, priorityClass, policies, secrets] },
      );
    }
    this.registerOutputs({ namespace: this.namespace });
  }
}

function valuesOf(args: GatewayArgs, namespace: string): Values {
  const text = (value: pulumi.Input<number>) => pulumi.output(value).apply(String);
  const { database, cache, clerk, appUrl } = args;
  return {
    accountId: args.accountId,
    appUrl,
    cacheHost: cache.host,
    cachePort: text(cache.port),
    cacheUser: cache.username ?? defaultCacheUser,
    clerkPublishableKey: clerk?.publishableKey,
    corsHeaders: `Authorization,Content-Type,${args.apiKeyHeader ?? "x-javelin-apikey"},x-javelin-user,x-javelin-userrole`,
    databaseHost: database.host,
    databaseName: database.name,
    databasePort: text(database.port),
    databaseReadOnly: database.readOnly ? "true" : undefined,
    databaseUser: database.username,
    namespace,
    secretStore: args.secretStore,
  };
}

/** Registries are named by host in pull secrets: `ghcr.io` of `ghcr.io/acme`. */
function serverOf(registry: string): string {
  return registry.split("/")[0] ?? registry;
}
