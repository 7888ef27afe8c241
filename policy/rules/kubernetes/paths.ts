import type { Resource, Rule } from "../../policy.js";
import { at, differs, isObject, list, missing, present, unknown } from "../../values.js";

function* judgePolicy({ props }: Resource): Iterable<string> {
  const sides = [
    { direction: "ingress", peers: "from" },
    { direction: "egress", peers: "to" },
  ];
  for (const { direction, peers } of sides)
    for (const rule of list(at(props, "spec", direction))) {
      if (rule === unknown) continue;
      const ports = at(rule, "ports");
      // To Kubernetes an empty list means every port, and everybody.
      if (missing(ports) || list(ports).some((port) => port !== unknown && missing(at(port, "port"))))
        yield `an ${direction} rule names no port; right is the one that is used`;
      if (list(ports).some((port) => present(at(port, "endPort"))))
        yield `an ${direction} rule is for a range of ports; right is one port`;
      if (missing(at(rule, peers))) yield `an ${direction} rule names no peer; right is pods or a block`;
      for (const peer of list(at(rule, peers))) yield* judgePeer(direction, peer, ports);
    }
}

function* judgePeer(direction: string, peer: unknown, ports: unknown): Iterable<string> {
  const block = at(peer, "ipBlock", "cidr");
  const anywhere = block === "0.0.0.0/0" || block === "::/0";
  if (
    anywhere &&
    (direction === "ingress" || list(ports).some((port) => differs(at(port, "port"), 443, "https")))
  )
    yield `an ${direction} rule is for ${String(block)}; right is a block, or out to port 443`;
  const namespaces = at(peer, "namespaceSelector");
  if (isObject(namespaces) && Object.values(namespaces).every(missing))
    yield `an ${direction} rule is for every namespace; right is one by its label`;
}

export const paths: Rule = { each: { "kubernetes:networking.k8s.io/v1:NetworkPolicy": judgePolicy } };
