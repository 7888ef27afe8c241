import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arn,
  at,
  inRange,
  isKnown,
  isTrue,
  matches,
  number,
  objects,
  oneOf,
  pick,
  refuseUnless,
  regions,
  text,
  texts,
  uuid,
} from "./common.js";
import type { Failure } from "./common.js";
import { type } from "./references.js";

const acceleratorType = "aws:globalaccelerator/accelerator:Accelerator";
const listenerType = "aws:globalaccelerator/listener:Listener";
const groupType = "aws:globalaccelerator/endpointGroup:EndpointGroup";

/** Hosted zone of every accelerator's name. Source: AWS General Reference, Global Accelerator endpoints. */
const hostedZone = "Z2BJ6XQ5FK7U4H";

const addresses = (context: Context): string[] =>
  ["75.2", "99.83"].map(
    (start) => `${start}.${1 + pick(context, 250, start)}.${1 + pick(context, 250, `${start}.`)}`,
  );

const accelerator: Behaviour = {
  source: "Global Accelerator CreateAccelerator, DeleteAccelerator; provider docs",
  global: true,
  autoName: { property: "name", max: 64 },
  replaces: ["ipAddresses"],
  defaults: () => ({ enabled: true, ipAddressType: "IPV4" }),
  check: (inputs) => {
    const failures: Failure[] = [
      ...matches(
        inputs,
        "name",
        /^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/,
        "1 to 64 letters, digits, periods and hyphens; no period or hyphen at either end",
      ),
      ...oneOf(inputs, "ipAddressType", ["IPV4", "DUAL_STACK"]),
    ];
    for (const attributes of objects(inputs, "attributes"))
      for (const property of ["flowLogsS3Bucket", "flowLogsS3Prefix"])
        if (isTrue(attributes, "flowLogsEnabled") && attributes[property] === undefined)
          failures.push({ property: `attributes.${property}`, reason: "is required when flow logs are on" });
    return failures;
  },
  id: (_, context) =>
    context.current?.id ?? arn(context, "globalaccelerator", `accelerator/${uuid(context)}`, { region: "" }),
  outputs: (inputs, context) => {
    const host = text(context.current?.state, "dnsName") ?? `a${context.hex(16)}.awsglobalaccelerator.com`;
    const own = texts(inputs, "ipAddresses");
    const found = at(context.current?.state, "ipSets")[0];
    return {
      arn: accelerator.id(inputs, context),
      dnsName: host,
      dualStackDnsName:
        text(inputs, "ipAddressType") === "DUAL_STACK" ? host.replace(".", ".dualstack.") : "",
      hostedZoneId: hostedZone,
      ipSets: found ?? [{ ipAddresses: own.length > 0 ? own : addresses(context), ipFamily: "IPv4" }],
    };
  },
  inUse: () =>
    new CloudError(
      "AssociatedListenerFoundException",
      "The accelerator has a listener associated with it. Remove all dependent resources before you delete it.",
    ),
  // Until its status is deployed in all of its locations.
  minutes: 3,
};

interface Range {
  from: number;
  to: number;
}

const rangesOf = (inputs: Props): Range[] =>
  objects(inputs, "portRanges").flatMap((each) => {
    const [from, to] = [number(each, "fromPort"), number(each, "toPort")];
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });

const meet = (a: Range, b: Range): boolean => a.from <= b.to && b.from <= a.to;

function admitPorts(inputs: Props, context: Context): void {
  const own = rangesOf(inputs);
  const others = context.world
    .list(listenerType)
    .filter(
      ({ id, state }) =>
        id !== context.current?.id &&
        state["acceleratorArn"] === inputs["acceleratorArn"] &&
        state["protocol"] === inputs["protocol"],
    )
    .flatMap(({ state }) => rangesOf(state));
  const clash = own.find(
    (each, i) => each.from > each.to || [...own.slice(i + 1), ...others].some((other) => meet(each, other)),
  );
  refuseUnless(
    clash === undefined,
    "InvalidPortRangeException",
    `The port numbers that you specified are not valid numbers or are not unique for this accelerator: ${clash?.from}-${clash?.to}`,
  );
}

const listener: Behaviour = {
  source: "Global Accelerator CreateListener, DeleteListener; provider docs",
  global: true,
  required: ["acceleratorArn", "portRanges", "protocol"],
  replaces: ["acceleratorArn"],
  defaults: () => ({ clientAffinity: "NONE" }),
  check: (inputs) => {
    const count = at(inputs, "portRanges[]").length;
    return [
      ...oneOf(inputs, "protocol", ["TCP", "UDP"]),
      ...oneOf(inputs, "clientAffinity", ["NONE", "SOURCE_IP"]),
      ...inRange(inputs, "portRanges[].fromPort", 1, 65535),
      ...inRange(inputs, "portRanges[].toPort", 1, 65535),
      ...(isKnown(inputs["portRanges"]) && (count < 1 || count > 10)
        ? [{ property: "portRanges", reason: `expected 1 to 10 items, got ${count}` }]
        : []),
    ];
  },
  references: {
    acceleratorArn: {
      types: [acceleratorType],
      code: "AcceleratorNotFoundException",
      message: (id) => `The accelerator ${id} does not exist.`,
    },
  },
  admit: admitPorts,
  id: (inputs, context) =>
    context.current?.id ?? `${text(inputs, "acceleratorArn") ?? ""}/listener/${context.hex(8)}`,
  outputs: (inputs, context) => ({ arn: listener.id(inputs, context) }),
  inUse: () =>
    new CloudError(
      "AssociatedEndpointGroupFoundException",
      "The listener has an endpoint group associated with it. Remove all dependent resources before you delete it.",
    ),
};

