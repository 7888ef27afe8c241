import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import type { Failure } from "./common.js";
import {
  gcpResource,
  isTrue,
  lookupBy,
  number,
  objects,
  oneOf,
  relative,
  stateOf,
  text,
  texts,
  toGcp,
} from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { created, toNetwork } from "./network.js";
import { rangeNames, subnetworkType } from "./subnetworks.js";

const routerType = "gcp:compute/router:Router";
const natType = "gcp:compute/routerNat:RouterNat";

const router: Behaviour = gcpResource({
  source: "compute.v1 discovery, Router; provider docs of gcp.compute.Router",
  path: "projects/{project}/regions/{region}/routers/{name}",
  api: "compute.googleapis.com",
  required: ["network"],
  replaces: ["network", "encryptedInterconnectRouter"],
  references: { network: toNetwork },
  outputs: (_, context) => ({ creationTimestamp: created(context) }),
  inUse,
});

const everySubnet = /^ALL_SUBNETWORKS/;

function check(inputs: Props): Failure[] {
  const failures: Failure[] = [
    ...oneOf(inputs, "type", ["PUBLIC", "PRIVATE"]),
    ...oneOf(inputs, "natIpAllocateOption", ["AUTO_ONLY", "MANUAL_ONLY"]),
    ...oneOf(inputs, "sourceSubnetworkIpRangesToNat", [
      "ALL_SUBNETWORKS_ALL_IP_RANGES",
      "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES",
      "LIST_OF_SUBNETWORKS",
    ]),
    ...oneOf(inputs, "subnetworks[].sourceIpRangesToNats[]", [
      "ALL_IP_RANGES",
      "LIST_OF_SECONDARY_IP_RANGES",
      "PRIMARY_IP_RANGE",
    ]),
    ...oneOf(inputs, "logConfig.filter", ["ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL"]),
  ];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const dynamic = isTrue(inputs, "enableDynamicPortAllocation");
  if (dynamic && isTrue(inputs, "enableEndpointIndependentMapping"))
    fail("enableEndpointIndependentMapping", "cannot be true together with enableDynamicPortAllocation");
  const [low, high] = [number(inputs, "minPortsPerVm"), number(inputs, "maxPortsPerVm")];
  const power = (value: number) => value >= 32 && Number.isInteger(Math.log2(value));
  if (high !== undefined && inputs["enableDynamicPortAllocation"] === undefined)
    fail("maxPortsPerVm", "can only be set when enableDynamicPortAllocation is enabled");
  if (dynamic && low !== undefined && !power(low))
    fail("minPortsPerVm", "must be a power of two, 32 or more");
  if (dynamic && high !== undefined && (!power(high) || high <= (low ?? 32) || high > 65536))
    fail("maxPortsPerVm", "must be a power of two greater than minPortsPerVm, at most 65536");
  const manual = texts(inputs, "natIps").length > 0;
  const option = text(inputs, "natIpAllocateOption");
  if (option === "AUTO_ONLY" && manual) fail("natIps", "must be empty when natIpAllocateOption is AUTO_ONLY");
  if (inputs["natIpAllocateOption"] === undefined && text(inputs, "type") !== "PRIVATE")
    fail("natIpAllocateOption", "is required unless type is PRIVATE");
  const list = inputs["subnetworks"];
  const empty = list === undefined || (Array.isArray(list) && list.length === 0);
  const source = text(inputs, "sourceSubnetworkIpRangesToNat") ?? "";
  if (source === "LIST_OF_SUBNETWORKS" && empty)
    fail("subnetworks", "is required when sourceSubnetworkIpRangesToNat is LIST_OF_SUBNETWORKS");
  if (everySubnet.test(source) && !empty)
    fail("subnetworks", "can only be set when sourceSubnetworkIpRangesToNat is LIST_OF_SUBNETWORKS");
  return failures;
}

const networkOf = (nat: Props, context: Context): string =>
  relative(text(lookupBy(context, routerType, "name", text(nat, "router"))?.state, "network") ?? "");

