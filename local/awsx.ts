import { credentials } from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import monitors from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Props } from "./behaviour.js";
import { CloudError, UNKNOWN } from "./behaviour.js";
import { remoteComponentMethods, unary } from "./standIn.js";
import { decode, encode } from "./wire.js";

/**
 * awsx is a remote component: the engine hands its arguments over, and it registers plain `aws` resources.
 * This stand-in lays `awsx:ec2:Vpc` out as awsx 3.9 does (names, parents, order), for explicit CIDR blocks
 * and without NAT gateways, and refuses what it does not know.
 */

/** One child of the VPC. `refs` name the inputs that are another child's id, by that child's key. */
export interface Child {
  key: string;
  type: string;
  name: string;
  parent: string;
  inputs: Props;
  refs: Record<string, string>;
}

interface SubnetSpec {
  type: string;
  name?: string;
  cidrBlocks?: string[];
  tags?: Record<string, string>;
}

const understood = new Set(
  "cidrBlock availabilityZoneNames subnetSpecs subnetStrategy natGateways enableDnsHostnames enableDnsSupport tags".split(
    " ",
  ),
);

const rank: Record<string, number> = { public: 0, private: 1, isolated: 2 };

/** The children of `awsx:ec2:Vpc`, in the order in which awsx registers them. */
export function vpcChildren(name: string, args: Props): Child[] {
  const refuse = (what: string): never => {
    throw new CloudError("UnknownOption", `awsx:ec2:Vpc "${name}": the local cloud does not know ${what}`);
  };
  for (const key of Object.keys(args)) if (!understood.has(key)) refuse(`the argument ${key}`);
  const strategy = (args["natGateways"] as { strategy?: string } | undefined)?.strategy ?? "OnePerAz";
  if (strategy !== "None") refuse(`natGateways.strategy ${strategy}`);
  const zones =
    (args["availabilityZoneNames"] as string[] | undefined) ?? refuse("a VPC without availabilityZoneNames");
  const specs = (args["subnetSpecs"] as SubnetSpec[] | undefined) ?? refuse("a VPC without subnetSpecs");
  const tags = { Name: name, ...(args["tags"] as Props | undefined) };

  const vpc: Props = { cidrBlock: args["cidrBlock"] ?? "10.0.0.0/16", tags };
  for (const key of ["enableDnsHostnames", "enableDnsSupport"])
    if (args[key] !== undefined) vpc[key] = args[key];
  const children: Child[] = [
    { key: "vpc", type: "aws:ec2/vpc:Vpc", name, parent: "", inputs: vpc, refs: {} },
    {
      key: "igw",
      type: "aws:ec2/internetGateway:InternetGateway",
      name,
      parent: "vpc",
      inputs: { tags },
      refs: { vpcId: "vpc" },
    },
  ];
  const sorted = [...specs].sort(
    (a, b) => (rank[a.type.toLowerCase()] ?? 3) - (rank[b.type.toLowerCase()] ?? 3),
  );
  zones.forEach((zone, i) => {
    for (const spec of sorted) {
      const cidrBlock = spec.cidrBlocks?.[i];
      if (cidrBlock === undefined || spec.cidrBlocks?.length !== zones.length)
        return refuse(`a subnet spec without one CIDR block for each zone ("${spec.name ?? spec.type}")`);
      const kind = spec.type.toLowerCase();
      const child = `${name}-${spec.name ?? kind}-${i + 1}`;
      const named = { ...tags, Name: child, SubnetType: spec.type };
      const subnet = {
        availabilityZone: zone,
        cidrBlock,
        mapPublicIpOnLaunch: kind === "public",
        assignIpv6AddressOnCreation: false,
        tags: { ...tags, ...spec.tags, Name: child, SubnetType: spec.type },
      };
      const key = (what: string) => `${what}:${child}`;
      children.push(
        {
          key: key("subnet"),
          type: "aws:ec2/subnet:Subnet",
          name: child,
          parent: "vpc",
          inputs: subnet,
          refs: { vpcId: "vpc" },
        },
        {
          key: key("table"),
          type: "aws:ec2/routeTable:RouteTable",
          name: child,
          parent: key("subnet"),
          inputs: { tags: named },
          refs: { vpcId: "vpc" },
        },
        {
          key: key("association"),
          type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
          name: child,
          parent: key("table"),
          inputs: {},
          refs: { subnetId: key("subnet"), routeTableId: key("table") },
        },
      );
      if (kind === "public")
        children.push({
          key: key("route"),
          type: "aws:ec2/route:Route",
          name: child,
          parent: key("table"),
          inputs: { destinationCidrBlock: "0.0.0.0/0" },
          refs: { routeTableId: key("table"), gatewayId: "igw" },
        });
    }
  });
  return children;
}

