import { parse } from "yaml";
import type { Props } from "./behaviour.js";
import { CloudError } from "./behaviour.js";
import { valuesAt } from "./paths.js";

/** The API server that a Kubernetes provider's kubeconfig (YAML or JSON) points at: what a cluster is known by. */
export function serverOf(config: Props): string {
  const text = config["kubeconfig"];
  if (typeof text !== "string" || text === "")
    throw new CloudError(
      "Unconfigured",
      "the kubernetes provider needs a kubeconfig: no ambient one is read here",
    );
  const [server] = valuesAt(parse(text), "clusters[].cluster.server");
  if (typeof server !== "string")
    throw new CloudError("BadKubeconfig", "the kubeconfig names no cluster server");
  return server;
}
