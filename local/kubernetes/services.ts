import type { Behaviour, Context, Props } from "../behaviour.js";
import { addressAt, at, isObject, number, objects, pick, prefixLength, text } from "../rules.js";
import { balancerAddress, serviceRange } from "./cluster.js";
import { describe } from "./objects.js";
import type { Named } from "./objects.js";

const serviceType = "kubernetes:core/v1:Service";
const types = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];
/** Ports that a NodePort service may have. Source: kube-apiserver, --service-node-port-range. */
const [lowest, highest] = [30000, 32767];

/** Node ports and addresses that other services of the cluster hold. */
function taken({ world, region, current }: Context, path: string): Set<unknown> {
  return new Set(
    world
      .list(serviceType, region)
      .filter((each) => each.id !== current?.id)
      .flatMap((each) => at(each.state, path)),
  );
}

function refusePorts(inputs: Props, context: Context, type: string, { refuse }: Named): void {
  const ports = objects(inputs, "spec.ports");
  if (ports.length === 0 && type !== "ExternalName" && text(inputs, "spec.clusterIP") !== "None")
    refuse("spec.ports", "Required value");
  const inUse = taken(context, "spec.ports[].nodePort");
  const seen = new Set<unknown>();
  ports.forEach((each, i) => {
    const where = `spec.ports[${i}]`;
    if (ports.length > 1 && text(each, "name") === undefined) refuse(`${where}.name`, "Required value");
    if (seen.has(each.name)) refuse(`${where}.name`, `Duplicate value: "${String(each.name)}"`);
    seen.add(each.name);
    const port = number(each, "port") ?? 0;
    if (port < 1 || port > 65535)
      refuse(`${where}.port`, `Invalid value: ${port}: must be between 1 and 65535, inclusive`);
    const nodePort = number(each, "nodePort");
    if (nodePort === undefined) return;
    if (type === "ClusterIP")
      refuse(`${where}.nodePort`, "Forbidden: may not be used when `type` is 'ClusterIP'");
    if (nodePort < lowest || nodePort > highest)
      refuse(
        `${where}.nodePort`,
        `Invalid value: ${nodePort}: provided port is not in the valid range. The range of valid ports is ${lowest}-${highest}`,
      );
    if (inUse.has(nodePort))
      refuse(`${where}.nodePort`, `Invalid value: ${nodePort}: provided port is already allocated`);
    inUse.add(nodePort);
  });
}

/** A free address of the service range, the same every time for the same object. */
function addressOf(context: Context): string {
  const range = serviceRange(context);
  const used = taken(context, "spec.clusterIP");
  const size = 2 ** (32 - prefixLength(range)) - 300;
  for (let i = pick(context, size, "address"); ; i++) {
    // The first addresses are for kubernetes and its DNS.
    const address = addressAt(range, 256 + (i % size));
    if (!used.has(address)) return address;
  }
}

function portsOf(inputs: Props, context: Context, type: string): Props[] {
  const inUse = taken(context, "spec.ports[].nodePort");
  const before = objects(context.current?.state, "spec.ports");
  return objects(inputs, "spec.ports").map((each, i) => {
    const port: Props = { protocol: "TCP", targetPort: each.port, ...each };
    if (type === "ClusterIP" || type === "ExternalName" || port.nodePort !== undefined) return port;
    let nodePort = number(before[i], "nodePort") ?? lowest + pick(context, highest - lowest, `port${i}`);
    while (inUse.has(nodePort)) nodePort = lowest + ((nodePort + 1 - lowest) % (highest - lowest + 1));
    inUse.add(nodePort);
    return { ...port, nodePort };
  });
}

export const service: Behaviour = describe({
  kind: "Service",
  plural: "services",
  source: 'Kubernetes API reference, Service; docs, "Service"',
  name: "service",
  required: ["spec"],
  replaces: ["spec.clusterIP"],
  admit: (inputs, context, place) => {
    const type = text(inputs, "spec.type") ?? "ClusterIP";
    if (!types.includes(type))
      place.refuse(
        "spec.type",
        `Unsupported value: "${type}": supported values: ${types.map((each) => `"${each}"`).join(", ")}`,
      );
    if (type === "LoadBalancer") balancerAddress(inputs, context);
    if (type === "ExternalName" && text(inputs, "spec.externalName") === undefined)
      place.refuse("spec.externalName", "Required value");
    refusePorts(inputs, context, type, place);
  },
  state: (inputs, context) => {
    const type = text(inputs, "spec.type") ?? "ClusterIP";
    const given = text(inputs, "spec.clusterIP") ?? text(context.current?.state, "spec.clusterIP");
    const clusterIP = type === "ExternalName" ? undefined : (given ?? addressOf(context));
    return {
      spec: {
        type,
        sessionAffinity: "None",
        internalTrafficPolicy: "Cluster",
        ...(type === "NodePort" || type === "LoadBalancer" ? { externalTrafficPolicy: "Cluster" } : {}),
        ...(isObject(inputs.spec) ? inputs.spec : {}),
        ...(clusterIP === undefined
          ? {}
          : { clusterIP, clusterIPs: [clusterIP], ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" }),
        ports: portsOf(inputs, context, type),
      },
      status: {
        loadBalancer: type === "LoadBalancer" ? { ingress: [{ ip: balancerAddress(inputs, context) }] } : {},
      },
    };
  },
});
