import type { Behaviour, Context, Props, Provider, WorldObject } from "../behaviour.js";
import {
  addressType,
  forwardingRule,
  globalAddressType,
  globalForwardingRule,
  reserved,
} from "./addresses.js";
import {
  gcpResource,
  isTrue,
  objects,
  oneOf,
  pick,
  project,
  projectNumber,
  relative,
  requireApi,
  stateOf,
  text,
  texts,
  toGcp,
} from "./common.js";
import { invalid } from "./computeErrors.js";
import { schemes } from "./loadBalancingBackends.js";
import { httpProxy, httpsProxy, schemesOf } from "./loadBalancingProxies.js";
import { created, toNetwork } from "./network.js";
import { instanceType } from "./sqlReplicas.js";
import { subnetworkType } from "./subnetworks.js";

/** What a rule's address input names, if it isn't a number. */
const toAddress = toGcp([addressType, globalAddressType], { except: /^[\d.]+$/ });

/** The instance that a service attachment publishes. Cloud SQL's are the only ones that are known here. */
function published(link: string, { world }: Pick<Context, "world">): WorldObject | undefined {
  return world
    .list(instanceType)
    .find(({ state }) => relative(text(state, "pscServiceAttachmentLink") ?? "") === relative(link));
}

/** Whether the producer admits connections from this project, by its id or its number. */
function accepted(producer: WorldObject | undefined, from: string): boolean {
  return objects(producer?.state, "settings.ipConfiguration.pscConfigs").some(
    (each) =>
      isTrue(each, "pscEnabled") &&
      texts(each, "allowedConsumerProjects").some((one) => one === from || one === projectNumber(from)),
  );
}

function admitEndpoint(inputs: Props, context: Context): void {
  const target = text(inputs, "target") ?? "";
  // Endpoints are entered in Service Directory. Source: Private Service Connect, "Access published services".
  requireApi("servicedirectory.googleapis.com", inputs, context);
  const producer = published(target, context);
  if (!producer || producer.region !== context.region)
    throw invalid("target", target, "The service attachment does not exist in the rule's region.");
  if (text(inputs, "network") === undefined)
    throw invalid("network", "", "A network must be specified for Private Service Connect.");
  for (const field of ["ports", "portRange", "allPorts", "subnetwork", "backendService"])
    if (inputs[field] !== undefined)
      throw invalid(
        field,
        JSON.stringify(inputs[field]),
        "It cannot be specified for Private Service Connect.",
      );

  const given = text(inputs, "ipAddress") ?? "";
  const address = reserved(given, context);
  if (address?.type !== addressType || address.state["addressType"] !== "INTERNAL")
    throw invalid("IPAddress", given, "It must be a reserved regional internal address.");
  const subnet = stateOf(context, [subnetworkType], address.state["subnetwork"]);
  if (relative(text(subnet, "network") ?? "") !== relative(text(inputs, "network") ?? ""))
    throw invalid("IPAddress", given, "The address is not in the rule's network.");
  const user = context.world
    .list(forwardingRule)
    .find(({ id, state }) => id !== context.current?.id && state["ipAddress"] === address.state["address"]);
  if (user) throw invalid("IPAddress", given, `Specified IP address is in-use by '${user.id}'.`);
}

const rule: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, ForwardingRule; Private Service Connect, endpoints; provider docs of gcp.compute.ForwardingRule",
  path: "projects/{project}/regions/{region}/forwardingRules/{name}",
  api: "compute.googleapis.com",
  replaces: [
    ...["allPorts", "backendService", "description", "ipAddress", "ipProtocol", "ipVersion"],
    ...["loadBalancingScheme", "network", "networkTier", "portRange", "ports", "subnetwork", "target"],
  ],
  defaults: () => ({ loadBalancingScheme: "EXTERNAL" }),
  check: (inputs) =>
    inputs["loadBalancingScheme"] === ""
      ? []
      : [
          {
            property: "loadBalancingScheme",
            reason:
              "the local cloud knows regional forwarding rules of Private Service Connect only: write an empty one",
          },
        ],
  references: { ipAddress: toAddress, network: toNetwork },
  admit: admitEndpoint,
  outputs: (inputs, context) => {
    const target = text(inputs, "target") ?? "";
    const from = project(inputs, context);
    return {
      creationTimestamp: created(context),
      ipAddress: reserved(text(inputs, "ipAddress") ?? "", context)?.state["address"],
      pscConnectionId:
        text(context.current?.state, "pscConnectionId") ?? String(10 ** 16 + pick(context, 4_294_967_291)),
      // A project that the producer doesn't admit gets a rule all the same, through which nothing comes.
      pscConnectionStatus: accepted(published(target, context), from) ? "ACCEPTED" : "REJECTED",
    };
  },
  minutes: 1,
});

