import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cache } from "../components/aws/cache.js";
import { ClusterAutoscaler } from "../components/aws/clusterAutoscaler.js";
import { Compute } from "../components/aws/compute.js";
import { Database } from "../components/aws/database.js";
import { Firewall } from "../components/aws/firewall.js";
import { WorkloadIdentity } from "../components/aws/identity.js";
import { LoadBalancer } from "../components/aws/loadBalancer.js";
import { Network, type CellNetwork } from "../components/aws/network.js";
import { Secrets } from "../components/aws/secrets.js";
import { keyStatements, modelStatements, secretStatements } from "../components/aws/statements.js";
import { Gateway } from "../components/kubernetes/gateway.js";
import * as gateway from "../components/kubernetes/selection.js";
import type { WorkloadName } from "../components/kubernetes/workload.js";
import { physicalName } from "../components/names.js";
import type { Cell, CellArgs } from "./cell.js";
import { asDocuments } from "./customerSecrets.js";
import { databaseName, databaseUsername, gatewayBasics, namespace, syncRoutes } from "./gatewayArgs.js";

/** Where the EKS Pod Identity agent answers pods (EKS User Guide, "How EKS Pod Identity works"). */
const podIdentityAgent = { cidr: "169.254.170.23/32", port: 80 };

/** A gateway in one AWS region: the components composed, from the network outwards to the load balancer. */
export class AwsCell extends pulumi.ComponentResource implements Cell {
  readonly name: string;
  readonly cloud = "aws";
  readonly region: string;
  readonly origin: string;
  readonly target: Cell["target"];
  readonly healthPath: string;
  readonly kubernetes: Compute["provider"];
  readonly kubeconfig: pulumi.Output<string>;
  readonly database: Cell["database"];
  readonly revision: Cell["revision"];
  readonly ready: pulumi.Resource[];

