import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

/** The Google Cloud APIs that a cell needs enabled in its project, and what for. */
export const apis: Readonly<Record<string, string>> = {
  "aiplatform.googleapis.com": "the gateway's calls of Vertex AI",
  "certificatemanager.googleapis.com": "the load balancer's certificate",
  "cloudkms.googleapis.com": "the cell's encryption key",
  "cloudresourcemanager.googleapis.com": "the project's number and its IAM policy",
  "compute.googleapis.com": "network, firewalls, load balancer, nodes",
  "container.googleapis.com": "the cluster",
  "dns.googleapis.com": "private zones and query logs",
  "iam.googleapis.com": "service accounts",
  "iamcredentials.googleapis.com": "tokens of the workloads' identities",
  "logging.googleapis.com": "logs of all of it",
  "monitoring.googleapis.com": "metrics of the cluster",
  "redis.googleapis.com": "the cache",
  "secretmanager.googleapis.com": "the gateway's secrets",
  "servicedirectory.googleapis.com": "where the endpoint of the database is entered when it is made",
  "sqladmin.googleapis.com": "the database",
};

/**
 * Enables them. Everything else of a cell depends on these. They stay enabled when the cell goes: other cells and
 * whatever else runs in the project may use them.
 */
export function enableApis(name: string, opts: pulumi.CustomResourceOptions): gcp.projects.Service[] {
  return Object.keys(apis).map(
    (service) =>
      new gcp.projects.Service(
        `${name}-${service.split(".")[0]}`,
        { service, disableOnDestroy: false, disableDependentServices: false },
        opts,
      ),
  );
}
