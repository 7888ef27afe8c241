/**
 * What every component of `dev` is made of: its class, and its children by type. A number stands for every
 * variant, two for small and standard, three for small, standard and protected (standard, with `protect`).
 */
export type Count = number | [small: number, standard: number, protectedOne?: number];
export type Row = [componentClass: string, children: Record<string, Count>];

const podIdentity = (policy: "RolePolicy" | "RolePolicyAttachment"): Row => [
  "aws:WorkloadIdentity",
  { Role: 1, [policy]: 1, PodIdentityAssociation: 1 },
];
const service: Row = [
  "kubernetes:Service",
  {
    "apps/v1:Deployment": 1,
    "core/v1:Service": 1,
    "core/v1:ServiceAccount": 1,
    "autoscaling/v2:HorizontalPodAutoscaler": 1,
    "policy/v1:PodDisruptionBudget": 1,
  },
];

/** By the component's name within the cell; `""` is the cell itself. */
export const inventory: Record<string, Row> = {
  "": [
    "aws:Cell",
    {
      "pulumi:providers:aws": 1,
      "aws:Secrets": 1,
      "aws:Network": 1,
      "aws:Firewall": 1,
      "aws:Database": 1,
      "aws:Cache": 1,
      "aws:Compute": 1,
      "aws:ClusterAutoscaler": 1,
      "aws:WorkloadIdentity": 2,
      "aws:LoadBalancer": 1,
      "kubernetes:Gateway": 1,
      "kubernetes:RouteSync": 1,
    },
  ],
  dns: ["aws:DnsZone", { Record: 3 }],
  "dns-proofs": ["dns:Proofs", { Record: 3 }],
  secrets: ["aws:Secrets", { Key: 1, Alias: 1, RandomPassword: 2, RandomId: 1, Secret: 5, SecretVersion: 5 }],
  network: [
    "aws:Network",
    {
      "awsx:ec2:Vpc": 1,
      DefaultSecurityGroup: 1,
      Eip: [1, 3],
      NatGateway: [1, 3],
      Route: [0, 3],
      "aws:VpcEndpoints": 1,
      "aws:FlowLogs": 1,
    },
  ],
  "network-vpc": [
    "awsx:ec2:Vpc",
    {
      Vpc: 1,
      InternetGateway: 1,
      // Four tiers in two zones; five in three.
      Subnet: [8, 15],
      RouteTable: [8, 15],
      RouteTableAssociation: [8, 15],
      Route: [4, 6],
    },
  ],
  "network-flow": ["aws:FlowLogs", { FlowLog: 1, LogGroup: 1, Role: 1, RolePolicy: 1 }],
  "network-endpoints": [
    "aws:VpcEndpoints",
    { VpcEndpoint: 12, SecurityGroup: 1, SecurityGroupIngressRule: [2, 3] },
  ],
  firewall: [
    "aws:Firewall",
    {
      "aws:SecurityGroups": 1,
      "aws:WebAcl": 1,
      "aws:DnsFirewall": 1,
      "aws:NetworkFirewall": [0, 1],
      "aws:VendedLogs": 1,
      Route: [2, 6],
    },
  ],
  "firewall-groups": [
    "aws:SecurityGroups",
    { SecurityGroup: 5, SecurityGroupIngressRule: 18, SecurityGroupEgressRule: 17 },
  ],
  "firewall-web": ["aws:WebAcl", { WebAcl: 1, IpSet: 1, WebAclLoggingConfiguration: 1 }],
  "firewall-dns": [
    "aws:DnsFirewall",
    {
      ResolverFirewallConfig: 1,
      ResolverFirewallDomainList: 2,
      ResolverFirewallRule: 2,
      ResolverFirewallRuleGroup: 1,
      ResolverFirewallRuleGroupAssociation: 1,
      ResolverQueryLogConfig: 1,
      ResolverQueryLogConfigAssociation: 1,
    },
  ],
  "firewall-egress": [
    "aws:NetworkFirewall",
    { Firewall: [0, 1], FirewallPolicy: [0, 1], RuleGroup: [0, 1], LoggingConfiguration: [0, 1] },
  ],
  "firewall-logs": ["aws:VendedLogs", { LogGroup: [2, 4], LogResourcePolicy: 1 }],
  database: [
    "aws:Database",
    {
      Cluster: 1,
      ClusterInstance: [1, 2],
      ClusterParameterGroup: 1,
      SubnetGroup: 1,
      LogGroup: 1,
      RandomId: [0, 0, 1],
    },
  ],
  cache: [
    "aws:Cache",
    { ReplicationGroup: 1, ParameterGroup: 1, SubnetGroup: 1, LogGroup: 2, RandomId: [0, 0, 1] },
  ],
  compute: [
    "aws:Compute",
    {
      Cluster: 1,
      NodeGroup: 1,
      LaunchTemplate: 1,
      Addon: 7,
      Role: 2,
      RolePolicyAttachment: 3,
      LogGroup: 5,
      "aws:WorkloadIdentity": 3,
      "pulumi:providers:kubernetes": 1,
    },
  ],
  "compute-vpc-cni-identity": podIdentity("RolePolicyAttachment"),
  "compute-ebs-csi-identity": podIdentity("RolePolicyAttachment"),
  "compute-cloudwatch-agent-identity": podIdentity("RolePolicyAttachment"),
  autoscaler: [
    "aws:ClusterAutoscaler",
    {
      "aws:WorkloadIdentity": 1,
      "apps/v1:Deployment": 1,
      "core/v1:ServiceAccount": 1,
      "rbac.authorization.k8s.io/v1:Role": 1,
      "rbac.authorization.k8s.io/v1:RoleBinding": 1,
      "rbac.authorization.k8s.io/v1:ClusterRole": 1,
      "rbac.authorization.k8s.io/v1:ClusterRoleBinding": 1,
    },
  ],
  "autoscaler-identity": podIdentity("RolePolicy"),
  "identity-core": podIdentity("RolePolicy"),
  "identity-admin": podIdentity("RolePolicy"),
  loadBalancer: [
    "aws:LoadBalancer",
    {
      LoadBalancer: 1,
      Listener: 2,
      // One for each public service, and one for the paths that nobody reaches.
      ListenerRule: 4,
      TargetGroup: 3,
      Attachment: 3,
      WebAclAssociation: 1,
      "aws:Certificate": 1,
      "aws:AccessLogs": 1,
    },
  ],
  "loadBalancer-tls": ["aws:Certificate", { Certificate: 1, CertificateValidation: 1 }],
  "loadBalancer-logs": [
    "aws:AccessLogs",
    {
      Bucket: 1,
      BucketOwnershipControls: 1,
      BucketPublicAccessBlock: 1,
      BucketServerSideEncryptionConfiguration: 1,
      BucketLifecycleConfiguration: 1,
      BucketPolicy: 1,
    },
  ],
  gateway: [
    "kubernetes:Gateway",
    {
      "core/v1:Namespace": 1,
      "scheduling.k8s.io/v1:PriorityClass": 1,
      "kubernetes:NetworkPolicies": 1,
      "kubernetes:Secrets": 1,
      "kubernetes:Service": 4,
    },
  ],
  routes: [
    "kubernetes:RouteSync",
    {
      "networking.k8s.io/v1:NetworkPolicy": 3,
      "core/v1:ServiceAccount": 1,
      "core/v1:ConfigMap": 2,
      "core/v1:Secret": 1,
      "batch/v1:Job": 1,
    },
  ],
  "gateway-policies": ["kubernetes:NetworkPolicies", { "networking.k8s.io/v1:NetworkPolicy": 6 }],
  "gateway-secrets": ["kubernetes:Secrets", { "core/v1:Secret": 6, "core/v1:ConfigMap": 1 }],
  "gateway-core": service,
  "gateway-admin": service,
  "gateway-webapp": service,
  "gateway-flag": service,
};
