import { z } from "zod";
import { defaultKubernetesVersion, kubernetesVersions } from "../components/kubernetes/versions.js";
import { cellSchema, services, size } from "./cellSchema.js";
import {
  cidr,
  count,
  distinct,
  dnsName,
  dnsPattern,
  flag,
  imageReference,
  list,
  map,
  oneOf,
} from "./fields.js";
import { privateCidr, projectId, subscriptionId, text, trustedCidr } from "./fields.js";
import { clouds } from "./clouds.js";
import { routes } from "./routeSchema.js";
import { secretKeys } from "./secretSchema.js";

const cloud = () => oneOf(clouds);

/** A type of machine: each cloud has its own form, which the rules know. */
const machine = () => text(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "write a type of machine in the cloud's spelling");

const pool = () =>
  map({
    instanceTypes: list(machine(), "instance types")
      .min(1, { error: "write at least one instance type" })
      .optional()
      .meta({ description: "Instance types, best first; all of the same vCPU and memory." }),
    min: count(1, 100).optional().meta({ description: "Fewest nodes." }),
    max: count(1, 100).optional().meta({ description: "Most nodes: what the autoscaler may grow to." }),
    desired: count(1, 100).optional().meta({ description: "Nodes at first; then the autoscaler decides." }),
    diskGiB: count(20, 16_384, "GiB").optional().meta({ description: "Root disk of each node, in GiB." }),
  });

const exactVersion = (example: string) => `write an exact version in quotes, such as "${example}"`;

