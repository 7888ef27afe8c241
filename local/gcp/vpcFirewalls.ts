import type { Behaviour, Props, Provider } from "../behaviour.js";
import type { Failure } from "./common.js";
import { cidrs, exactlyOne, gcpResource, inRange, objects, oneOf, text, texts } from "./common.js";
import { invalid } from "./computeErrors.js";
import { portRange, withPorts } from "./firewallPolicyRules.js";
import { created, toNetwork } from "./network.js";

/** VPC firewall rules, the classic ones: one resource each. */
const firewallType = "gcp:compute/firewall:Firewall";

const sources = ["sourceRanges", "sourceTags", "sourceServiceAccounts"] as const;

function check(inputs: Props): Failure[] {
  const failures: Failure[] = [
    ...oneOf(inputs, "direction", ["INGRESS", "EGRESS"]),
    ...oneOf(inputs, "logConfig.metadata", ["EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA"]),
    ...inRange(inputs, "priority", 0, 65535),
    ...cidrs(inputs, "sourceRanges[]"),
    ...cidrs(inputs, "destinationRanges[]"),
    ...exactlyOne(inputs, ["allows", "denies"]),
  ];
  const clashes = [
    ["targetServiceAccounts", "targetTags"],
    ["targetServiceAccounts", "sourceTags"],
    ["sourceServiceAccounts", "targetTags"],
    ["sourceServiceAccounts", "sourceTags"],
  ];
  return [...failures, ...clashes.flatMap((pair) => exactlyOne(inputs, pair, false))];
}

function admit(inputs: Props): void {
  const refuse = (field: string, value: string, why: string) => {
    throw invalid(field, value, why);
  };
  const ingress = text(inputs, "direction") !== "EGRESS";
  const given = sources.filter((each) => texts(inputs, each).length > 0);
  if (ingress && given.length === 0)
    refuse("sourceRanges", "", "INGRESS rules need sourceRanges, sourceTags or sourceServiceAccounts.");
  if (
    ingress &&
    texts(inputs, "destinationRanges").length > 0 &&
    given.some((each) => each !== "sourceRanges")
  )
    refuse("destinationRanges", "", "Only with sourceRanges in INGRESS rules.");
  if (!ingress && given.some((each) => each !== "sourceRanges"))
    refuse(String(given[0]), "", "Not supported in EGRESS rules.");
  for (const list of ["allows", "denies"])
    for (const each of objects(inputs, list)) {
      const protocol = text(each, "protocol") ?? "";
      const ports = texts(each, "ports");
      if (ports.length > 0 && !withPorts.includes(protocol))
        refuse(list, ports.join(","), `Ports may not be specified for protocol ${protocol}.`);
      const wrong = ports.find((port) => portRange(port) === undefined);
      if (wrong !== undefined) refuse(list, wrong, "Must be a port or a range of ports.");
    }
}

const firewall: Behaviour = gcpResource({
  source: "compute.v1 discovery, Firewall; provider docs of gcp.compute.Firewall",
  path: "projects/{project}/global/firewalls/{name}",
  api: "compute.googleapis.com",
  required: ["network"],
  replaces: ["network", "direction"],
  references: { network: toNetwork },
  check,
  admit,
  outputs: (inputs, context) => ({
    creationTimestamp: created(context),
    direction: text(inputs, "direction") ?? "INGRESS",
    priority: inputs["priority"] ?? 1000,
  }),
});

export const vpcFirewalls: Provider = { types: { [firewallType]: firewall }, invokes: {} };
