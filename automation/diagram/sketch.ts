import { plain } from "../../local/publicDns.js";
import { kindOfHost } from "./hosts.js";
import { anywhere, distinct, inOrder } from "./model.js";
import type { Arrow, Box, Tier } from "./model.js";

interface Link {
  labels: Set<string>;
  sources: Set<string>;
}
/** To, and how. */
type Targets = Map<string, Link>;
/** From, to, and how. */
type Links = Map<string, Targets>;

/** A DNS name: what is said of it, and where it leads. */
interface Name {
  details: string[];
  sources: Set<string>;
  to: Targets;
}

/**
 * Collects boxes and arrows. Callers and hosts outside come one by one and are drawn together where the same paths
 * are open to them, so that a list of sixty hosts is one box, and the one that is open on a further port is its own.
 */
export class Sketch {
  private readonly boxes = new Map<string, Box>();
  private readonly links: Links = new Map();
  private readonly callers: Links = new Map();
  private readonly hosts: Links = new Map();
  private readonly names = new Map<string, Name>();
  private readonly addresses = new Map<string, string>();

  /** A box, or further details of one that is there. */
  box(id: string, box: Omit<Box, "id" | "sources">, source: string): string {
    const { details, sources } = this.boxes.get(id) ?? { details: [], sources: [] };
    const all = [...new Set([...details, ...box.details])];
    this.boxes.set(id, { id, ...box, details: all, sources: distinct([...sources, source]) });
    return id;
  }

  has(id: string): boolean {
    return this.boxes.has(id);
  }

  arrow(from: string, to: string, label: string, source: string): void {
    join(targetsOf(this.links, from), to, [label], [source]);
  }

  /** A path from outside: a range of addresses, or what a cloud calls a set of them. */
  enter(caller: string, to: string, label: string, source: string): void {
    join(targetsOf(this.callers, caller), to, [label], [source]);
  }

  /** A path to outside: a host's name, a range of addresses, or what a cloud calls a set of them. */
  leave(from: string, host: string, label: string, source: string): void {
    join(targetsOf(this.hosts, host), from, [label], [source]);
  }

  /** Makes known what DNS may call a box: its address, its name at the cloud, its ARN. */
  address(text: string, box: string): void {
    if (text !== "") this.addresses.set(plain(text), box);
  }

  /** A DNS name, and where it leads: another name, or an {@link address}. */
  name(name: string, to: string, label: string, details: string[], source: string): void {
    const key = plain(name);
    const entry: Name = this.names.get(key) ?? { details: [], sources: new Set(), to: new Map() };
    this.names.set(key, entry);
    entry.details.push(...details.filter((detail) => !entry.details.includes(detail)));
    entry.sources.add(source);
    join(entry.to, plain(to), [label], [source]);
  }

  finish(): { boxes: Box[]; arrows: Arrow[] } {
    this.placeNames();
    for (const { members, to } of alike(this.callers)) {
      const label = members.includes(anywhere) ? "Consumers, from anywhere" : callersLabel(members);
      const id = this.outside("consumers", label, members);
      for (const [box, { labels, sources }] of to) join(targetsOf(this.links, id), box, labels, sources);
    }
    const kinds = new Map<string, Links>();
    for (const [host, from] of this.hosts) {
      const kind = kindOfHost(host);
      const members = kinds.get(kind) ?? new Map<string, Targets>();
      kinds.set(kind, members.set(host, from));
    }
    for (const [kind, hosts] of kinds)
      for (const { members, to } of alike(hosts)) {
        const id = this.outside("outside", kind, members);
        for (const [box, { labels, sources }] of to) join(targetsOf(this.links, box), id, labels, sources);
      }
    const arrows = [...this.links].flatMap(([from, targets]) =>
      [...targets].map(([to, { labels, sources }]) => ({
        from,
        to,
        labels: distinct([...labels].filter((label) => label !== "")),
        sources: distinct(sources),
      })),
    );
    return {
      boxes: [...this.boxes.values()].sort((a, b) => inOrder(a.id, b.id)),
      arrows: arrows.sort((a, b) => inOrder(a.from, b.from) || inOrder(a.to, b.to)),
    };
  }

  private outside(tier: Tier, label: string, members: string[]): string {
    const id = `${tier}: ${members.join(", ")}`;
    const details = members.filter((member) => member !== anywhere).sort(inOrder);
    this.boxes.set(id, { id, tier, label, details, sources: [] });
    return id;
  }

  /** Names that lead to the same place in the same way are one box. */
  private placeNames(): void {
    const groups = new Map<string, string[]>();
    for (const [name, { details, to }] of this.names) {
      const key = JSON.stringify([ways(to), details]);
      groups.set(key, [...(groups.get(key) ?? []), name]);
    }
    const boxOf = new Map<string, string>();
    for (const members of groups.values()) {
      const id = `dns: ${members.sort(inOrder).join(", ")}`;
      for (const member of members) boxOf.set(member, id);
    }
    for (const [name, { details, sources, to: targets }] of this.names) {
      const id = boxOf.get(name)!;
      const [label = name, ...others] = id.slice("dns: ".length).split(", ");
      for (const source of sources)
        this.box(id, { tier: "dns", label, details: [...others, ...details] }, source);
      for (const [to, { labels, sources: by }] of targets) {
        const target = this.addresses.get(to) ?? boxOf.get(to) ?? this.outside("outside", "Elsewhere", [to]);
        join(targetsOf(this.links, id), target, labels, by);
      }
    }
  }
}

function targetsOf(links: Links, from: string): Targets {
  const targets = links.get(from) ?? new Map<string, Link>();
  links.set(from, targets);
  return targets;
}

function join(targets: Targets, to: string, labels: Iterable<string>, sources: Iterable<string>): void {
  const known: Link = targets.get(to) ?? { labels: new Set(), sources: new Set() };
  targets.set(to, known);
  for (const label of labels) known.labels.add(label);
  for (const source of sources) known.sources.add(source);
}

/** The same texts for the same targets with the same labels. */
function ways(targets: Targets): string[] {
  return distinct([...targets].map(([to, { labels }]) => [to, ...distinct(labels)].join(" ")));
}

/** The outsiders for whom the same is open. */
function alike(links: Links): { members: string[]; to: Targets }[] {
  const groups = new Map<string, { members: string[]; to: Targets }>();
  for (const [outsider, targets] of links) {
    const key = JSON.stringify(ways(targets));
    const group = groups.get(key) ?? { members: [], to: new Map() as Targets };
    groups.set(key, group);
    group.members.push(outsider);
    for (const [to, { labels, sources }] of targets) join(group.to, to, labels, sources);
  }
  for (const { members } of groups.values()) members.sort(inOrder);
  return [...groups.values()];
}

function callersLabel(members: string[]): string {
  if (members.every((member) => /^[A-Za-z]/.test(member))) return "The cloud itself";
  return members.length === 1 ? "Callers in one range" : `Callers in ${members.length} ranges`;
}
