import type { Props, WorldObject } from "../../local/behaviour.js";
import { FakeWorld } from "./fakeWorld.js";

/** Tokens of the types that stores and gateways stand on. */
const token = {
  group: "azure-native:resources:ResourceGroup",
  network: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  zone: "azure-native:privatedns:PrivateZone",
  link: "azure-native:privatedns:VirtualNetworkLink",
  address: "azure-native:network:PublicIPAddress",
  firewall: "azure-native:network:WebApplicationFirewallPolicy",
} as const;

const resourceGroupName = "rg";

/** A resource group with a network, and whatever is asked for in it. Nothing is made before it is asked for. */
export class AzureGround extends FakeWorld {
  private made = new Map<string, WorldObject>();

  constructor(readonly location = "westeurope") {
    super(location);
  }

  /** Makes a thing in the group and the region; its names come with the rest. */
  put(type: string, given: Props): WorldObject {
    this.one("group", () => this.make(token.group, { resourceGroupName, location: this.location }));
    return this.make(type, { resourceGroupName, ...given });
  }

  private one(key: string, make: () => WorldObject): WorldObject {
    const object = this.made.get(key) ?? make();
    this.made.set(key, object);
    return object;
  }

  network(): WorldObject {
    return this.one("network", () =>
      this.put(token.network, {
        virtualNetworkName: "net",
        location: this.location,
        addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
      }),
    );
  }

  subnet(subnetName: string, addressPrefix: string, more: Props = {}): WorldObject {
    this.network();
    return this.one(`subnet-${subnetName}`, () =>
      this.put(token.subnet, { virtualNetworkName: "net", subnetName, addressPrefix, ...more }),
    );
  }

  /** Delegated to flexible servers. */
  dataSubnet(addressPrefix = "10.20.1.0/28"): WorldObject {
    return this.subnet("data", addressPrefix, {
      delegations: [{ name: "postgres", serviceName: "Microsoft.DBforPostgreSQL/flexibleServers" }],
    });
  }

  /** A private zone, linked to the network. */
  privateZone(privateZoneName: string, linked = true): WorldObject {
    return this.one(`zone-${privateZoneName}`, () => {
      const zone = this.put(token.zone, { privateZoneName, location: "global" });
      if (linked)
        this.put(token.link, {
          privateZoneName,
          virtualNetworkLinkName: "net",
          location: "global",
          virtualNetwork: { id: this.network().id },
          registrationEnabled: false,
        });
      return zone;
    });
  }

  publicIp(more: Props = {}, publicIpAddressName = "address"): WorldObject {
    return this.one(`address-${publicIpAddressName}`, () =>
      this.put(token.address, {
        publicIpAddressName,
        location: this.location,
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        zones: ["1", "2", "3"],
        ...more,
      }),
    );
  }

  wafPolicy(): WorldObject {
    return this.one("waf", () =>
      this.put(token.firewall, {
        policyName: "waf",
        location: this.location,
        managedRules: {
          managedRuleSets: [{ ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" }],
        },
      }),
    );
  }
}
