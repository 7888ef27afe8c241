import type { Behaviour, Context, Props, World, WorldObject } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import {
  arm,
  nameOf,
  number,
  parentOf,
  plainLocation,
  refuseName,
  refuseUnless,
  text,
  texts,
} from "./common.js";
import { peeringType } from "./peerings.js";
import type { StoredWorld } from "../world.js";

export const serverType = "azure-native:dbforpostgresql:Server";
export const endpointType = "azure-native:dbforpostgresql:VirtualEndpoint";

/** Source: Azure Database for PostgreSQL, "Read replicas". */
const mostReplicas = 5;

export const isReplica = (state: Props | undefined): boolean =>
  (text(state, "sourceServerResourceId") ?? "") !== "";

export const replicasOf = (world: World, id: string): WorldObject[] =>
  world.list(serverType).filter(({ state }) => state["sourceServerResourceId"] === id);

/** What a server may be that follows another. Source: "Read replicas" and "Geo-replication", considerations. */
export function checkReplica(inputs: Props, context: Context): void {
  const { current, world } = context;
  if (text(inputs, "createMode") !== "Replica" || current) return;
  const id = text(inputs, "sourceServerResourceId");
  refuseUnless(id !== undefined, "MissingRequiredParameter", "sourceServerResourceId must be given.");
  const source = world.find(serverType, id ?? "");
  if (!source)
    throw new CloudError("ResourceNotFound", `The source server ${String(id)} could not be found.`);
  refuseUnless(
    !isReplica(source.state),
    "OperationNotAllowedOnReplica",
    `The server ${nameOf(source.id)} is a read replica itself.`,
  );
  for (const each of [source.inputs, inputs])
    refuseUnless(
      text(each, "sku.tier") !== "Burstable",
      "ReadReplicaNotSupportedForBurstable",
      "Read replicas are not supported for the Burstable tier.",
    );
  refuseUnless(
    replicasOf(world, source.id).length < mostReplicas,
    "ReadReplicaLimitReached",
    `A server has at most ${mostReplicas} read replicas.`,
  );
  const version = text(inputs, "version");
  refuseUnless(
    version === undefined || version === text(source.inputs, "version"),
    "InvalidParameterValue",
    `The version ${String(version)} of a read replica must be the one of its source server.`,
  );
  const [own, wanted] = [inputs, source.inputs].map((each) => number(each, "storage.storageSizeGB"));
  refuseUnless(
    own === undefined || wanted === undefined || own >= wanted,
    "InvalidParameterValue",
    `The storage of a read replica must not be smaller than the ${String(wanted)} GB of its source server.`,
  );
  refuseUnless(
    (text(inputs, "highAvailability.mode") ?? "Disabled") === "Disabled",
    "HighAvailabilityNotSupportedForReadReplica",
    "High availability can't be enabled on a read replica.",
  );
  for (const property of ["administratorLogin", "administratorLoginPassword"])
    refuseUnless(
      text(inputs, property) === undefined,
      "InvalidParameterValue",
      `${property} can't be given for a read replica: it has its source server's.`,
    );
  checkConnected(inputs, source, world);
}

/** Servers in virtual networks replicate over these. Source: "Network with private access", across regions. */
function checkConnected(inputs: Props, source: WorldObject, world: World): void {
  const [own, other] = [inputs, source.inputs].map((each) =>
    parentOf(text(each, "network.delegatedSubnetResourceId") ?? ""),
  ) as [string, string];
  if (own === other) return;
  const peered = (from: string, to: string) =>
    world
      .list(peeringType)
      .some(({ id, inputs: each }) => parentOf(id) === from && text(each, "remoteVirtualNetwork.id") === to);
  refuseUnless(
    peered(own, other) && peered(other, own),
    "ReplicationNetworkNotReachable",
    `The source server ${nameOf(source.id)} can't be reached from the virtual network ${nameOf(own)}: peer the two, in both directions.`,
  );
}

/** What changes only where the writes are. */
export function checkReplicaUpdate(inputs: Props, { current }: Context): void {
  if (!isReplica(current?.state)) return;
  refuseUnless(
    inputs["administratorLoginPassword"] === current?.inputs["administratorLoginPassword"],
    "OperationNotAllowedOnReplica",
    "The administrator's password of a read replica can't be changed: it is its source server's.",
  );
  refuseUnless(
    (text(inputs, "highAvailability.mode") ?? "Disabled") === "Disabled",
    "HighAvailabilityNotSupportedForReadReplica",
    "High availability can't be enabled on a read replica.",
  );
}

