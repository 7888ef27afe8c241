import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { Compute, type ComputeArgs } from "../../../components/gcp/compute.js";
import { NodeIdentity } from "../../../components/gcp/nodeIdentity.js";
import { Secrets, type SecretsArgs } from "../../../components/gcp/secrets.js";

/** What stands around the components under test: a project with its APIs, and a network for nodes. */
export const project = "acme-gateway";
export const region = "europe-west1";
export const zones = ["europe-west1-b", "europe-west1-c"];
export const prefix = "javelin-dev-a";

const services = ["cloudkms", "cloudresourcemanager", "compute", "container", "iam", "secretmanager"];

/** The provider of a cell, as options of its components. */
export function place(): pulumi.ComponentResourceOptions {
  return { providers: [new gcp.Provider("gcp", { project, region })] };
}

export function enable(opts: pulumi.ComponentResourceOptions): pulumi.Resource[] {
  const parent = new pulumi.ComponentResource("test:Ground", "apis", {}, opts);
  return services.map(
    (each) =>
      new gcp.projects.Service(
        each,
        { service: `${each}.googleapis.com`, disableOnDestroy: false },
        { parent },
      ),
  );
}

export function secrets(
  opts: pulumi.ComponentResourceOptions,
  apis: pulumi.Resource[],
  more: Partial<SecretsArgs> = {},
): Secrets {
  return new Secrets(
    "secrets",
    {
      prefix,
      region,
      project,
      protect: false,
      users: ["compute"],
      databaseUsername: "javelin",
      customer: { license: "jwt" },
      apis,
      ...more,
    },
    opts,
  );
}

/** A network with a subnet that has both secondary ranges and private Google access. */
export function network(opts: pulumi.ComponentResourceOptions, apis: pulumi.Resource[]) {
  const parent = new pulumi.ComponentResource("test:Ground", "network", {}, opts);
  const vpc = new gcp.compute.Network(
    "vpc",
    { name: "vpc", autoCreateSubnetworks: false },
    { parent, dependsOn: apis },
  );
  const subnet = new gcp.compute.Subnetwork(
    "nodes",
    {
      name: "nodes",
      network: vpc.id,
      region,
      ipCidrRange: "10.10.0.0/20",
      privateIpGoogleAccess: true,
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.64.0.0/16" },
        { rangeName: "services", ipCidrRange: "10.65.0.0/20" },
      ],
    },
    { parent },
  );
  return { networkId: vpc.id, subnetId: subnet.id };
}

/** A cell's cluster on all of it. */
export function compute(more: Partial<ComputeArgs> = {}, opts = place()) {
  const apis = enable(opts);
  const kept = secrets(opts, apis);
  const nodes = new NodeIdentity("nodes", { prefix, project, apis }, opts);
  const cluster = new Compute(
    "compute",
    {
      prefix,
      region,
      project,
      gpuZones: zones,
      version: "1.35",
      ...network(opts, apis),
      podRangeName: "pods",
      serviceRangeName: "services",
      zones,
      access: [],
      nodes: { instanceTypes: ["e2-standard-2"], min: 2, max: 4, desired: 3, diskGiB: 50 },
      nodeServiceAccount: nodes.email,
      keyId: kept.keyFor("container"),
      protect: false,
      ready: apis,
      ...more,
    },
    opts,
  );
  return { cluster, kept };
}
