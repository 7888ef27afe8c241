import type { Policy } from "./policy.js";
import { buckets as awsBuckets } from "./rules/aws/buckets.js";
import { clusters as awsClusters } from "./rules/aws/clusters.js";
import { denial as awsDenial } from "./rules/aws/denial.js";
import { encryption as awsEncryption } from "./rules/aws/encryption.js";
import { guard as awsGuard } from "./rules/aws/guard.js";
import { ingress as awsIngress } from "./rules/aws/ingress.js";
import { logs as awsLogs } from "./rules/aws/logs.js";
import { machines as awsMachines } from "./rules/aws/machines.js";
import { paths as awsPaths } from "./rules/aws/paths.js";
import { permissions as awsPermissions } from "./rules/aws/permissions.js";
import { principals as awsPrincipals } from "./rules/aws/principals.js";
import { privateStores as awsPrivateStores } from "./rules/aws/stores.js";
import { tls as awsTls } from "./rules/aws/tls.js";
import { versions as awsVersions } from "./rules/aws/versions.js";
import { buckets as azureBuckets } from "./rules/azure/buckets.js";
import { clusters as azureClusters } from "./rules/azure/clusters.js";
import { denial as azureDenial } from "./rules/azure/denial.js";
import { encryption as azureEncryption } from "./rules/azure/encryption.js";
import { guard as azureGuard } from "./rules/azure/guard.js";
import { ingress as azureIngress } from "./rules/azure/ingress.js";
import { logs as azureLogs } from "./rules/azure/logs.js";
import { machines as azureMachines } from "./rules/azure/machines.js";
import { paths as azurePaths } from "./rules/azure/paths.js";
import { permissions as azurePermissions } from "./rules/azure/permissions.js";
import { principals as azurePrincipals } from "./rules/azure/principals.js";
import { privateStores as azurePrivateStores } from "./rules/azure/stores.js";
import { tls as azureTls } from "./rules/azure/tls.js";
import { versions as azureVersions } from "./rules/azure/versions.js";
import { buckets as gcpBuckets } from "./rules/gcp/buckets.js";
import { clusters as gcpClusters } from "./rules/gcp/clusters.js";
import { denial as gcpDenial } from "./rules/gcp/denial.js";
import { encryption as gcpEncryption } from "./rules/gcp/encryption.js";
import { guard as gcpGuard } from "./rules/gcp/guard.js";
import { ingress as gcpIngress } from "./rules/gcp/ingress.js";
import { logs as gcpLogs } from "./rules/gcp/logs.js";
import { machines as gcpMachines } from "./rules/gcp/machines.js";
import { paths as gcpPaths } from "./rules/gcp/paths.js";
import { permissions as gcpPermissions } from "./rules/gcp/permissions.js";
import { principals as gcpPrincipals } from "./rules/gcp/principals.js";
import { privateStores as gcpPrivateStores } from "./rules/gcp/stores.js";
import { tls as gcpTls } from "./rules/gcp/tls.js";
import { versions as gcpVersions } from "./rules/gcp/versions.js";
import { denial as kubernetesDenial } from "./rules/kubernetes/denial.js";
import { images } from "./rules/kubernetes/images.js";
import { paths as kubernetesPaths } from "./rules/kubernetes/paths.js";
import { pods } from "./rules/kubernetes/pods.js";
import { roles } from "./rules/kubernetes/roles.js";
import { services } from "./rules/kubernetes/services.js";

