import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Services that encrypt with a key of the customer's, each as an agent of its own. */
export type KeyUser = "compute" | "container" | "redis" | "secretmanager" | "sqladmin";

/**
 * The IAM member of a service's agent in the project, which exists once this has run. Compute Engine makes its
 * agent when its API is enabled and takes no call for it; every other service makes one when asked.
 *
 * Source: "Service agents", IAM documentation; provider docs of gcp.projects.ServiceIdentity.
 */
export function serviceAgent(
  name: string,
  service: KeyUser,
  projectNumber: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (service === "compute")
    return pulumi.interpolate`serviceAccount:service-${projectNumber}@compute-system.iam.gserviceaccount.com`;
  return new gcp.projects.ServiceIdentity(name, { service: `${service}.googleapis.com` }, opts).member;
}
