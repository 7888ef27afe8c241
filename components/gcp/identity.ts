import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { createGrant, type Grant } from "./roles.js";

export interface WorkloadIdentityArgs {
  /** From `physicalName("gcp:serviceAccount", …)`; also the start of its custom roles' ids. */
  accountId: string;
  /** The project's id, not its number. */
  project: string;
  namespace: string;
  /** Name of the Kubernetes service account. */
  serviceAccount: string;
  /** What the workload may do. Default: nothing. */
  grants?: Grant[];
  /**
   * `<project>.svc.id.goog`, as an output of the cluster: Google makes the project's pool with the first cluster
   * that has Workload Identity, and refuses its members before.
   */
  workloadPool: pulumi.Input<string>;
}

/**
 * The cloud identity of one Kubernetes service account: a Google service account that only its pods may act as.
 *
 * All clusters of a project share one pool, in which a service account is known by its namespace and name alone:
 * cells that must not act for each other belong in projects of their own.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** What ties the Kubernetes service account to this identity. */
  readonly serviceAccount: { annotations: Record<string, pulumi.Output<string>> };
  /** Pods that start before these exist run without credentials: workloads depend on them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:gcp:WorkloadIdentity", name, args, opts);
    const { accountId, project, namespace, serviceAccount, grants = [] } = args;
    const parent = { parent: this };

    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      { accountId, project, displayName: `Pods of ${namespace}/${serviceAccount}` },
      parent,
    );
    const permissions = grants.map((grant) =>
      createGrant(
        `${name}-${grant.name}`,
        grant,
        { project, prefix: accountId, member: account.member },
        parent,
      ),
    );
    const pods = new gcp.serviceaccount.IAMMember(
      `${name}-pods`,
      {
        serviceAccountId: account.name,
        role: "roles/iam.workloadIdentityUser",
        member: pulumi.interpolate`serviceAccount:${args.workloadPool}[${namespace}/${serviceAccount}]`,
      },
      parent,
    );

    this.email = account.email;
    this.serviceAccount = { annotations: { "iam.gke.io/gcp-service-account": account.email } };
    this.ready = [...permissions, pods];
    this.registerOutputs({ email: this.email });
  }
}
