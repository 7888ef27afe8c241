import { createHash } from "node:crypto";
import type { Invoke, Props, World } from "../behaviour.js";
import { plain } from "../publicDns.js";
import { seeded } from "../world.js";
import {
  enabledApi,
  gcpResource,
  isTrue,
  matches,
  objects,
  oneOf,
  project,
  refuseUnless,
  relative,
  text,
  toGcp,
} from "./common.js";

export const managedZone = "gcp:dns/managedZone:ManagedZone";
export const api = "dns.googleapis.com";
export const recordSet = "gcp:dns/recordSet:RecordSet";

/** A DNS name as Cloud DNS takes it: labels with a dot after each, a wildcard only in front. */
export const dnsName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+$/i;

const isPrivate = (inputs: Props) => text(inputs, "visibility") === "private";

/** The networks that a private zone answers in. */
const networksOf = (inputs: Props): string[] =>
  objects(inputs, "privateVisibilityConfig.networks").flatMap((each) => {
    const url = text(each, "networkUrl");
    return url === undefined ? [] : [relative(url)];
  });

function nameServers(zone: string): string[] {
  const group = "abcde"[parseInt(createHash("sha256").update(zone).digest("hex").slice(0, 4), 16) % 5];
  return [1, 2, 3, 4].map((i) => `ns-cloud-${group}${i}.googledomains.com.`);
}

/** An unsigned 64-bit number, as the API gives one. */
const zoneNumber = (digits: string): string => String(BigInt(`0x${digits}`) >> 1n);

export const zone = gcpResource({
  source:
    "dns.v1 discovery, ManagedZone, managedZones.create and delete; provider docs of gcp.dns.ManagedZone",
  path: "projects/{project}/managedZones/{name}",
  api,
  required: ["dnsName"],
  replaces: [
    "dnsName",
    "dnssecConfig.nonExistence",
    "privateVisibilityConfig.gkeClusters",
    "reverseLookup",
    "serviceDirectoryConfig",
    "visibility",
  ],
  defaults: () => ({ description: "Managed by Pulumi", forceDestroy: false, visibility: "public" }),
  check: (inputs) => [
    ...matches(inputs, "dnsName", dnsName, "a DNS name with a dot at its end"),
    ...oneOf(inputs, "visibility", ["private", "public"]),
    ...oneOf(inputs, "dnssecConfig.state", ["off", "on", "transfer"]),
  ],
  references: {
    "privateVisibilityConfig.networks[].networkUrl": toGcp(["gcp:compute/network:Network"]),
    "peeringConfig.targetNetwork.networkUrl": toGcp(["gcp:compute/network:Network"]),
  },
  admit: (inputs, context) => {
    const name = text(inputs, "dnsName") ?? "";
    refuseUnless(
      isPrivate(inputs) || inputs["privateVisibilityConfig"] === undefined,
      "invalid",
      `googleapi: Error 400: The 'entity.managedZone.privateVisibilityConfig' parameter is for private zones only: ${name}`,
    );
    for (const network of isPrivate(inputs) ? networksOf(inputs) : []) {
      const rival = context.world
        .list(managedZone)
        .find(
          (other) =>
            other.id !== context.current?.id &&
            isPrivate(other.inputs) &&
            other.inputs["dnsName"] === inputs["dnsName"] &&
            networksOf(other.inputs).includes(network),
        );
      refuseUnless(
        rival === undefined,
        "conflict",
        `googleapi: Error 409: The network '${network}' is already bound to the zone '${rival?.id ?? ""}' for ${name}`,
      );
    }
  },
  outputs: (inputs, context) => ({
    ...(context.current === undefined && {
      creationTime: context.now(),
      managedZoneId: zoneNumber(context.hex(16)),
      nameServers: isPrivate(inputs)
        ? ["ns-gcp-private.googledomains.com."]
        : nameServers(`${project(inputs, context)}/${text(inputs, "name") ?? ""}`),
    }),
  }),
  release: ({ id, inputs }, { world }) => {
    const left = world.list(recordSet).filter((record) => record.id.startsWith(`${id}/rrsets/`));
    refuseUnless(
      left.length === 0 || isTrue(inputs, "forceDestroy"),
      "containerNotEmpty",
      `googleapi: Error 400: The resource named '${text(inputs, "name") ?? ""}' cannot be deleted because it contains one or more 'resource records'.`,
    );
  },
});

const answer = (state: Props, id: string): Props => ({
  id,
  project: state["project"],
  name: state["name"],
  dnsName: state["dnsName"],
  description: state["description"],
  managedZoneId: state["managedZoneId"],
  nameServers: state["nameServers"],
  visibility: state["visibility"],
});

/** Every zone of the project. */
export const getManagedZones: Invoke = (args, context) => ({
  id: `projects/${project(args, context)}/managedZones`,
  project: project(args, context),
  managedZones: context.world
    .list(managedZone)
    .filter(({ state }) => state["project"] === project(args, context))
    .map(({ state, id }) => answer(state, id)),
});

/** The public zone that every new world has, delegated as a domain's owner would have done, and the API behind it. */
export function seed(world: World, name = "example.com", projectId = "example-project"): void {
  const inputs = { name: name.replaceAll(".", "-"), dnsName: `${name}.`, project: projectId };
  const id = `projects/${projectId}/managedZones/${inputs.name}`;
  if (world.find(managedZone, id)) return;
  const state = {
    ...inputs,
    description: "The domain's own zone",
    managedZoneId: zoneNumber(
      createHash("sha256")
        .update(`${world.account}/${plain(name)}`)
        .digest("hex")
        .slice(0, 16),
    ),
    nameServers: nameServers(id),
    visibility: "public",
  };
  const owned = { region: "global", owner: seeded };
  world.add({ type: managedZone, id, inputs, state, ...owned });
  const enabled = { project: projectId, service: api };
  world.add({ type: enabledApi, id: `${projectId}/${api}`, inputs: enabled, state: enabled, ...owned });
}