export function replicaOutputs(inputs: Props, { current, world }: Context): Props {
  if (current) {
    const { administratorLogin, replicationRole, sourceServerResourceId } = current.state;
    return {
      administratorLogin: inputs["administratorLogin"] ?? administratorLogin,
      replicationRole,
      sourceServerResourceId: sourceServerResourceId ?? "",
    };
  }
  const source =
    text(inputs, "createMode") === "Replica" ? text(inputs, "sourceServerResourceId") : undefined;
  if (source === undefined) return { replicationRole: "Primary", sourceServerResourceId: "" };
  return {
    administratorLogin: world.find(serverType, source)?.state["administratorLogin"],
    replicationRole:
      plainLocation(text(world.find(serverType, source)?.inputs, "location") ?? "") ===
      plainLocation(text(inputs, "location") ?? "")
        ? "AsyncReplica"
        : "GeoAsyncReplica",
    sourceServerResourceId: source,
  };
}

/** Copies first. What is in a server goes with it. */
export function releaseServer({ id }: WorldObject, { world }: Context): void {
  const [replica] = replicasOf(world, id);
  refuseUnless(
    replica === undefined,
    "ReadReplicasExist",
    `The server ${nameOf(id)} can't be deleted while ${nameOf(replica?.id ?? "")} replicates it.`,
  );
  const held = ["Configuration", "Database"].map((each) => `azure-native:dbforpostgresql:${each}`);
  for (const type of [...held, endpointType])
    for (const object of world.list(type))
      if (parentOf(object.id) === id) world.add({ ...object, owner: id });
}

export const virtualEndpoint: Behaviour = arm({
  source:
    "Microsoft.DBforPostgreSQL/flexibleServers/virtualendpoints (Azure/bicep-types-az); Azure Database for PostgreSQL, virtual endpoints",
  type: "Microsoft.DBforPostgreSQL/flexibleServers/virtualendpoints",
  names: ["serverName", "virtualEndpointName"],
  parent: serverType,
  check: (inputs) =>
    refuseName(
      inputs,
      "virtualEndpointName",
      /^[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/,
      "3 to 63 lower-case letters, digits and hyphens, without a hyphen at either end.",
    ),
  unique: (inputs) => text(inputs, "virtualEndpointName"),
  taken: (key) => new CloudError("VirtualEndpointAlreadyExists", `The name ${key} is already used.`),
  admit: (inputs, context) => {
    const { world } = context;
    const name = text(inputs, "serverName") ?? "";
    const server = world.list(serverType).find((each) => each.inputs["serverName"] === name);
    refuseUnless(
      !isReplica(server?.state),
      "OperationNotAllowedOnReplica",
      `Virtual endpoints are made at the primary server; ${name} is a read replica.`,
    );
    refuseUnless(
      context.current !== undefined ||
        world
          .list(endpointType)
          .every(
            (each) =>
              parentOf(each.id) !== server?.id || each.state["name"] === inputs["virtualEndpointName"],
          ),
      "VirtualEndpointLimitReached",
      `The server ${name} has a pair of virtual endpoints already.`,
    );
    for (const member of texts(inputs, "members"))
      refuseUnless(
        member === name || replicasOf(world, server?.id ?? "").some(({ id }) => nameOf(id) === member),
        "InvalidParameterValue",
        `The member ${member} is not a replica of ${name}.`,
      );
  },
  outputs: (inputs) => {
    const name = text(inputs, "virtualEndpointName") ?? "";
    return {
      virtualEndpoints: ["writer", "reader"].map((role) => `${name}.${role}.postgres.database.azure.com`),
    };
  },
});

/**
 * What `promote` does in the mode switchover: the servers swap their parts, and the pair of endpoints becomes the
 * new primary's. Source: Azure Database for PostgreSQL, "Promote read replicas".
 */
export function promoteServer(world: StoredWorld, id: string): void {
  const target = world.find(serverType, id);
  if (!target) throw new CloudError("ResourceNotFound", `The server ${id} could not be found.`);
  const primary = world.find(serverType, text(target.state, "sourceServerResourceId") ?? "");
  if (!primary) throw new CloudError("OperationNotAllowed", `The server ${nameOf(id)} is no read replica.`);
  const pair = world.list(endpointType).find((each) => parentOf(each.id) === primary.id);
  refuseUnless(
    pair !== undefined && texts(pair.state, "members").includes(nameOf(id)),
    "VirtualEndpointRequired",
    `The server ${nameOf(id)} must be the reader of its primary's virtual endpoints.`,
  );
  for (const each of [primary, ...replicasOf(world, primary.id)])
    world.amend(serverType, each.id, {
      replicationRole: each.id === id ? "Primary" : "GeoAsyncReplica",
      sourceServerResourceId: each.id === id ? "" : id,
    });
  if (!pair) return;
  world.remove(pair);
  const inputs = { ...pair.inputs, serverName: nameOf(id), members: [nameOf(primary.id)] };
  world.put({ ...pair, id: pair.id.replace(primary.id, id), inputs, state: { ...pair.state, ...inputs } });
}

/** `virtual-endpoint delete` at a primary. */
export function dropPair(world: StoredWorld, id: string): void {
  for (const pair of world.list(endpointType)) if (parentOf(pair.id) === id) world.remove(pair);
}
