import type { Node } from "./graph.js";

/**
 * When each registration is done, in minutes, if the engine starts it as soon as what it waits for is done.
 *
 * @param atOnce how many the engine makes at a time; the others queue in the order in which they could have started
 * @param waits what a registration waits for; default all that the engine has to have done before
 */
export function simulate(
  nodes: readonly Node[],
  atOnce = Infinity,
  waits: (node: Node) => string[] = ({ after }) => after,
): Map<string, number> {
  const byUrn = new Map(nodes.map((node) => [node.urn, node]));
  const followers = new Map<string, Node[]>();
  const missing = new Map<string, number>();
  for (const node of nodes) {
    // The rest are children of remote components, which are done when their component is.
    const before = waits(node).filter((urn) => byUrn.has(urn));
    missing.set(node.urn, before.length);
    for (const urn of before) followers.set(urn, [...(followers.get(urn) ?? []), node]);
  }
  const ends = new Map<string, number>();
  const queue = nodes.filter(({ urn }) => missing.get(urn) === 0);
  const running: { node: Node; end: number }[] = [];
  let now = 0;
  for (;;) {
    while (queue.length > 0 && running.length < atOnce) {
      const node = queue.shift()!;
      running.push({ node, end: now + node.minutes });
    }
    const next = running.reduce((least, each, i) => (each.end < running[least]!.end ? i : least), 0);
    const [done] = running.splice(next, 1);
    if (!done) break;
    now = done.end;
    ends.set(done.node.urn, now);
    for (const node of followers.get(done.node.urn) ?? []) {
      const left = missing.get(node.urn)! - 1;
      missing.set(node.urn, left);
      if (left === 0) queue.push(node);
    }
  }
  if (ends.size < nodes.length) throw new Error("what registrations wait for goes round in a circle");
  return ends;
}

export const minutesOf = (ends: Map<string, number>): number => Math.max(0, ...ends.values());

/** What takes time on the way to the last that is done, in order. */
export function lastChain(nodes: readonly Node[], waits: (node: Node) => string[]): Node[] {
  const ends = simulate(nodes, Infinity, waits);
  const byUrn = new Map(nodes.map((node) => [node.urn, node]));
  const latest = (urns: readonly string[]): string | undefined =>
    urns.reduce<string | undefined>(
      (found, urn) => ((ends.get(urn) ?? -1) > (ends.get(found ?? "") ?? -1) ? urn : found),
      undefined,
    );
  const chain: Node[] = [];
  for (let urn = latest([...ends.keys()]); urn !== undefined;) {
    const node = byUrn.get(urn)!;
    chain.unshift(node);
    urn = latest(waits(node));
  }
  return chain.filter(({ minutes }) => minutes > 0);
}