function admit(inputs: Props, context: Context): void {
  const network = networkOf(inputs, context);
  const others = context.world
    .list(natType, context.region)
    .filter((o) => o.id !== context.current?.id && networkOf(o.inputs, context) === network);
  const source = text(inputs, "sourceSubnetworkIpRangesToNat") ?? "";
  const all = others.find((o) => everySubnet.test(text(o.inputs, "sourceSubnetworkIpRangesToNat") ?? ""));
  if (all || (everySubnet.test(source) && others.length > 0))
    throw invalid(
      "nats",
      text(inputs, "name") ?? "",
      `A NAT that serves all subnetworks must be the only one of its network and region; there is '${(all ?? others[0])?.id}'.`,
    );
  for (const each of objects(inputs, "subnetworks")) {
    const name = text(each, "name") ?? "";
    const subnet = stateOf(context, [subnetworkType], name);
    if (relative(text(subnet, "network") ?? "") !== network)
      throw invalid("nats[0].subnetworks", name, "The subnetwork must be in the network of the router.");
    const named = texts(each, "secondaryIpRangeNames");
    const listed = texts(each, "sourceIpRangesToNats").includes("LIST_OF_SECONDARY_IP_RANGES");
    const unknown = named.find((range) => !rangeNames(subnet).includes(range));
    if (unknown !== undefined || listed !== named.length > 0)
      throw invalid(
        "nats[0].subnetworks",
        unknown ?? name,
        "Secondary ranges must exist, and are named with LIST_OF_SECONDARY_IP_RANGES only.",
      );
    const taken = others.find((o) =>
      objects(o.inputs, "subnetworks").some((s) => relative(text(s, "name") ?? "") === relative(name)),
    );
    if (taken)
      throw invalid("nats[0].subnetworks", name, `The subnetwork is already served by '${taken.id}'.`);
  }
}

const nat: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, RouterNat; Cloud NAT, Address and port overview; provider docs of gcp.compute.RouterNat",
  path: "{project}/{region}/{router}/{name}",
  api: "compute.googleapis.com",
  required: ["sourceSubnetworkIpRangesToNat"],
  replaces: ["type", "endpointTypes", "initialNatIps"],
  references: {
    router: {
      types: [routerType],
      by: "name",
      code: "notFound",
      message: (name) => `googleapi: Error 404: The router '${name}' was not found in this region`,
    },
    "subnetworks[].name": toGcp([subnetworkType]),
  },
  check,
  admit,
  outputs: (inputs) => ({
    type: text(inputs, "type") ?? "PUBLIC",
    icmpIdleTimeoutSec: inputs["icmpIdleTimeoutSec"] ?? 30,
    udpIdleTimeoutSec: inputs["udpIdleTimeoutSec"] ?? 30,
    tcpEstablishedIdleTimeoutSec: inputs["tcpEstablishedIdleTimeoutSec"] ?? 1200,
    tcpTransitoryIdleTimeoutSec: inputs["tcpTransitoryIdleTimeoutSec"] ?? 30,
    tcpTimeWaitTimeoutSec: inputs["tcpTimeWaitTimeoutSec"] ?? 120,
    minPortsPerVm: inputs["minPortsPerVm"] ?? (isTrue(inputs, "enableDynamicPortAllocation") ? 32 : 64),
    endpointTypes: inputs["endpointTypes"] ?? ["ENDPOINT_TYPE_VM"],
  }),
});

/** Whether a Cloud NAT serves a subnet: without one, what has no address of its own reaches nothing outside. */
export function hasNat(context: Pick<Context, "world">, subnet: string): boolean {
  const state = stateOf(context, [subnetworkType], subnet);
  return context.world.list(natType).some(({ inputs, region }) => {
    const listed = objects(inputs, "subnetworks").some(
      (s) => relative(text(s, "name") ?? "") === relative(subnet),
    );
    if (listed) return true;
    const served = context.world
      .list(routerType, region)
      .find((r) => text(r.state, "name") === text(inputs, "router"));
    return (
      everySubnet.test(text(inputs, "sourceSubnetworkIpRangesToNat") ?? "") &&
      text(state, "region") === region &&
      relative(text(served?.state, "network") ?? "") === relative(text(state, "network") ?? "")
    );
  });
}

export const routers: Provider = { types: { [routerType]: router, [natType]: nat }, invokes: {} };