/** The VPC's outputs, given what stands for a child (a reference, or in the mocks its state) and its id. */
export function vpcOutputs(
  children: Child[],
  made: (key: string) => unknown,
  id: (key: string) => unknown,
): Props {
  const of = (type: string, subnetType?: string) =>
    children
      .filter(
        (c) =>
          c.type === type &&
          (subnetType === undefined || (c.inputs["tags"] as Props)["SubnetType"] === subnetType),
      )
      .map((c) => c.key);
  const subnet = "aws:ec2/subnet:Subnet";
  const all = (keys: string[]) => keys.map(made);
  return {
    vpc: made("vpc"),
    vpcId: id("vpc"),
    internetGateway: made("igw"),
    subnets: all(of(subnet)),
    publicSubnets: all(of(subnet, "Public")),
    privateSubnets: all(of(subnet, "Private")),
    isolatedSubnets: all(of(subnet, "Isolated")),
    publicSubnetIds: of(subnet, "Public").map(id),
    privateSubnetIds: of(subnet, "Private").map(id),
    isolatedSubnetIds: of(subnet, "Isolated").map(id),
    routeTables: all(of("aws:ec2/routeTable:RouteTable")),
    routeTableAssociations: all(of("aws:ec2/routeTableAssociation:RouteTableAssociation")),
    routes: all(of("aws:ec2/route:Route")),
    natGateways: [],
    eips: [],
    vpcEndpoints: [],
  };
}

/** The awsx provider as the engine sees it: `construct`, and nothing else. */
export function awsxService(): UntypedServiceImplementation {
  return { ...remoteComponentMethods("awsx"), construct: unary(construct) };
}

async function construct(request: InstanceType<typeof provider.ConstructRequest>) {
  if (request.getType() !== "awsx:ec2:Vpc")
    throw new CloudError("UnknownType", `the local cloud does not know the type ${request.getType()}`);
  const monitor = new monitors.ResourceMonitorClient(
    request.getMonitorendpoint(),
    credentials.createInsecure(),
  );
  try {
    const component = new resource.RegisterResourceRequest();
    component.setType(request.getType());
    component.setName(request.getName());
    component.setParent(request.getParent());
    const { urn } = await register(monitor, component);

    const children = vpcChildren(request.getName(), decode(request.getInputs()));
    // As in awsx, nothing waits but for what it refers to.
    const pending = new Map<string, Promise<Registered>>();
    const settled = (key: string): Promise<Registered> => {
      const child = pending.get(key);
      if (!child) throw new Error(`awsx: the child ${key} is registered too late`);
      return child;
    };
    for (const child of children)
      pending.set(
        child.key,
        (async () => {
          const parent = child.parent === "" ? undefined : await settled(child.parent);
          const targets = await Promise.all(
            Object.entries(child.refs).map(async ([property, key]) => ({
              property,
              ...(await settled(key)),
            })),
          );
          const ask = new resource.RegisterResourceRequest();
          ask.setType(child.type);
          ask.setName(child.name);
          ask.setParent(parent?.urn ?? urn);
          ask.setCustom(true);
          ask.setProvider(request.getProvidersMap().get("aws") ?? "");
          const inputs: Props = { ...child.inputs };
          const needs = new Set(request.getDependenciesList());
          if (parent) needs.add(parent.urn);
          for (const target of targets) {
            inputs[target.property] = target.id === "" ? UNKNOWN : target.id;
            needs.add(target.urn);
            const dependency = new resource.RegisterResourceRequest.PropertyDependencies();
            dependency.setUrnsList([target.urn]);
            ask.getPropertydependenciesMap().set(target.property, dependency);
          }
          ask.setObject(encode(inputs));
          ask.setDependenciesList([...needs]);
          return register(monitor, ask);
        })(),
      );
    const made = new Map<string, Registered>();
    for (const { key } of children) made.set(key, await settled(key));

    const reference = (key: string): Props => {
      const { urn: target = "", id = "" } = made.get(key) ?? {};
      return {
        "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
        urn: target,
        id: id === "" ? UNKNOWN : id,
      };
    };
    const outputs = vpcOutputs(children, reference, (key) => made.get(key)?.id || UNKNOWN);
    const finish = new resource.RegisterResourceOutputsRequest();
    finish.setUrn(urn);
    finish.setOutputs(encode(outputs));
    await new Promise<void>((resolve, reject) =>
      monitor.registerResourceOutputs(finish, (error) => (error ? reject(error) : resolve())),
    );
    const response = new provider.ConstructResponse();
    response.setUrn(urn);
    response.setState(encode(outputs));
    // The real awsx makes every output depend on every child. Here each depends on what it holds, so that an
    // order which the program relies on and does not state comes to light.
    for (const [property, value] of Object.entries(outputs)) {
      const text = JSON.stringify(value);
      const held = [...made.values()].filter(
        (m) => text.includes(JSON.stringify(m.urn)) || (m.id !== "" && text.includes(JSON.stringify(m.id))),
      );
      const dependency = new provider.ConstructResponse.PropertyDependencies();
      dependency.setUrnsList(held.map((m) => m.urn));
      response.getStatedependenciesMap().set(property, dependency);
    }
    return response;
  } finally {
    monitor.close();
  }
}

interface Registered {
  urn: string;
  id: string;
}

function register(
  monitor: InstanceType<typeof monitors.ResourceMonitorClient>,
  request: InstanceType<typeof resource.RegisterResourceRequest>,
): Promise<Registered> {
  return new Promise((resolve, reject) =>
    monitor.registerResource(request, (error, response) =>
      error ? reject(error) : resolve({ urn: response.getUrn(), id: response.getId() }),
    ),
  );
}
