import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as azure from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { Cache } from "../components/azure/cache.js";
import { Compute } from "../components/azure/compute.js";
import { Database } from "../components/azure/database.js";
import { Firewall } from "../components/azure/firewall.js";
import { WorkloadIdentity } from "../components/azure/identity.js";
import { internalService } from "../components/azure/internalService.js";
import { LoadBalancer } from "../components/azure/loadBalancer.js";
import { Network, type CellNetwork } from "../components/azure/network.js";
import { gatewayRoles } from "../components/azure/roles.js";
import { Secrets } from "../components/azure/secrets.js";
import { serviceAddress } from "../components/azure/subnets.js";
import { Gateway } from "../components/kubernetes/gateway.js";
import * as gateway from "../components/kubernetes/selection.js";
import type { Cell, CellArgs } from "./cell.js";
import { databaseName, databaseUsername, gatewayBasics, namespace, syncRoutes } from "./gatewayArgs.js";
import { asDocuments } from "./customerSecrets.js";

/** A gateway in one Azure region: the components composed, from the network outwards to the load balancer. */
export class AzureCell extends pulumi.ComponentResource implements Cell {
  readonly name: string;
  readonly cloud = "azure";
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
    super("javelin:azure:Cell", name, { config }, opts);
    const { prefix, region, protect, logRetentionDays, customerKey } = config;
    const { services } = config.gateway;
    const { zones, inspected } = config.network;
    const child = (role: string) => `${name}-${role}`;

    const provider = new azure.Provider(
      child("azure"),
      { location: region, ...(config.subscription !== undefined && { subscriptionId: config.subscription }) },
      { parent: this },
    );
    const parent: pulumi.ComponentResourceOptions = { parent: this, providers: [provider] };
    const { tenantId, subscriptionId, objectId } = authorization.getClientConfigOutput({
      parent: this,
      provider,
    });

    const network = new Network(
      child("network"),
      {
        prefix,
        region,
        subscriptionId,
        cidr: config.network.cidr,
        zones,
        inspected,
        logRetentionDays,
        ...(args.network && { existing: args.network }),
      },
      parent,
    );
    const { plan, subnetIds, privateZoneIds, resourceGroupName, workspaceId } = network;
    const place = { prefix, region, resourceGroupName };
    const secrets = new Secrets(
      child("secrets"),
      {
        ...place,
        tenantId,
        endpointSubnetId: subnetIds.endpoint,
        privateZoneId: privateZoneIds.vault,
        protect,
        databaseUsername,
        ...(shared && { databasePassword: shared.password }),
        customer: asDocuments(args.secrets),
        customerKey,
        workspaceId,
      },
      parent,
    );
    const key = secrets.key && { key: secrets.key };
    const backends = gateway.publicBackends(services);
    const firewall = new Firewall(
      child("firewall"),
      {
        prefix,
        region,
        network,
        allowedDomains: config.egress.domains,
        ingressAllow: config.ingress.allow,
        adminAllow: config.ingress.admin,
        requestsPerMinute: config.ingress.requestsPerMinute,
        readOnly: shared?.source !== undefined,
        servicePorts: backends.map(({ containerPort }) => containerPort),
        podCidr: config.kubernetes.podCidr,
        ...(shared?.way && { databasePeers: shared.way.peers }),
      },
      parent,
    );

    const database = new Database(
      child("database"),
      {
        ...place,
        ...config.database,
        ...key,
        subscriptionId,
        zones,
        subnetId: subnetIds.data,
        privateZoneId: privateZoneIds.postgres,
        databaseName,
        username: databaseUsername,
        password: secrets.databasePassword,
        ...(shared?.keeper && {
          replication: {
            ...(shared.source && { source: shared.source }),
            keeper: shared.keeper,
            connected: shared.way?.connect(network.virtualNetworkId) ?? [],
          },
        }),
        protect,
        workspaceId,
      },
      // Its archive needs the rule that lets it through, before the one that closes its tier.
      { ...parent, dependsOn: firewall.ready },
    );
    const cache = new Cache(
      child("cache"),
      {
        ...place,
        subscriptionId,
        endpointSubnetId: subnetIds.endpoint,
        privateZoneId: privateZoneIds.redis,
        sku: config.cache.nodeType,
        highAvailability: config.cache.replicas > 0,
        protect,
        workspaceId,
      },
      parent,
    );