  constructor(
    name: string,
    args: CellArgs & { network?: CellNetwork },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { config, sharedDatabase: shared } = args;
    // The customer's secrets stay out of the component's own inputs.
    super("javelin:aws:Cell", name, { config }, opts);
    const { prefix, region, protect, logRetentionDays } = config;
    const { services } = config.gateway;
    const child = (role: string) => `${name}-${role}`;

    const provider = new aws.Provider(
      child("aws"),
      {
        region: region as aws.Region,
        defaultTags: { tags: { "javelin:cell": config.name, "javelin:deployment": prefix } },
      },
      { parent: this },
    );
    const parent: pulumi.ComponentResourceOptions = { parent: this, providers: [provider] };
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this, provider });
    const { partition } = aws.getPartitionOutput({}, { parent: this, provider });

    const roleOf = (workload: WorkloadName) => physicalName("aws:role", prefix, workload);
    const identities = gateway.cloudWorkloads(services);
    const secrets = new Secrets(
      child("secrets"),
      {
        prefix,
        region,
        protect,
        users: identities.map(roleOf),
        databaseUsername,
        ...(shared && { databasePassword: shared.password }),
        customer: asDocuments(args.secrets),
      },
      parent,
    );
    const logKeyArn = secrets.keyArn;

    const network: CellNetwork =
      args.network ??
      new Network(
        child("network"),
        {
          prefix,
          region,
          ...config.network,
          bedrock: config.egress.bedrock,
          partition,
          accountId,
          logKeyArn,
          logRetentionDays,
        },
        parent,
      );
    const firewall = new Firewall(
      child("firewall"),
      {
        prefix,
        region,
        network,
        inspected: config.network.inspected,
        allowedDomains: config.egress.domains,
        bedrock: config.egress.bedrock,
        ingressAllow: config.ingress.allow,
        adminAllow: config.ingress.admin,
        requestsPerMinute: config.ingress.requestsPerMinute,
        readOnly: shared?.source !== undefined,
        nodePorts: gateway.nodePorts(services),
        podPorts: gateway.podPorts(services),
        protect,
        partition,
        accountId,
        logKeyArn,
        logRetentionDays,
      },
      parent,
    );

    const store = {
      prefix,
      subnetIds: network.subnetIds.data,
      keyArn: secrets.keyArn,
      protect,
      logRetentionDays,
    };
    const database = new Database(
      child("database"),
      {
        ...store,
        ...config.database,
        zones: network.zones,
        securityGroupId: firewall.databaseSecurityGroupId,
        databaseName,
        username: databaseUsername,
        password: secrets.databasePassword,
        ...(shared && { replication: { ...(shared.source && { source: shared.source }) } }),
      },
      parent,
    );
    const cache = new Cache(
      child("cache"),
      {
        ...store,
        ...config.cache,
        securityGroupId: firewall.cacheSecurityGroupId,
        token: secrets.cacheToken,
      },
      parent,
    );

    const compute = new Compute(
      child("compute"),
      {
        prefix,
        region,
        accountId,
        version: config.kubernetes.version,
        nodeSubnetIds: network.subnetIds.node,
        controlPlaneSecurityGroupId: firewall.controlPlaneSecurityGroupId,
        nodeSecurityGroupId: firewall.nodeSecurityGroupId,
        keyArn: secrets.keyArn,
        publicAccessCidrs: config.kubernetes.apiAccess,
        adminRoleArns: config.kubernetes.admins,
        serviceCidr: config.kubernetes.serviceCidr,
        nodes: config.kubernetes.nodes,
        gpu: config.kubernetes.gpu,
        logRetentionDays,
        protect,
        ready: firewall.ready,
      },
      parent,
    );
    const inCluster = { ...parent, providers: [provider, compute.provider] };
    const { clusterName, clusterArn } = compute;
    new ClusterAutoscaler(
      child("autoscaler"),
      {
        prefix,
        region,
        accountId,
        clusterName,
        clusterArn,
        autoscalingGroupNames: compute.autoscalingGroupNames,
        version: config.kubernetes.version,
      },
      inCluster,
    );

    const associations = identities.map((workload) => {
      const access = workload === "admin" ? "write" : "read";
      const identity = new WorkloadIdentity(
        child(`identity-${workload}`),
        {
          roleName: roleOf(workload),
          clusterName,
          clusterArn,
          namespace,
          serviceAccount: gateway.objectName(workload),
          statements: [
            ...modelStatements(region, accountId, config.bedrockModels),
            ...secretStatements(secrets.gatewaySecretArns, access),
            ...keyStatements(secrets.keyArn, region, access),
          ],
        },
        parent,
      );
      return identity.association;
    });

    const { plan } = network;
    const environment = { AWS_REGION: region, AWS_KMS_KEY: secrets.keyArn };
    const workloads = new Gateway(
      child("gateway"),
      {
        namespace,
        services,
        ...gatewayBasics(config),
        zones: network.zones.length,
        secretStore: "aws",
        // The VPC CNI matches nodes by their addresses: no request is lost while pods move between nodes.
        exposure: { nodePorts: "Cluster" },
        cloudEnv: Object.fromEntries(identities.map((workload) => [workload, environment])),
        database: {
          host: database.endpoint,
          port: database.port,
          name: databaseName,
          username: databaseUsername,
          password: secrets.databasePassword,
          readOnly: !database.writable,
        },
        cache: { host: cache.endpoint, port: cache.port, password: secrets.cacheToken },
        ...args.secrets,
        peers: {
          clientCidrs: [...plan.node, ...plan.alb],
          database: { cidrs: plan.data, port: database.port },
          cache: { cidrs: plan.data, port: cache.port },
          clusterCidrs: [...network.cidrs, config.kubernetes.serviceCidr],
          endpointCidrs: network.endpointCidrs,
          identityEndpoints: [podIdentityAgent],
        },
      },
      // Credentials reach a pod only if its association exists when it starts.
      { ...inCluster, dependsOn: associations },
    );

    const loadBalancer = new LoadBalancer(
      child("loadBalancer"),
      {
        prefix,
        accountId,
        vpcId: network.vpcId,
        subnetIds: network.subnetIds.alb,
        securityGroupId: firewall.albSecurityGroupId,
        webAclArn: firewall.webAclArn,
        zone: args.zone,
        hosts: config.hosts,
        backends: gateway.publicBackends(services),
        hiddenPaths: gateway.hiddenPaths(services),
        autoscalingGroupName: compute.autoscalingGroupName,
        idleTimeout: config.ingress.idleTimeoutSeconds,
        logRetentionDays,
        protect,
      },
      parent,
    );

    const sync = syncRoutes(child("routes"), args, workloads, inCluster);

    this.name = config.name;
    this.region = region;
    this.origin = config.hosts.origin;
    this.target = {
      dnsName: loadBalancer.dnsName,
      aliasZoneId: loadBalancer.hostedZoneId,
      loadBalancer: { arn: loadBalancer.arn, region },
    };
    this.healthPath = gateway.healthPath();
    this.kubernetes = compute.provider;
    this.kubeconfig = compute.kubeconfig;
    const { endpoint, writable, leads, source } = database;
    this.database = { endpoint, writable, leads, source };
    this.revision = sync?.revision;
    this.ready = [...loadBalancer.ready, workloads, ...(sync ? [sync] : [])];
    this.registerOutputs({ origin: this.origin, databaseEndpoint: database.endpoint });
  }
}
