import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { Cache } from "../components/gcp/cache.js";
import { Compute } from "../components/gcp/compute.js";
import { Database } from "../components/gcp/database.js";
import { Firewall } from "../components/gcp/firewall.js";
import { loadBalancerRanges } from "../components/gcp/firewallRules.js";
import { WorkloadIdentity } from "../components/gcp/identity.js";
import { LoadBalancer } from "../components/gcp/loadBalancer.js";
import { Network, type CellNetwork } from "../components/gcp/network.js";
import { NodeIdentity } from "../components/gcp/nodeIdentity.js";
import { googleApis } from "../components/gcp/privateZones.js";
import { ProjectAdmins } from "../components/gcp/projectAdmins.js";
import { keyGrants, modelGrants, secretGrants } from "../components/gcp/roles.js";
import { Secrets } from "../components/gcp/secrets.js";
import type { Entrance } from "../components/ingress.js";
import { Gateway } from "../components/kubernetes/gateway.js";
import * as gateway from "../components/kubernetes/selection.js";
import { physicalName } from "../components/names.js";
import type { Cell, CellArgs } from "./cell.js";
import type { CellConfig } from "./cellConfig.js";
import { databaseName, databaseUsername, gatewayBasics, namespace, syncRoutes } from "./gatewayArgs.js";
import { asDocuments } from "./customerSecrets.js";

/** Where GKE's metadata server answers pods. Source: "Network policy and Workload Identity Federation for GKE". */
const metadataServer = [
  { cidr: "169.254.169.254/32", port: 80 },
  { cidr: "169.254.169.252/32", port: 988 },
];
/** The one version with TLS that Memorystore for Redis still makes. */
const redisVersion = "7.2";

/** A gateway in one Google Cloud region: the components composed, from the network outwards to the load balancer. */
export class GcpCell extends pulumi.ComponentResource implements Cell {
  readonly name: string;
  readonly cloud = "gcp";
  readonly region: string;
  readonly origin: string;
  readonly target: Cell["target"];
  readonly entrance: Entrance;
  readonly healthPath: string;
  readonly kubernetes: Compute["provider"];
  readonly kubeconfig: pulumi.Output<string>;
  readonly database: Cell["database"];
  readonly revision: Cell["revision"];
  readonly ready: pulumi.Resource[];