const regionOf = (inputs: Props, context: Pick<Context, "region">): string =>
  text(inputs, "endpointGroupRegion") ?? context.region;

const group: Behaviour = {
  source:
    "Global Accelerator CreateEndpointGroup, UpdateEndpointGroup; Developer Guide, requirements for endpoints; provider docs",
  required: ["listenerArn"],
  replaces: ["listenerArn", "endpointGroupRegion"],
  defaults: () => ({
    healthCheckIntervalSeconds: 30,
    healthCheckProtocol: "TCP",
    thresholdCount: 3,
    trafficDialPercentage: 100,
  }),
  check: (inputs) => [
    ...oneOf(inputs, "endpointGroupRegion", regions),
    ...oneOf(inputs, "healthCheckIntervalSeconds", ["10", "30"]),
    ...oneOf(inputs, "healthCheckProtocol", ["HTTP", "HTTPS", "TCP"]),
    ...inRange(inputs, "healthCheckPort", 1, 65535),
    ...inRange(inputs, "thresholdCount", 1, 10),
    ...inRange(inputs, "trafficDialPercentage", 0, 100),
    ...inRange(inputs, "endpointConfigurations[].weight", 0, 255),
    ...matches(inputs, "healthCheckPath", /^\/[-a-zA-Z0-9@:%_\\+.~#?&/=]{0,254}$/, "a path"),
    ...(at(inputs, "endpointConfigurations[]").length > 10
      ? [{ property: "endpointConfigurations", reason: "at most 10 items" }]
      : []),
  ],
  references: {
    listenerArn: {
      types: [listenerType],
      code: "ListenerNotFoundException",
      message: (id) => `The listener ${id} does not exist.`,
    },
    "endpointConfigurations[].endpointId": {
      types: [type.loadBalancer, type.eip],
      code: "EndpointNotFoundException",
      message: (id) => `The endpoint ${id} does not exist.`,
      anyRegion: true,
    },
  },
  unique: (inputs, context) => `${text(inputs, "listenerArn")} in ${regionOf(inputs, context)}`,
  taken: (key) =>
    new CloudError("EndpointGroupAlreadyExistsException", `The endpoint group already exists: ${key}`),
  admit: (inputs, context) => {
    const region = regionOf(inputs, context);
    const ids = at(inputs, "endpointConfigurations[].endpointId").map(String);
    refuseUnless(
      new Set(ids).size === ids.length,
      "EndpointAlreadyExistsException",
      "An endpoint is in the group twice",
    );
    for (const id of ids) {
      const found = [type.loadBalancer, type.eip]
        .map((each) => context.world.find(each, id))
        .find((each) => each !== undefined);
      refuseUnless(
        found === undefined || found.region === region,
        "InvalidArgumentException",
        `The endpoint ${id} is not in the endpoint group's region, ${region}.`,
      );
      refuseUnless(
        text(found?.state, "loadBalancerType") !== "gateway",
        "InvalidArgumentException",
        `The endpoint ${id} is neither an application nor a network load balancer.`,
      );
      const keeps = objects(inputs, "endpointConfigurations").some(
        (each) => each["endpointId"] === id && isTrue(each, "clientIpPreservationEnabled"),
      );
      refuseUnless(
        found?.type !== type.eip || !keeps,
        "InvalidArgumentException",
        `Client IP address preservation is not supported for the endpoint ${id}.`,
      );
    }
  },
  id: (inputs, context) =>
    context.current?.id ?? `${text(inputs, "listenerArn") ?? ""}/endpoint-group/${context.hex(12)}`,
  outputs: (inputs, context) => ({
    arn: group.id(inputs, context),
    endpointGroupRegion: regionOf(inputs, context),
    healthCheckPort: inputs["healthCheckPort"] ?? firstPort(inputs, context),
  }),
};

function firstPort(inputs: Props, { world }: Context): number | undefined {
  const [range] = rangesOf(world.find(listenerType, text(inputs, "listenerArn") ?? "")?.state ?? {});
  return range?.from;
}

export const globalaccelerator: Provider = {
  types: { [acceleratorType]: accelerator, [listenerType]: listener, [groupType]: group },
  invokes: {},
};
