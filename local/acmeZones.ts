import { CloudError } from "./behaviour.js";
import type { Props, World } from "./behaviour.js";
import { plain } from "./publicDns.js";
import { text } from "./rules.js";

/**
 * How an ACME client finds the zone that it writes a challenge into: lego's DNS providers, by their names. Source:
 * lego's documentation and providers/dns/{route53,azuredns,gcloud}.
 */

type Zones = Pick<World, "list">;
type Finder = (world: Zones, name: string, setting: (key: string) => string | undefined) => void;

const refuse = (provider: string, message: string): CloudError =>
  new CloudError("acme", `${provider}: ${message}`);

const within = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

const finders: Readonly<Record<string, Finder>> = {
  route53: (world, name, setting) => {
    if (setting("AWS_REGION") === undefined)
      throw refuse(
        "route53",
        "operation error Route 53: failed to resolve service endpoint, Invalid Configuration: Missing Region",
      );
    const id = setting("AWS_HOSTED_ZONE_ID");
    const zones = world.list("aws:route53/zone:Zone").filter(({ state }) => state["privateZone"] !== true);
    if (id === undefined) {
      if (!zones.some(({ state }) => within(name, plain(text(state, "name") ?? ""))))
        throw refuse(
          "route53",
          `failed to determine hosted zone ID: zone not found for domain _acme-challenge.${name}.`,
        );
      return;
    }
    const zone = zones.find((each) => each.id === id.replace(/^\/hostedzone\//, ""));
    if (!zone) throw refuse("route53", `NoSuchHostedZone: No hosted zone found with ID: ${id}`);
    const zoneName = plain(text(zone.state, "name") ?? "");
    if (!within(name, zoneName))
      throw refuse(
        "route53",
        `InvalidChangeBatch: RRSet with DNS name _acme-challenge.${name}. is not permitted in zone ${zoneName}.`,
      );
  },
  azuredns: (world, name, setting) => {
    const [subscription, group, named] = [
      "AZURE_SUBSCRIPTION_ID",
      "AZURE_RESOURCE_GROUP",
      "AZURE_ZONE_NAME",
    ].map(setting);
    const found = world.list("azure-native:dns:Zone").filter(({ id, state }) => {
      const [, , ownSubscription, , ownGroup] = id.split("/");
      return (
        text(state, "zoneType") === "Public" &&
        (subscription === undefined || subscription === ownSubscription) &&
        (group === undefined || group === ownGroup)
      );
    });
    const zones = found.map(({ state }) => plain(text(state, "zoneName") ?? ""));
    const zone = named === undefined ? zones.find((each) => within(name, each)) : plain(named);
    if (zone === undefined) throw refuse("azuredns", `could not find zone: ${name}.`);
    if (!zones.includes(zone)) throw refuse("azuredns", `zone ${zone} not found`);
    if (!within(name, zone))
      throw refuse(
        "azuredns",
        `no subdomain because the domain and the zone are not related: ${name}, ${zone}`,
      );
  },
  gcloud: (world, name, setting) => {
    const project = setting("GCE_PROJECT");
    if (project === undefined) throw refuse("googlecloud", "project name missing");
    const id = setting("GCE_ZONE_ID");
    const zones = world
      .list("gcp:dns/managedZone:ManagedZone")
      .filter(({ id: path }) => path.startsWith(`projects/${project}/`));
    const dnsName = (state: Props) => plain(text(state, "dnsName") ?? "");
    if (id !== undefined && !zones.some(({ state }) => text(state, "name") === id))
      throw refuse(
        "googlecloud",
        `API call ManagedZones.Get for explicit zone ID "${id}" in project "${project}" failed: googleapi: Error 404: The 'parameters.managedZone' resource named '${id}' does not exist., notFound`,
      );
    const fitting = zones.filter(
      ({ state }) => (id === undefined || text(state, "name") === id) && within(name, dnsName(state)),
    );
    if (fitting.length === 0) throw refuse("googlecloud", `no matching domain found for domain ${name}.`);
    if (!fitting.some(({ state }) => text(state, "visibility") !== "private"))
      throw refuse("googlecloud", `no public zone found for domain ${name}.`);
  },
};

/** @throws what lego says when the challenge's provider or its zone is not there */
export function challengedZone(world: Zones, name: string, challenge: Props): void {
  const provider = text(challenge, "provider") ?? "";
  const find = finders[provider];
  if (!find) throw new CloudError("acme", `unrecognized DNS provider: ${provider}`);
  const setting = (key: string) => text(challenge, `config.${key}`);
  find(world, plain(name.replace(/^\*\./, "")), setting);
}