    const compute = new Compute(
      child("compute"),
      {
        ...place,
        ...key,
        tenantId,
        deployerObjectId: objectId,
        version: config.kubernetes.version,
        subnetId: subnetIds.node,
        routeTableId: network.routeTableId,
        routed: network.routed,
        apiAccess: config.kubernetes.apiAccess,
        egressAddresses: firewall.egressAddresses,
        admins: config.kubernetes.admins,
        zones,
        serviceCidr: config.kubernetes.serviceCidr,
        podCidr: config.kubernetes.podCidr,
        nodes: config.kubernetes.nodes,
        gpu: config.kubernetes.gpu,
        workspaceId,
        protect,
        ready: firewall.ready,
      },
      parent,
    );
    const inCluster = { ...parent, providers: [provider, compute.provider] };

    const identities = gateway.cloudWorkloads(services).map((workload) => ({
      workload,
      identity: new WorkloadIdentity(
        child(`identity-${workload}`),
        {
          ...place,
          workload,
          oidcIssuerUrl: compute.oidcIssuerUrl,
          namespace,
          serviceAccount: gateway.objectName(workload),
          roles: gatewayRoles({
            vaultId: secrets.gatewayVaultId,
            access: workload === "admin" ? "write" : "read",
            openAiAccountIds: [],
          }),
        },
        parent,
      ),
    }));

    const addresses = Object.fromEntries(
      backends.map(({ name: service, port }) => [service, serviceAddress(plan, gateway.publicIndex(port))]),
    );
    const workloads = new Gateway(
      child("gateway"),
      {
        namespace,
        services,
        ...gatewayBasics(config),
        zones: zones.length,
        secretStore: "azure",
        exposure: {
          loadBalancers: Object.fromEntries(
            Object.entries(addresses).map(([service, address]) => [
              service,
              internalService(address, config.ingress.idleTimeoutSeconds),
            ]),
          ),
        },
        cloudEnv: Object.fromEntries(
          identities.map(({ workload }) => [workload, { AZURE_KEY_VAULT_URL: secrets.gatewayVaultUri }]),
        ),
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
          clientCidrs: [plan.gateway],
          database: { cidrs: [plan.data], port: database.port },
          cache: { cidrs: [plan.endpoint], port: cache.port },
          clusterCidrs: [config.network.cidr, config.kubernetes.podCidr, config.kubernetes.serviceCidr],
          endpointCidrs: [plan.endpoint],
        },
      },
      { ...inCluster, dependsOn: identities.flatMap(({ identity }) => identity.ready) },
    );

    const { own, acme } = args.certificate;
    const loadBalancer = new LoadBalancer(
      child("loadBalancer"),
      {
        ...place,
        subscriptionId,
        subnetId: subnetIds.gateway,
        wafPolicyId: firewall.wafPolicyId,
        hosts: config.hosts,
        backends: backends.map(({ containerPort, ...backend }) => ({
          ...backend,
          port: containerPort,
          address: addresses[backend.name]!,
        })),
        hiddenPaths: gateway.hiddenPaths(services),
        certificate: own ?? { acme: { serverUrl: acme.server, ...acme }, zone: args.zone },
        idleTimeout: config.ingress.idleTimeoutSeconds,
        workspaceId,
        protect,
      },
      // An Application Gateway whose subnet does not admit its management never comes up.
      { ...parent, dependsOn: firewall.ready },
    );

    const sync = syncRoutes(child("routes"), args, workloads, inCluster);

    this.name = config.name;
    this.region = region;
    this.origin = config.hosts.origin;
    this.target = { address: loadBalancer.address };
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
