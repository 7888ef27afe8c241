import type { Props, WorldObject } from "../../local/behaviour.js";
import { FakeWorld } from "./fakeWorld.js";

/** Tokens of the types that networks are made of. */
export const token = {
  service: "gcp:projects/service:Service",
  network: "gcp:compute/network:Network",
  subnet: "gcp:compute/subnetwork:Subnetwork",
  router: "gcp:compute/router:Router",
  nat: "gcp:compute/routerNat:RouterNat",
  firewall: "gcp:compute/firewall:Firewall",
  firewallPolicy: "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules",
  association: "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
  securityPolicy: "gcp:compute/securityPolicy:SecurityPolicy",
  dnsPolicy: "gcp:dns/policy:Policy",
} as const;

/** A project with a network in it, and what may be made there. */
export class GcpNetwork {
  readonly cloud = new FakeWorld("europe-west1", "proj-1");
  readonly network: WorldObject;

  constructor() {
    for (const service of ["compute.googleapis.com", "dns.googleapis.com"])
      this.cloud.make(token.service, { service });
    this.network = this.addNetwork("net");
  }

  addNetwork(name: string, more: Props = {}): WorldObject {
    return this.cloud.make(token.network, { name, autoCreateSubnetworks: false, ...more });
  }

  subnet(ipCidrRange: string, more: Props = {}): WorldObject {
    return this.cloud.make(token.subnet, { name: "nodes", network: this.network.id, ipCidrRange, ...more });
  }

  router(more: Props = {}): WorldObject {
    return this.cloud.make(token.router, { name: "router", network: this.network.id, ...more });
  }

  nat(subnets: string[], more: Props = {}): WorldObject {
    return this.cloud.make(token.nat, {
      name: "nat",
      router: "router",
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: subnets.map((name) => ({ name, sourceIpRangesToNats: ["ALL_IP_RANGES"] })),
      ...more,
    });
  }

  firewallPolicy(rules: Props[], name = "egress"): WorldObject {
    return this.cloud.make(token.firewallPolicy, { name, rules });
  }

  associate(firewallPolicy = "egress", attachmentTarget = this.network.id, name = "egress"): WorldObject {
    return this.cloud.make(token.association, { name, firewallPolicy, attachmentTarget });
  }
}

/** A rule that lets HTTPS out to a block. */
export const egress = (priority: number, more: Props = {}): Props => ({
  priority,
  direction: "EGRESS",
  action: "allow",
  match: { destIpRanges: ["10.0.0.0/8"], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
  ...more,
});
