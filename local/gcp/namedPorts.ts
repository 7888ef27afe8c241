import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  inRange,
  matches,
  objects,
  project,
  relative,
  requireApi,
  rfc1035,
  stateOf,
  text,
} from "./common.js";
import { invalid } from "./computeErrors.js";
import { instanceGroup, instanceGroupId } from "./instanceGroups.js";

const namedPort = "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort";

const groupOf = (inputs: Props, context: Pick<Context, "scope">): string => {
  const given = text(inputs, "group") ?? "";
  return given.includes("/")
    ? relative(given)
    : instanceGroupId(project(inputs, context), text(inputs, "zone") ?? "", given);
};

const portsOf = (id: string, context: Pick<Context, "world">): Props[] =>
  objects(stateOf(context, [instanceGroup], id), "namedPorts");

const port: Behaviour = {
  source:
    "compute.v1 discovery, instanceGroups.setNamedPorts; provider docs of gcp.compute.InstanceGroupNamedPort",
  global: true,
  // The provider has a default zone only if it is configured with one, which a region's is not.
  required: ["group", "name", "port", "zone"],
  replaces: ["group", "name", "port", "project", "zone"],
  check: (inputs) => [
    ...matches(inputs, "name", rfc1035, `must match ${rfc1035.source}`),
    ...inRange(inputs, "port", 1, 65535),
  ],
  admit: (inputs, context) => {
    requireApi("compute.googleapis.com", inputs, context);
    const id = groupOf(inputs, context);
    const group = stateOf(context, [instanceGroup], id);
    if (group === undefined || group["zone"] !== text(inputs, "zone"))
      throw invalid(
        "group",
        id,
        `The instance group was not found in the zone ${text(inputs, "zone") ?? ""}.`,
      );
  },
  id: (inputs, context) =>
    context.current?.id ??
    `${groupOf(inputs, context)}/${text(inputs, "port") ?? ""}/${text(inputs, "name") ?? ""}`,
  outputs: (inputs, context) => ({ project: project(inputs, context) }),
  after: ({ inputs }, context) => {
    const id = groupOf(inputs, context);
    const [name, number] = [inputs["name"], Number(inputs["port"])];
    const others = portsOf(id, context).filter((each) => each["name"] !== name || each["port"] !== number);
    context.world.amend(instanceGroup, id, { namedPorts: [...others, { name, port: number }] });
  },
  afterDelete: ({ inputs }, context) => {
    const id = groupOf(inputs, context);
    const left = portsOf(id, context).filter(
      (each) => each["name"] !== inputs["name"] || each["port"] !== Number(inputs["port"]),
    );
    context.world.amend(instanceGroup, id, { namedPorts: left });
  },
};

export const namedPorts: Provider = { types: { [namedPort]: port }, invokes: {} };
