import type { Props, WorldObject } from "../../local/behaviour.js";
import { instanceGroup, instanceGroupId } from "../../local/gcp/instanceGroups.js";
import { selfLink } from "../../local/gcp/common.js";
import { FakeWorld } from "./fakeWorld.js";

export const edge = {
  service: "gcp:projects/service:Service",
  zone: "gcp:dns/managedZone:ManagedZone",
  record: "gcp:dns/recordSet:RecordSet",
  authorization: "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
  certificate: "gcp:certificatemanager/certificate:Certificate",
  certificateMap: "gcp:certificatemanager/certificateMap:CertificateMap",
  entry: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
  check: "gcp:compute/healthCheck:HealthCheck",
  port: "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort",
  backend: "gcp:compute/backendService:BackendService",
  policy: "gcp:networkservices/serviceLbPolicies:ServiceLbPolicies",
  map: "gcp:compute/uRLMap:URLMap",
  tls: "gcp:compute/sSLPolicy:SSLPolicy",
  https: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
  http: "gcp:compute/targetHttpProxy:TargetHttpProxy",
  address: "gcp:compute/globalAddress:GlobalAddress",
  rule: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
} as const;

const managed = { loadBalancingScheme: "EXTERNAL_MANAGED" };

/** A project that has the delegated zone and nodes in one zone of a region, and what makes an entrance there. */
export class GcpEdge {
  readonly cloud = new FakeWorld("europe-west1", "example-project");
  readonly group: string;

  constructor() {
    for (const api of ["compute", "dns", "certificatemanager"])
      this.cloud.make(edge.service, { service: `${api}.googleapis.com` });
    const id = instanceGroupId("example-project", "europe-west1-b", "gke-nodes-grp");
    this.group = selfLink(id);
    const state = { name: "gke-nodes-grp", zone: "europe-west1-b", namedPorts: [], selfLink: this.group };
    this.cloud.world.add({
      type: instanceGroup,
      id,
      region: "europe-west1",
      inputs: {},
      state,
      owner: "pool",
    });
  }

  make(type: keyof typeof edge, inputs: Props): WorldObject {
    return this.cloud.make(edge[type], inputs);
  }

  networkServices(): void {
    this.make("service", { service: "networkservices.googleapis.com" });
  }

  record(more: Props = {}): WorldObject {
    return this.make("record", {
      managedZone: "example-com",
      name: "api.example.com.",
      type: "A",
      ttl: 30,
      rrdatas: ["34.1.2.3"],
      ...more,
    });
  }

  authorization(more: Props = {}): WorldObject {
    const inputs = { name: "api", domain: "api.example.com", type: "PER_PROJECT_RECORD" };
    return this.make("authorization", { ...inputs, ...more });
  }

  certificate(more: Props = {}, authorization = this.authorization()): WorldObject {
    const domains = [authorization.state["domain"]];
    return this.make("certificate", {
      name: "cell",
      managed: { domains, dnsAuthorizations: [authorization.id], ...more },
    });
  }

  port(more: Props = {}): WorldObject {
    return this.make("port", {
      group: this.group,
      zone: "europe-west1-b",
      name: "core",
      port: 30010,
      ...more,
    });
  }

  check(more: Props = {}, http: Props = {}): WorldObject {
    const httpHealthCheck = { portSpecification: "USE_SERVING_PORT", requestPath: "/health", ...http };
    return this.make("check", { name: "core", httpHealthCheck, ...more });
  }

  backend(more: Props = {}): WorldObject {
    return this.make("backend", {
      name: "core",
      portName: "core",
      protocol: "HTTP",
      ...(!("healthChecks" in more) && { healthChecks: this.check().id }),
      backends: [{ group: this.group, balancingMode: "UTILIZATION" }],
      ...managed,
      ...more,
    });
  }

  /** A backend with a port, ready to be named in a map. */
  service(): string {
    this.port();
    return this.backend().id;
  }

  map(more: Props = {}): WorldObject {
    return this.make("map", { name: "routes", ...more });
  }

  frontend(more: Props = {}, map = this.map({ defaultService: this.service() })): WorldObject {
    const proxy = this.make("http", { name: "plain", urlMap: map.id });
    const address = this.make("address", { name: "entrance" });
    return this.make("rule", {
      name: "plain",
      target: proxy.id,
      ipAddress: address.state["address"],
      portRange: "80",
      ...managed,
      ...more,
    });
  }
}
