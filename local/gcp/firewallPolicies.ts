import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  cidrContains,
  gcpResource,
  nameOf,
  number,
  objects,
  oneOf,
  relative,
  text,
  texts,
} from "./common.js";
import { inUse } from "./computeErrors.js";
import { admitRules, checkRules, portRange } from "./firewallPolicyRules.js";
import { created, numericId, toNetwork } from "./network.js";

const policyType = "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules";
const associationType = "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation";

const predefined = ["EGRESS", "INGRESS"].flatMap((direction, i) =>
  ["0.0.0.0/0", "::/0"].map((range, j) => ({
    action: "goto_next",
    direction,
    enableLogging: false,
    priority: 2147483644 + 2 * i + j,
    match: {
      [direction === "EGRESS" ? "destIpRanges" : "srcIpRanges"]: [range],
      layer4Configs: [{ ipProtocol: "all" }],
    },
  })),
);

const policy: Behaviour = gcpResource({
  source: "compute.v1 discovery, FirewallPolicy; provider docs of gcp.compute.NetworkFirewallPolicyWithRules",
  path: "projects/{project}/global/firewallPolicies/{name}",
  api: "compute.googleapis.com",
  required: ["rules"],
  replaces: ["policyType"],
  check: (inputs) => [...oneOf(inputs, "policyType", ["VPC_POLICY"]), ...checkRules(inputs)],
  admit: (inputs) => admitRules(inputs),
  outputs: (inputs, context) => {
    const id = text(context.current?.state, "networkFirewallPolicyId") ?? numericId(context);
    const place = `projects/${text(context.current?.state, "project") ?? context.scope}/global/firewallPolicies`;
    return {
      networkFirewallPolicyId: id,
      creationTimestamp: created(context),
      fingerprint: context.hex(8),
      policyType: text(inputs, "policyType") ?? "VPC_POLICY",
      predefinedRules: predefined,
      ruleTupleCount: objects(inputs, "rules").length,
      selfLinkWithId: `https://www.googleapis.com/compute/v1/${place}/${id}`,
    };
  },
  volatile: ["ruleTupleCount", "fingerprint"],
  inUse,
});

const association: Behaviour = gcpResource({
  source:
    "compute.v1 networkFirewallPolicies.addAssociation; provider docs of gcp.compute.NetworkFirewallPolicyAssociation",
  path: "projects/{project}/global/firewallPolicies/{firewallPolicy}/associations/{name}",
  api: "compute.googleapis.com",
  required: ["attachmentTarget"],
  replaces: ["attachmentTarget"],
  references: {
    attachmentTarget: toNetwork,
    firewallPolicy: {
      types: [policyType],
      by: "name",
      key: nameOf,
      code: "notFound",
      message: (name) =>
        `googleapi: Error 404: The resource 'firewallPolicies/${nameOf(name)}' was not found`,
    },
  },
  unique: (inputs) => relative(text(inputs, "attachmentTarget") ?? ""),
  taken: (network) =>
    new CloudError(
      "conflict",
      `googleapi: Error 409: The network '${network}' is already associated with a network firewall policy`,
    ),
  outputs: (inputs) => ({ shortName: nameOf(text(inputs, "firewallPolicy") ?? "") }),
});

/** One connection that a machine starts. */
interface Outgoing {
  /** An address, or the name that gave it. */
  to: { address: string } | { host: string };
  protocol: string;
  port: number;
}

/**
 * What the policy of a network says of a connection: the first rule that matches decides. Where no policy or no
 * rule has a say, the implied rule lets pass what goes out.
 */
export function egressVerdict(
  context: Pick<Context, "world">,
  network: string,
  outgoing: Outgoing,
): "allow" | "deny" {
  const bound = context.world
    .list(associationType)
    .find(({ inputs }) => relative(text(inputs, "attachmentTarget") ?? "") === relative(network));
  const name = nameOf(text(bound?.inputs, "firewallPolicy") ?? "");
  const found = context.world.list(policyType).find(({ state }) => text(state, "name") === name);
  const rules = bound && found ? objects(found.state, "rules") : [];
  const deciding = rules
    .filter((rule) => text(rule, "direction") === "EGRESS" && concerns(rule, outgoing))
    .sort((a, b) => (number(a, "priority") ?? 0) - (number(b, "priority") ?? 0))[0];
  return text(deciding, "action") === "deny" ? "deny" : "allow";
}

function concerns(rule: Props, { to, protocol, port }: Outgoing): boolean {
  const ranges = texts(rule, "match.destIpRanges");
  const there =
    "host" in to
      ? texts(rule, "match.destFqdns").includes(to.host) || ranges.includes("0.0.0.0/0")
      : ranges.some((range) => cidrContains(range, `${to.address}/32`));
  return (
    there &&
    objects(rule, "match.layer4Configs").some((layer) => {
      const which = text(layer, "ipProtocol");
      if (which === "all") return true;
      const ports = texts(layer, "ports").map(portRange);
      const open = ports.length === 0 || ports.some((range) => range && range[0] <= port && port <= range[1]);
      return which === protocol && open;
    })
  );
}

export const firewallPolicies: Provider = {
  types: { [policyType]: policy, [associationType]: association },
  invokes: {},
};
