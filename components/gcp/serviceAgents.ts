import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Services that encrypt with a key of the customer's, each as an agent of its own in this domain. */
const domains = {
  compute: "compute-system",
  container: "container-engine-robot",
  redis: "cloud-redis",
  secretmanager: "gcp-sa-secretmanager",
  sqladmin: "gcp-sa-cloud-sql",
} as const;

export type KeyUser = keyof typeof domains;

/**
 * The IAM member of a service's agent in the project, which exists once this has run. Compute Engine makes its
 * agent when its API is enabled and takes no call for it; every other service makes one when asked, but does not
 * always say which.
 *
 * Source: "Service agents", IAM documentation; provider docs of gcp.projects.ServiceIdentity.
 */
export function serviceAgent(
  name: string,
  service: KeyUser,
  projectNumber: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const made =
    service === "compute"
      ? []
      : [new gcp.projects.ServiceIdentity(name, { service: `${service}.googleapis.com` }, opts).id];
  return pulumi
    .all([projectNumber, ...made])
    .apply(([number]) => `serviceAccount:service-${number}@${domains[service]}.iam.gserviceaccount.com`);
}