function admitFrontend(inputs: Props, context: Context): void {
  const target = text(inputs, "target") ?? "";
  const scheme = text(inputs, "loadBalancingScheme") ?? "EXTERNAL";
  const range = text(inputs, "portRange");
  const [low = "", high = low] = (range ?? "").split("-");
  if (range === undefined || low !== high || Number(low) < 1 || Number(low) > 65535)
    throw invalid(
      "portRange",
      range ?? "",
      "A rule of an Application Load Balancer has a single port, 1 to 65535.",
    );

  const given = text(inputs, "ipAddress");
  const address = given === undefined ? undefined : reserved(given, context);
  if (given !== undefined && (address?.type === addressType || address?.state["addressType"] !== "EXTERNAL"))
    throw invalid("IPAddress", given, "It must be a reserved global external address.");
  const rival = context.world
    .list(globalForwardingRule)
    .find(
      ({ id, state }) =>
        id !== context.current?.id &&
        given !== undefined &&
        state["ipAddress"] === address?.state["address"] &&
        (text(state, "portRange") ?? "").split("-")[0] === low,
    );
  if (rival)
    throw invalid("IPAddress", given ?? "", `Specified IP address is in-use by '${rival.id}' on this port.`);

  const behind = schemesOf(stateOf(context, [httpsProxy, httpProxy], target), context);
  const other = behind.find((each) => each !== scheme);
  if (other !== undefined)
    throw invalid(
      "target",
      target,
      `The load balancing scheme ${scheme} of the rule differs from its backend services' ${other}.`,
    );
}

const globalRule: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, ForwardingRule, globalForwardingRules; Load balancing, forwarding rules; provider docs of gcp.compute.GlobalForwardingRule",
  path: "projects/{project}/global/forwardingRules/{name}",
  api: "compute.googleapis.com",
  required: ["target"],
  replaces: [
    ...[
      "description",
      "ipAddress",
      "ipProtocol",
      "ipVersion",
      "loadBalancingScheme",
      "network",
      "networkTier",
    ],
    ...["portRange", "subnetwork"],
  ],
  defaults: () => ({ loadBalancingScheme: "EXTERNAL" }),
  check: (inputs) => [
    ...oneOf(inputs, "loadBalancingScheme", schemes),
    ...oneOf(inputs, "ipProtocol", ["TCP", "UDP", "ESP", "AH", "SCTP", "ICMP"]),
    ...oneOf(inputs, "networkTier", ["PREMIUM"]),
  ],
  references: { target: toGcp([httpsProxy, httpProxy]), ipAddress: toAddress },
  admit: admitFrontend,
  outputs: (inputs, context) => {
    const [port = ""] = (text(inputs, "portRange") ?? "").split("-");
    const given = text(inputs, "ipAddress");
    return {
      creationTimestamp: created(context),
      ipAddress:
        given === undefined ? `34.150.0.${pick(context, 256)}` : reserved(given, context)?.state["address"],
      ipProtocol: text(inputs, "ipProtocol") ?? "TCP",
      portRange: `${port}-${port}`,
      networkTier: "PREMIUM",
    };
  },
  minutes: 1,
});

export const forwardingRules: Provider = {
  types: { [forwardingRule]: rule, [globalForwardingRule]: globalRule },
  invokes: {},
};
