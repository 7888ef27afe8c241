import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { assignRole, type RoleGrant } from "./roles.js";

export interface IdentityArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** Tells the identities of a cell apart: `core`. */
  workload: string;
  /** Issuer of the cluster's service account tokens. */
  oidcIssuerUrl: pulumi.Input<string>;
  namespace: string;
  serviceAccount: string;
  /** What the workload may do. Default: nothing. */
  roles?: RoleGrant[];
}

/** The cloud identity of one Kubernetes service account: a managed identity that only its pods can take. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  /** What ties pods to the identity: AKS's webhook looks for the label and gives the pod its credentials. */
  readonly serviceAccount: {
    annotations: Record<string, pulumi.Output<string>>;
    labels: Record<string, string>;
  };
  /** Pods that start before these exist run without credentials: workloads depend on them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:WorkloadIdentity", name, args, opts);
    const { prefix, workload, resourceGroupName, namespace, serviceAccount, roles = [] } = args;
    const parent = { parent: this };

    const identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      {
        resourceName: physicalName("azure:identity", prefix, workload),
        resourceGroupName,
        location: args.region,
      },
      parent,
    );
    // One only: Azure refuses two that are written at the same time for one identity.
    const credential = new managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        federatedIdentityCredentialResourceName: physicalName(
          "azure:federatedCredential",
          namespace,
          serviceAccount,
        ),
        resourceGroupName,
        resourceName: identity.name,
        issuer: args.oidcIssuerUrl,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
        audiences: ["api://AzureADTokenExchange"],
      },
      parent,
    );
    const assignments = roles.map((grant) =>
      assignRole(
        `${name}-${grant.name}`,
        grant,
        { id: identity.principalId, type: "ServicePrincipal" },
        parent,
      ),
    );

    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.serviceAccount = {
      annotations: {
        "azure.workload.identity/client-id": identity.clientId,
        "azure.workload.identity/tenant-id": identity.tenantId,
      },
      labels: { "azure.workload.identity/use": "true" },
    };
    this.ready = [credential, ...assignments];
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }
}
