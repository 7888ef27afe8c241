import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A kubeconfig in JSON that gets a token from `aws eks get-token`, with the region always said. Secret. */
export function kubeconfigOf(cluster: aws.eks.Cluster, region: string): pulumi.Output<string> {
  const named = { name: cluster.name };
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          ...named,
          cluster: {
            server: cluster.endpoint,
            "certificate-authority-data": cluster.certificateAuthority.data,
          },
        },
      ],
      contexts: [{ ...named, context: { cluster: cluster.name, user: cluster.name } }],
      "current-context": cluster.name,
      users: [
        {
          ...named,
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: ["eks", "get-token", "--cluster-name", cluster.name, "--region", region],
              interactiveMode: "Never",
            },
          },
        },
      ],
    }),
  );
}
