import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/**
 * A kubeconfig in JSON for the cluster's DNS endpoint, with tokens from `gke-gcloud-auth-plugin`. The endpoint has
 * a certificate of a public authority, so none is named here. Secret.
 */
export function kubeconfigOf(cluster: gcp.container.Cluster): pulumi.Output<string> {
  const named = { name: cluster.name };
  const endpoint = cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint;
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ ...named, cluster: { server: pulumi.interpolate`https://${endpoint}` } }],
      contexts: [{ ...named, context: { cluster: cluster.name, user: cluster.name } }],
      "current-context": cluster.name,
      users: [
        {
          ...named,
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "gke-gcloud-auth-plugin",
              interactiveMode: "Never",
              provideClusterInfo: true,
            },
          },
        },
      ],
    }),
  );
}
