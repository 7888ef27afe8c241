import type { Policy } from "./policy.js";
import { buckets } from "./rules/aws/buckets.js";
import { clusters } from "./rules/aws/clusters.js";
import { denial as awsDenial } from "./rules/aws/denial.js";
import { encryption } from "./rules/aws/encryption.js";
import { guard } from "./rules/aws/guard.js";
import { ingress } from "./rules/aws/ingress.js";
import { logs } from "./rules/aws/logs.js";
import { machines } from "./rules/aws/machines.js";
import { paths as awsPaths } from "./rules/aws/paths.js";
import { permissions } from "./rules/aws/permissions.js";
import { principals } from "./rules/aws/principals.js";
import { privateStores } from "./rules/aws/stores.js";
import { tls } from "./rules/aws/tls.js";
import { versions } from "./rules/aws/versions.js";
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
      "Every listener and every store speaks TLS 1.2 or newer only; plain HTTP does nothing but redirect to HTTPS.",
    remediation:
      "Give listeners a TLS 1.2 policy, force TLS in the database's parameter group and the cache, and deny the rest in bucket policies.",
    rules: { aws: tls },
  },
  {
    name: "private-stores",
    title: "No public database or cache",
    description:
      "No database or cache has a public address, and its security groups admit security groups only.",
    remediation: "Turn public access off and write the store's ingress rules with the peer's security group.",
    rules: { aws: privateStores },
  },
  {
    name: "private-buckets",
    title: "No public bucket",
    description: "Every bucket blocks public access in all its forms.",
    remediation: "Add a public access block with every switch on.",
    rules: { aws: buckets },
  },
  {
    name: "encryption-at-rest",
    title: "Encryption at rest with your own key",
    description:
      "Whatever is stored (data, volumes, secrets, logs, firewall rules) is encrypted, with a key of the customer's wherever the service takes one, and keys rotate.",
    remediation: "Name the cell's key where the resource takes one.",
    rules: { aws: encryption },
  },
  {
    name: "logs-on",
    title: "Logs on",
    description:
      "Control plane, load balancer, web ACL, firewall, DNS, network, database and cache write their logs, and every log has an end.",
    remediation: "Switch the named log on and give its group a retention.",
    rules: { aws: logs },
  },
  {
    name: "ingress-ports",
    title: "Only 443 from the internet, and 80 to be redirected",
    description:
      "The internet reaches a load balancer at 443, and at 80 to be redirected; no other port, and nothing else.",
    remediation: "Close the port, or name a private source; publish a service by the cell's load balancer.",
    rules: { aws: ingress, kubernetes: services },
  },
  {
    name: "ingress-guarded",
    title: "A firewall in front of the public entrance",
    description: "Every public load balancer stands behind a web application firewall.",
    remediation: "Associate the cell's web ACL with the load balancer.",
    rules: { aws: guard },
  },
  {
    name: "named-paths",
    title: "Every open path names a port and a peer",
    description:
      "Every rule of a security group or a network policy names one port and a peer; only 443 leads out to anywhere.",
    remediation: "Write one rule for each port and peer.",
    rules: { aws: awsPaths, kubernetes: kubernetesPaths },
  },
  {
    name: "deny-by-default",
    title: "Nothing is open that nobody opened",
    description:
      "The network denies by default: the VPC's default security group is empty, every namespace with pods has a policy that denies, and the cluster enforces it.",
    remediation:
      "Empty the default group; add a NetworkPolicy for every pod without rules, in both directions.",
    rules: { aws: awsDenial, kubernetes: kubernetesDenial },
  },
  {
    name: "least-privilege",
    title: "No wildcard permissions",
    description:
      "Permissions name their actions and their resources; nobody is an administrator, and nobody reads every secret.",
    remediation: "Name the actions and the ARNs, or the verbs and the resources, that are used.",
    rules: { aws: permissions, kubernetes: roles },
  },
  {
    name: "named-principals",
    title: "Roles and resources name whom they admit",
    description:
      "Trust policies name a principal; policies of keys, buckets, endpoints and logs are for everybody only under a condition on the caller.",
    remediation: "Name the principal, or add a condition on its account or ARN.",
    rules: { aws: principals },
  },
  {
    name: "instance-identity",
    title: "Instance metadata by IMDSv2, one hop away",
    description:
      "Pods cannot take the identity of their node: metadata needs a session and answers one hop only.",
    remediation: "Set httpTokens to required and httpPutResponseHopLimit to 1 in the launch template.",
    rules: { aws: machines },
  },
  {
    name: "private-control-plane",
    title: "The Kubernetes API is not open to everybody",
    description:
      "The control plane has a private endpoint; a public one is limited to blocks that are named.",
    remediation: "Limit publicAccessCidrs, or switch the public endpoint off.",
    rules: { aws: clusters },
  },
  {
    name: "restricted-pods",
    title: "Pods keep to Pod Security restricted",
    description:
      "Every pod keeps to the Pod Security Standard restricted, and every namespace enforces it; system pods are excepted one by one, with the reason.",
    remediation: "Set the field that the message names, in the pod's or the container's security context.",
    rules: { kubernetes: pods },
  },
  {
    name: "pinned-versions",
    title: "Pinned versions",
    description: "Images, add-ons and clusters have a version: none changes without an edit.",
    remediation: "Name a version or a digest.",
    rules: { aws: versions, kubernetes: images },
  },
];