/** What every stack has to keep to: each policy once in words, with one rule for each cloud that can break it. */
export const policies: readonly Policy[] = [
  {
    name: "tls-in-transit",
    title: "TLS 1.2 or newer",
    description:
      "Every listener and every store speaks TLS 1.2 or newer only, as far as the cloud leaves it to the customer; plain HTTP does nothing but redirect to HTTPS.",
    remediation:
      "Give listeners a policy that begins at TLS 1.2, demand TLS in the settings of database, cache and storage, and let plain HTTP redirect.",
    rules: { aws: awsTls, azure: azureTls, gcp: gcpTls },
  },
  {
    name: "private-stores",
    title: "No public database or cache",
    description:
      "No database, cache or vault has a public address; on AWS, the security groups of databases and caches admit security groups only.",
    remediation:
      "Turn public access off, reach the store by a subnet or an endpoint of the cell's, and name the peer's security group where a store has one.",
    rules: { aws: awsPrivateStores, azure: azurePrivateStores, gcp: gcpPrivateStores },
  },
  {
    name: "private-buckets",
    title: "No public bucket",
    description:
      "Nothing in a bucket or a storage account can be read without an identity, whatever its own lists say.",
    remediation:
      "Switch public access off for the whole bucket or account: on AWS by a public access block with every switch on.",
    rules: { aws: awsBuckets, azure: azureBuckets, gcp: gcpBuckets },
  },
  {
    name: "encryption-at-rest",
    title: "Encryption at rest",
    description:
      "Whatever is stored (data, volumes, secrets, logs, firewall rules) is encrypted, and keys rotate. The key is the customer's: on AWS wherever the service takes one, on GCP for secrets; for other stores and disks, Azure and GCP encrypt with their own unless a key is named.",
    remediation:
      "Name the cell's key where the resource takes one, switch on what is off, and let the key rotate.",
    rules: { aws: awsEncryption, azure: azureEncryption, gcp: gcpEncryption },
  },
  {
    name: "logs-on",
    title: "Logs on",
    description:
      "Control plane, load balancer, web application firewall, firewall, network, database and cache write their logs, and DNS where the cloud's resolver can; every log has an end.",
    remediation: "Switch the named log on, send it to the cell's place for logs, and give that a retention.",
    rules: { aws: awsLogs, azure: azureLogs, gcp: gcpLogs },
  },
  {
    name: "ingress-ports",
    title: "Only 443 from the internet, and 80 to be redirected",
    description:
      "The internet reaches a load balancer at 443, and at 80 to be redirected; no other port, and nothing else: no machine has a public address.",
    remediation: "Close the port, or name a private source; publish a service by the cell's load balancer.",
    rules: { aws: awsIngress, azure: azureIngress, gcp: gcpIngress, kubernetes: services },
  },
  {
    name: "ingress-guarded",
    title: "A firewall in front of the public entrance",
    description: "Every public load balancer stands behind a web application firewall that is in force.",
    remediation:
      "Give the load balancer the cell's web ACL (AWS), WAF policy (Azure) or Cloud Armor policy (GCP).",
    rules: { aws: awsGuard, azure: azureGuard, gcp: gcpGuard },
  },
  {
    name: "named-paths",
    title: "Every open path names its ports and a peer",
    description:
      "Every rule of a firewall, a security group or a network policy names its ports one by one, and a peer; only 443 leads out to anywhere. Nodes and pods among themselves are left to the network policies where the cloud's Kubernetes asks for that (Azure, GCP).",
    remediation: "Write one rule for each peer, with the ports that are used.",
    rules: { aws: awsPaths, azure: azurePaths, gcp: gcpPaths, kubernetes: kubernetesPaths },
  },
  {
    name: "deny-by-default",
    title: "Nothing is open that nobody opened",
    description:
      "What a cloud opens by itself is closed: the VPC's default security group is empty (AWS), every security group ends with a denial (Azure), the network's way out does (GCP); every namespace with pods has a policy that denies, and the cluster enforces it.",
    remediation:
      "Close what the message names; add a NetworkPolicy for every pod without rules, in both directions.",
    rules: { aws: awsDenial, azure: azureDenial, gcp: gcpDenial, kubernetes: kubernetesDenial },
  },
  {
    name: "least-privilege",
    title: "No wildcard permissions",
    description:
      "Permissions name what is done and on which resource; no workload is an administrator, or gets a role on all of a project, a subscription or a group that is meant for one resource, and nobody reads every secret.",
    remediation: "Name the actions or the narrow role, and the resource, or a condition on its name.",
    rules: { aws: awsPermissions, azure: azurePermissions, gcp: gcpPermissions, kubernetes: roles },
  },
  {
    name: "named-principals",
    title: "Roles and resources name whom they admit",
    description:
      "Whoever may take an identity or use a resource is named, or bound by a condition on the caller: nobody is admitted as everybody, and no cluster has accounts without a name.",
    remediation: "Name the principal, or add a condition on who calls.",
    rules: { aws: awsPrincipals, azure: azurePrincipals, gcp: gcpPrincipals },
  },
  {
    name: "instance-identity",
    title: "Pods do not get the identity of their node",
    description:
      "The node's identity stays with the node: its metadata needs a session and answers one hop only (AWS), pods have identities of their own (Azure), and GKE's metadata server and shielded nodes stand before it (GCP).",
    remediation:
      "Demand IMDSv2 with one hop, switch workload identity on, or set GKE_METADATA, as the message says.",
    rules: { aws: awsMachines, azure: azureMachines, gcp: gcpMachines },
  },
  {
    name: "private-control-plane",
    title: "The Kubernetes API is not open to everybody",
    description:
      "The control plane is private, or limited to blocks that are named, or reached by a name only that asks the cloud's IAM first; on AWS nodes reach it privately as well.",
    remediation: "Name the blocks that administer the cluster, or switch the public address off.",
    rules: { aws: awsClusters, azure: azureClusters, gcp: gcpClusters },
  },
  {
    name: "restricted-pods",
    title: "Pods keep to Pod Security restricted",
    description:
      "Every pod keeps to the Pod Security Standard restricted, and every namespace enforces it; system pods are excepted one by one, with the reason.",
    remediation: "Set the field that the message names, in the pod's or the container's security context.",
    rules: { kubernetes: pods },
    without: "Pods are Kubernetes's, and the same on every cloud.",
  },
  {
    name: "pinned-versions",
    title: "Pinned versions",
    description:
      "Images, add-ons and clusters have a version: none goes to another minor version without an edit.",
    remediation: "Name a version or a digest, and hold the cloud's own upgrades to patches.",
    rules: { aws: awsVersions, azure: azureVersions, gcp: gcpVersions, kubernetes: images },
  },
];
