import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider, WorldObject } from "../behaviour.js";
import {
  addressAt,
  cidrContains,
  gcpResource,
  inRange,
  oneOf,
  pick,
  prefixLength,
  refuseUnless,
  relative,
  stateOf,
  text,
  toGcp,
} from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { created, toNetwork } from "./network.js";
import { subnetworkType } from "./subnetworks.js";

export const addressType = "gcp:compute/address:Address";
export const globalAddressType = "gcp:compute/globalAddress:GlobalAddress";
export const forwardingRule = "gcp:compute/forwardingRule:ForwardingRule";
export const globalForwardingRule = "gcp:compute/globalForwardingRule:GlobalForwardingRule";

const isInternal = (inputs: Props) => text(inputs, "addressType") === "INTERNAL";

/** The address that a rule's `ipAddress` means, by number, id or self link. */
export function reserved(value: string, { world }: Pick<Context, "world">): WorldObject | undefined {
  return [addressType, globalAddressType]
    .flatMap((type) => world.list(type))
    .find(({ id, state }) => id === relative(value) || state["address"] === value);
}

function subnetOf(
  inputs: Props,
  context: Pick<Context, "world">,
): { block: string; taken: Set<string> } | undefined {
  const subnet = text(inputs, "subnetwork");
  const block = text(stateOf(context, [subnetworkType], subnet), "ipCidrRange");
  if (subnet === undefined || block === undefined) return undefined;
  const taken = context.world
    .list(addressType)
    .filter(({ state }) => relative(text(state, "subnetwork") ?? "") === relative(subnet))
    .map(({ state }) => text(state, "address") ?? "");
  return { block, taken: new Set(taken) };
}

/** A free address of the subnet: all but its first two and last two. Source: VPC, "Subnets", unusable addresses. */
function free(inputs: Props, context: Context): string {
  const subnet = subnetOf(inputs, context);
  if (subnet === undefined) return `10.128.0.${2 + pick(context, 250)}`;
  const size = 2 ** (32 - prefixLength(subnet.block));
  for (let offset = 2; offset < size - 2; offset++) {
    const address = addressAt(subnet.block, offset);
    if (!subnet.taken.has(address)) return address;
  }
  throw new CloudError(
    "IP_SPACE_EXHAUSTED",
    `googleapi: Error 400: IP space of '${text(inputs, "subnetwork") ?? ""}' is exhausted.`,
  );
}

/** Refuses to give an address back while a rule answers on it. */
function refuseRelease(object: WorldObject, { world }: Pick<Context, "world">): void {
  const user = [forwardingRule, globalForwardingRule]
    .flatMap((type) => world.list(type))
    .find(({ state }) => state["ipAddress"] === object.state["address"]);
  if (user) throw inUse(object, user);
}

const common = {
  api: "compute.googleapis.com",
  inUse,
  release: refuseRelease,
  replaces: [
    ...["address", "addressType", "description", "ipVersion", "network", "networkTier"],
    ...["prefixLength", "purpose", "subnetwork"],
  ],
};

const address: Behaviour = gcpResource({
  ...common,
  source: "compute.v1 discovery, Address, addresses.insert and delete; provider docs of gcp.compute.Address",
  path: "projects/{project}/regions/{region}/addresses/{name}",
  defaults: () => ({ addressType: "EXTERNAL" }),
  check: (inputs) => [
    ...oneOf(inputs, "addressType", ["INTERNAL", "EXTERNAL"]),
    ...oneOf(inputs, "networkTier", ["PREMIUM", "STANDARD"]),
    ...oneOf(inputs, "ipVersion", ["IPV4", "IPV6"]),
    ...oneOf(inputs, "purpose", [
      ...["GCE_ENDPOINT", "SHARED_LOADBALANCER_VIP", "VPC_PEERING", "IPSEC_INTERCONNECT"],
      ...["PRIVATE_SERVICE_CONNECT", "DNS_RESOLVER"],
    ]),
    ...inRange(inputs, "prefixLength", 8, 30),
  ],
  references: { subnetwork: toGcp([subnetworkType]), network: toNetwork },
  admit: (inputs, context) => {
    for (const field of ["purpose", "subnetwork", "network"])
      if (!isInternal(inputs) && text(inputs, field) !== undefined)
        throw invalid(field, text(inputs, field) ?? "", "It is for internal addresses only.");
    if (isInternal(inputs) && text(inputs, "networkTier") !== undefined)
      throw invalid(
        "networkTier",
        String(inputs["networkTier"]),
        "The network tier cannot be specified for internal addresses.",
      );
    if (text(inputs, "purpose") === "PRIVATE_SERVICE_CONNECT")
      throw invalid(
        "purpose",
        "PRIVATE_SERVICE_CONNECT",
        "It can be specified for global internal addresses only.",
      );
    const given = text(inputs, "address");
    const subnet = subnetOf(inputs, context);
    if (given === undefined || subnet === undefined || context.current) return;
    if (!cidrContains(subnet.block, `${given}/32`))
      throw invalid("address", given, `It must be inside the subnetwork's range ${subnet.block}.`);
    refuseUnless(
      !subnet.taken.has(given),
      "resourceInUseByAnotherResource",
      `googleapi: Error 400: IP '${given}' is already being used by another resource.`,
    );
  },
  outputs: (inputs, context) => ({
    creationTimestamp: created(context),
    address:
      text(context.current?.state, "address") ??
      text(inputs, "address") ??
      (isInternal(inputs)
        ? free(inputs, context)
        : `34.${64 + pick(context, 60)}.${pick(context, 256, "b")}.${pick(context, 256, "c")}`),
    ...(isInternal(inputs)
      ? { purpose: text(inputs, "purpose") ?? "GCE_ENDPOINT", networkTier: "" }
      : { networkTier: text(inputs, "networkTier") ?? "PREMIUM" }),
    users: [],
  }),
});

const globalAddress: Behaviour = gcpResource({
  ...common,
  source: "compute.v1 discovery, Address, globalAddresses; provider docs of gcp.compute.GlobalAddress",
  path: "projects/{project}/global/addresses/{name}",
  defaults: () => ({ addressType: "EXTERNAL" }),
  check: (inputs) => [
    ...oneOf(inputs, "addressType", ["INTERNAL", "EXTERNAL"]),
    ...oneOf(inputs, "ipVersion", ["IPV4", "IPV6"]),
    ...oneOf(inputs, "purpose", ["VPC_PEERING", "PRIVATE_SERVICE_CONNECT"]),
  ],
  references: { network: toNetwork },
  admit: (inputs) => {
    for (const field of ["purpose", "network", "prefixLength"])
      if (!isInternal(inputs) && inputs[field] !== undefined)
        throw invalid(field, text(inputs, field) ?? "", "It is for internal addresses only.");
    if (isInternal(inputs) && text(inputs, "purpose") === undefined)
      throw invalid("purpose", "", "A global internal address needs a purpose.");
  },
  outputs: (inputs, context) => ({
    creationTimestamp: created(context),
    address:
      text(context.current?.state, "address") ??
      text(inputs, "address") ??
      `34.${120 + pick(context, 30)}.${pick(context, 256, "b")}.${pick(context, 256, "c")}`,
    users: [],
  }),
});

export const addresses: Provider = {
  types: { [addressType]: address, [globalAddressType]: globalAddress },
  invokes: {},
};