/** Every key of the `javelin` namespace. What is marked as secret must be set with `--secret`. */
export const schema = {
  topology: oneOf(["single-region", "cross-region"]).default("single-region").meta({
    description: "`single-region` has one cell, `cross-region` two or more.",
  }),
  domain: dnsName().meta({
    description:
      "Domain of the gateway: `api.<domain>`, `app.<domain>`, and each cell's origin at `<cell>.<domain>`.",
  }),
  dns: map({
    cloud: cloud().default("aws").meta({
      description: "Cloud that hosts the DNS zone; the cells may be on others.",
    }),
    project: projectId().optional().meta({
      description: "Google Cloud project of the zone; required when it is on gcp.",
    }),
    resourceGroup: text(/^[\w().-]{0,89}[\w()-]$/, "write the name of the zone's resource group")
      .optional()
      .meta({ description: "Resource group of the zone; required when it is on azure." }),
    subscription: subscriptionId().optional().meta({
      description: "Azure subscription of the zone. Default: the one of the credentials.",
    }),
    zone: dnsName().meta({
      description: "Existing, delegated public zone that the domain lies in. Never created.",
    }),
    mode: oneOf(["active-passive", "active-active"]).default("active-passive").meta({
      description: "How cells share the traffic (cross-region): in order of the list, or all at once.",
    }),
    interval: count(1, 300, "seconds").optional().meta({
      description:
        "Seconds between health checks. Route 53 and Traffic Manager: 10 or 30, default 10. Cloud DNS: 30 to 300, default 30.",
    }),
    threshold: count(1, 10, "failed checks").optional().meta({
      description: "Failed checks in a row until a cell counts as down. Default: 2 on Route 53, 3 elsewhere.",
    }),
    ttl: count(1, 86_400, "seconds")
      .default(30)
      .meta({ description: "Seconds that resolvers may keep an answer." }),
    accelerator: flag().default(false).meta({
      description:
        "Static addresses that move the traffic themselves, in the place of DNS. With the zone on aws: Global Accelerator, and every cell has to be on aws. With the zone on gcp: one global load balancer, if every cell is on gcp and in one project; with cells on AWS among them, Global Accelerator gives each of these the addresses that Cloud DNS needs.",
    }),
  }).meta({ description: "The DNS zone and, across regions, how traffic moves when a cell fails." }),
  cells: list(cellSchema, "cells").meta({
    description: "The cells: complete gateways that share nothing. The first is the primary.",
  }),
  size: size()
    .default("small")
    .meta({ description: "Preset of every number that is not written here; see the table of sizes." }),
  protect: flag().default(true).meta({
    description:
      "Deletion protection, final snapshots, long recovery windows. `false` lets `destroy` remove the data.",
  }),
  ingress: map({
    allow: distinct(cidr(), "ranges")
      .min(1, { error: "write at least one range; 0.0.0.0/0 is everybody" })
      // Each makes a rule for 443 and one for 80; a security group holds 60 (VPC quotas, inbound rules).
      .max(30, { error: "write at most 30 ranges: merge neighbours into wider ones" })
      .default(["0.0.0.0/0"])
      .meta({ description: "Who may call the gateway: 1 to 30 ranges." }),
    admin: distinct(trustedCidr(), "ranges").default([]).meta({
      description: "Who may call the admin API: ranges that `allow` lets in. Default: nobody from outside.",
    }),
    requestsPerMinute: count(10, 2_000_000_000).default(3000).meta({
      description:
        "Requests a minute from one address before it is blocked: 10 to 2,000,000,000 (AWS WAF), where a cell is on gcp to 1,000,000 (Cloud Armor).",
    }),
    idleTimeoutSeconds: count(300, 4000, "seconds").default(300).meta({
      description:
        "Longest silence on a connection. Long answers stream: 300 or more; a load balancer takes up to 4000, Azure's 1800.",
    }),
  })
    .prefault({})
    .meta({ description: "Who may call." }),
  egress: map({
    providers: list(text(/^\S+$/, "write the name of a provider, such as openai"), "providers")
      .default([])
      .meta({ description: "Whom the gateway may call: names of the table of providers." }),
    domains: list(dnsPattern(), "host names").default([]).meta({
      description: "Further hosts that it may call, on port 443. `*.example.com` is all below example.com.",
    }),
  })
    .prefault({})
    .meta({ description: "Whom the gateway may call. Everything else is denied." }),
  database: map({
    replication: oneOf(["independent", "global"]).default("independent").meta({
      description:
        "`independent`: each cell has its own data. `global`: the first cell writes, the others read; all on one cloud. See docs/data.md.",
    }),
    version: text(
      /^1[678](\.\d+)?$/,
      `${exactVersion("16.11")}; 16 or newer. A major version alone lets the cloud move the minor one`,
    )
      .default("16.11")
      .meta({ description: "PostgreSQL version, in quotes." }),
    instanceClass: machine().optional().meta({
      description:
        "Instance class, as the cells' cloud spells it: `db.r7g.xlarge`, `Standard_D4ds_v5`, `db-custom-4-16384`. Default: by size.",
    }),
    backupDays: count(1, 35, "days")
      .optional()
      .meta({ description: "Days that backups are kept. Default: by size." }),
  })
    .prefault({})
    .meta({ description: "PostgreSQL." }),
  cache: map({
    version: text(/^[789]\.\d$/, exactVersion("8.0"))
      .default("8.0")
      .meta({ description: "Valkey version, in quotes. AWS only: the other clouds choose it themselves." }),
    nodeType: machine().optional().meta({
      description:
        "Node type, as the cells' cloud spells it: `cache.r7g.large`, `Balanced_B5`, `5GiB`. Default: by size.",
    }),
    replicas: count(0, 5).optional().meta({ description: "Replicas beside the primary. Default: by size." }),
  })
    .prefault({})
    .meta({ description: "Valkey." }),
  kubernetes: map({
    version: oneOf(kubernetesVersions)
      .default(defaultKubernetesVersion)
      .meta({ description: "Kubernetes version, in quotes." }),
    apiAccess: distinct(trustedCidr(), "ranges, or [] when you deploy from inside the network").meta({
      description:
        "Public addresses from which the cluster's API can be reached: those of whoever runs `pulumi up`; at most 40 ranges on AWS, 199 on Azure. `[]`: only from inside the network. GCP asks for an identity instead, from any address.",
    }),
    admins: distinct(
      text(
        /^\S+$/,
        "write the ARN of an IAM role, the object id of a Microsoft Entra group, or a member such as group:ops@example.com",
      ),
      "administrators",
    )
      .default([])
      .meta({
        description:
          "Who administers the clusters: ARNs of IAM roles on AWS, object ids of Entra groups on Azure (at least one there), IAM members on GCP. On AWS without the role that creates the cluster, which is one anyway: name CI's role, or your own, before another than the creator runs `up`.",
      }),
    serviceCidr: privateCidr(12, 24)
      .default("172.20.0.0/16")
      .meta({ description: "Private range of the cluster's services, outside the cells' ranges." }),
    nodes: pool().optional().meta({ description: "The general node pool. Default: by size." }),
    gpu: pool().optional().meta({ description: "The GPU node pool, which exists when a guard model is on." }),
  }).meta({ description: "The cluster." }),
  gateway: map({
    version: text(
      /^(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
      'write an exact image tag such as "1.2.3", in quotes; latest is not one',
    ).meta({ description: "Tag of the gateway's images." }),
    registry: text(
      /^[a-z0-9][a-z0-9.-]*\.[a-z]+(\/[a-z0-9._-]+)*$/,
      "write a registry and its path without scheme, port or tag, such as ghcr.io/acme",
    ).meta({ description: "Registry and path before `/javelin-<service>`." }),
    services: services()
      .default(["core", "admin", "webapp", "flag"])
      .meta({ description: "Services that a cell runs; `core`, `admin` and `flag` are needed." }),
    accountId: text(/^[A-Za-z0-9_-]{1,64}$/, "write the id of your Javelin account").meta({
      description: "Your Javelin account (`ACCOUNT_ID`).",
    }),
    apiKeyHeader: text(
      /^[a-z][a-z0-9-]{0,63}$/,
      "write a header name in lower case; older gateways take x-api-key",
    )
      .default("x-javelin-apikey")
      .meta({ description: "Header that carries the API key." }),
    images: z
      .record(z.string(), imageReference(), { error: "write a map from service to image" })
      .default({})
      .meta({ description: "Whole image references for single services, instead of registry and version." }),
    syncImage: imageReference().default("docker.io/library/node:22.18.0-alpine3.22").meta({
      description:
        "Image of the Job that puts `routes` into a cell: any with Node 20 or newer. One in your own registry needs no other host.",
    }),
    metricsReader: text(
      /^(?!javelin$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      "write the name of a Kubernetes namespace, not the gateway's own",
    )
      .optional()
      .meta({
        description:
          "Another namespace of the cluster, a Prometheus's: its pods may call core for its metrics, and with that its whole port, past the web application firewall. Default: none.",
      }),
    identityProviderDomains: list(dnsPattern(), "host names")
      .default([])
      .meta({ description: "Hosts of the identity provider (SAML, OIDC) that the gateway calls." }),
  }).meta({ description: "The gateway's software." }),
  logs: map({
    retentionDays: count(1, 3653, "days").optional().meta({
      description:
        "Days that logs are kept: on AWS one of the numbers that CloudWatch takes (1, 3, 5, 7, 14, 30, 60, 90, …), on Azure 30 to 730. Default: by size.",
    }),
  })
    .prefault({})
    .meta({ description: "Logs." }),
  routes,
  acme: map({
    server: text(/^https:\/\/\S+$/, "write the https address of the directory of an ACME server")
      .default("https://acme-v02.api.letsencrypt.org/directory")
      .meta({ description: "Directory of the certificate authority." }),
    email: text(/^\S+@\S+\.\S+$/, "write an address that the authority may write to")
      .optional()
      .meta({ description: "Where it writes to when a certificate runs out." }),
  })
    .prefault({})
    .meta({ description: "Certificate authority of Azure cells without a `certificate` of your own." }),
  objectives: map({
    failoverSeconds: count(1, 3600, "seconds").optional().meta({
      description: "Longest failover that is acceptable (cross-region); a slower configuration is refused.",
    }),
  })
    .prefault({})
    .meta({ description: "What the deployment has to achieve." }),
  ...secretKeys,
};

export type Values = { [K in keyof typeof schema]: z.output<(typeof schema)[K]> };