  constructor(
    name: string,
    args: CellArgs & { network?: CellNetwork; access: pulumi.Resource[] },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { config, sharedDatabase: shared } = args;
    // The customer's secrets stay out of the component's own inputs.
    super("javelin:gcp:Cell", name, { config }, opts);
    const { prefix, region, protect, customerKey } = config;
    const { services } = config.gateway;
    const { zones } = config.network;
    const { serviceCidr } = config.kubernetes;
    const child = (role: string) => `${name}-${role}`;
    if (config.project === undefined) throw new Error(`cell ${config.name}: project is required on gcp`);
    const { project } = config;

    const provider = new gcp.Provider(
      child("gcp"),
      { project, region, defaultLabels: { "javelin-cell": config.name, "javelin-deployment": prefix } },
      { parent: this },
    );
    const parent: pulumi.ComponentResourceOptions = { parent: this, providers: [provider] };

    const network = new Network(
      child("network"),
      {
        prefix,
        region,
        cidr: config.network.cidr,
        podCidr: config.kubernetes.podCidr,
        serviceCidr,
        ...(args.network && { existing: args.network }),
      },
      parent,
    );
    const { apis, plan } = network;
    const secrets = new Secrets(
      child("secrets"),
      {
        prefix,
        region,
        project,
        protect,
        users: customerKey ? ["compute", "redis", "sqladmin"] : [],
        databaseUsername,
        ...(shared && { databasePassword: shared.password }),
        customer: asDocuments(args.secrets),
        apis,
      },
      parent,
    );

    const store = { prefix, region, networkId: network.networkId, protect, apis };
    const database = new Database(
      child("database"),
      {
        ...store,
        project,
        endpointSubnetId: network.subnetIds.endpoint,
        zones,
        ...(customerKey && { keyId: secrets.keyFor("sqladmin") }),
        version: config.database.version,
        tier: config.database.instanceClass,
        reader: config.database.reader,
        databaseName,
        username: databaseUsername,
        password: secrets.databasePassword,
        ...(shared?.keeper && {
          replication: { ...(shared.source && { source: shared.source }), keeper: shared.keeper },
        }),
        backupDays: config.database.backupDays,
      },
      parent,
    );
    const cache = new Cache(
      child("cache"),
      {
        ...store,
        reservedRange: plan.cache,
        ...(customerKey && { keyId: secrets.keyFor("redis") }),
        version: redisVersion,
        memoryGiB: parseInt(config.cache.nodeType, 10),
      },
      parent,
    );

    const nodeServiceAccount = new NodeIdentity(child("nodes"), { prefix, project, apis }, parent).email;
    const firewall = new Firewall(
      child("firewall"),
      {
        prefix,
        network,
        inspected: config.network.inspected,
        allowedDomains: config.egress.domains,
        ingressAllow: config.ingress.allow,
        adminAllow: config.ingress.admin,
        requestsPerMinute: config.ingress.requestsPerMinute,
        readOnly: shared?.source !== undefined,
        nodePorts: gateway.nodePorts(services),
        nodeServiceAccount,
      },
      parent,
    );
    const compute = new Compute(
      child("compute"),
      {
        prefix,
        region,
        project,
        version: config.kubernetes.version,
        networkId: network.networkId,
        subnetId: network.subnetIds.node,
        podRangeName: network.podRangeName,
        serviceRangeName: network.serviceRangeName,
        zones,
        access: args.access,
        nodeServiceAccount,
        nodes: config.kubernetes.nodes,
        gpu: config.kubernetes.gpu,
        gpuZones: config.kubernetes.gpuZones,
        keyId: secrets.keyFor("container"),
        ...(customerKey && { diskKeyId: secrets.keyFor("compute") }),
        protect,
        ready: [network, ...firewall.ready],
      },
      parent,
    );
    const inCluster = { ...parent, providers: [provider, compute.provider] };

    const identities = gateway.cloudWorkloads(services).map((workload) => {
      const access = workload === "admin" ? "write" : "read";
      const identity = new WorkloadIdentity(
        child(`identity-${workload}`),
        {
          accountId: physicalName("gcp:serviceAccount", prefix, workload),
          project,
          namespace,
          serviceAccount: gateway.objectName(workload),
          grants: [
            ...modelGrants(),
            ...secretGrants(secrets.gatewaySecrets, access),
            ...keyGrants(secrets.keyId, access),
          ],
          workloadPool: compute.workloadPool,
        },
        parent,
      );
      return { workload, identity };
    });

    const environment = {
      GOOGLE_CLOUD_PROJECT: project,
      GOOGLE_CLOUD_LOCATION: region,
      // Empty, so that Google's libraries ask the metadata server for the workload's own identity.
      GOOGLE_APPLICATION_CREDENTIALS: "",
    };
    // Memorystore's certificates are of an authority of its own.
    const trust = { REDIS_CACERT: cache.caCertificate };
    const cloudEnv = gateway.workloads(services).map(({ name: workload, egress }) => {
      const known = identities.some((each) => each.workload === workload);
      return [workload, { ...(known && environment), ...(egress.includes("cache") && trust) }] as const;
    });
    const workloads = new Gateway(
      child("gateway"),
      {
        namespace,
        services,
        ...gatewayBasics(config),
        zones: zones.length,
        secretStore: "gcp",
        // Dataplane V2 matches no node by its address, so the load balancer's own has to arrive.
        exposure: { nodePorts: "Local" },
        cloudEnv: Object.fromEntries(cloudEnv),
        serviceAccounts: Object.fromEntries(
          identities.map(({ workload, identity }) => [workload, identity.serviceAccount]),
        ),
        database: {
          host: database.endpoint,
          port: database.port,
          name: databaseName,
          username: databaseUsername,
          password: secrets.databasePassword,
          readOnly: !database.writable,
        },
        cache: { host: cache.endpoint, port: cache.port, password: cache.password },
        ...args.secrets,
        peers: {
          clientCidrs: [...loadBalancerRanges],
          database: { cidrs: [plan.endpoint], port: database.port },
          cache: { cidrs: [plan.cache], port: cache.port },
          clusterCidrs: [config.network.cidr, network.podCidr, serviceCidr],
          endpointCidrs: [googleApis.cidr],
          identityEndpoints: metadataServer,
        },
      },
      { ...inCluster, dependsOn: identities.flatMap(({ identity }) => identity.ready) },
    );

    const routed = {
      project,
      hosts: config.hosts,
      backends: gateway.publicBackends(services),
      hiddenPaths: gateway.hiddenPaths(services),
      protect,
    };
    const loadBalancer = new LoadBalancer(
      child("loadBalancer"),
      {
        ...routed,
        prefix,
        securityPolicy: firewall.securityPolicyId,
        zone: args.zone,
        zones,
        instanceGroupUrls: compute.instanceGroupUrls,
        idleTimeout: config.ingress.idleTimeoutSeconds,
        apis,
      },
      parent,
    );

    const sync = syncRoutes(child("routes"), args, workloads, inCluster);

    this.name = config.name;
    this.region = region;
    this.origin = config.hosts.origin;
    this.target = { address: loadBalancer.address };
    const { groups, ports } = loadBalancer;
    this.entrance = { ...routed, groups, ports, ingress: config.ingress };
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

/** The grants of a project's admins, made with the first of its cells and shared by the others. */
export function projectAdmins(
  { project, kubernetes }: CellConfig,
  made: Map<string, ProjectAdmins>,
): pulumi.Resource[] {
  if (project === undefined || kubernetes.admins.length === 0) return [];
  const name = `admins-${project}`;
  const admins =
    made.get(project) ??
    new ProjectAdmins(
      name,
      { project, members: kubernetes.admins },
      { providers: [new gcp.Provider(name, { project })] },
    );
  made.set(project, admins);
  return admins.grants;
}
