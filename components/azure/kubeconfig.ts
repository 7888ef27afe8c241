import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

/** Application id of AKS in Entra ID, the same in every tenant. Source: kubelogin, "get-token". */
const serverId = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Where a cluster's API server is, and what its certificate is checked by. */
interface ApiServer {
  server: string;
  "certificate-authority-data": string;
}

/**
 * The API server that a kubeconfig of AKS names.
 *
 * @throws when it names none
 */
export function apiServerOf(kubeconfig: string): ApiServer {
  const { clusters } = (parse(kubeconfig) ?? {}) as { clusters?: { cluster?: Partial<ApiServer> }[] };
  const { server, "certificate-authority-data": authority } = clusters?.[0]?.cluster ?? {};
  if (!server || !authority) throw new Error("AKS returned a kubeconfig that names no API server");
  return { server, "certificate-authority-data": authority };
}

/**
 * A kubeconfig in JSON that gets a token from `kubelogin` with the Azure CLI's login. AKS's own, which is where
 * the API server's certificate comes from, would ask for a code in a browser. Secret.
 */
export function kubeconfigOf(
  cluster: containerservice.ManagedCluster,
  resourceGroupName: pulumi.Input<string>,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const { kubeconfigs } = containerservice.listManagedClusterUserCredentialsOutput(
    { resourceGroupName, resourceName: cluster.name, format: "exec" },
    opts,
  );
  const apiServer = kubeconfigs.apply((all) =>
    apiServerOf(Buffer.from(all[0]?.value ?? "", "base64").toString()),
  );
  const named = { name: cluster.name };
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ ...named, cluster: apiServer }],
      contexts: [{ ...named, context: { cluster: cluster.name, user: cluster.name } }],
      "current-context": cluster.name,
      users: [
        {
          ...named,
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "kubelogin",
              args: ["get-token", "--server-id", serverId, "--login", "azurecli"],
              interactiveMode: "Never",
            },
          },
        },
      ],
    }),
  );
}
