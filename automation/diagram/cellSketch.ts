import { cidrContains, isCidr } from "../../local/cidr.js";
import { anywhere } from "./model.js";
import type { Tier } from "./model.js";
import type { Sketch } from "./sketch.js";
import type { CellState } from "./state.js";

interface Claim {
  range: string;
  box: string;
  /** The port at which the box answers, where several share the range. */
  port?: string;
}

/** One cell's part of the picture: which addresses are whose, and how paths come in and go out. */
export class CellSketch {
  private readonly claims: Claim[] = [];
  private readonly published = new Map<string, string>();
  private filtered = true;

  constructor(
    readonly sketch: Sketch,
    readonly state: CellState,
  ) {}

  id(tier: Tier, part = ""): string {
    return [this.state.name, tier, part].filter(Boolean).join("/");
  }

  box(tier: Tier, label: string, source: string, details: string[] = [], part = ""): string {
    return this.sketch.box(this.id(tier, part), { tier, label, details, cell: this.state.name }, source);
  }

  has(tier: Tier): boolean {
    return this.sketch.has(this.id(tier));
  }

  /** Says whose a range of addresses is. */
  claim(range: string, box: string, port?: string): void {
    if (isIpv4(range)) this.claims.push({ range, box, ...(port !== undefined && { port }) });
  }

  /** Says which service a port of the nodes leads to. */
  publish(port: string, service: string): void {
    this.published.set(port, service);
  }

  /** Says that what leaves by the way out is not judged there. */
  unfiltered(): void {
    this.filtered = false;
  }

  /** A path inside the cell; from the load balancer, a port of the nodes is the service behind it. */
  arrow(from: string, to: string, port: string, source: string): void {
    const service = from === this.id("loadBalancer") && to === this.id("nodes") && this.published.get(port);
    this.sketch.arrow(from, service || to, port, source);
  }

  /** A path that a rule opens from a range, or from what a cloud calls a set of them, to a box. */
  enter(caller: string, to: string, port: string, source: string): void {
    const boxes = this.at(caller);
    for (const box of boxes) this.arrow(box, to, port, source);
    if (boxes.length > 0) return;
    // What a cloud names is itself, and manages the load balancer beside what guards it.
    const guarded = to === this.id("loadBalancer") && this.has("ingress") && /[/:]/.test(caller);
    this.sketch.enter(caller, guarded ? this.id("ingress") : to, port, source);
  }

  /** A path that a rule opens from a box to a range, a host, or what a cloud calls a set of them. */
  leave(from: string, to: string, port: string, source: string): void {
    const boxes = this.at(to, port);
    for (const box of boxes) this.arrow(from, box, port, source);
    if (boxes.length > 0) return;
    const egress = this.id("egress");
    const inCluster = from === this.id("nodes") || from.startsWith(`${this.id("service")}/`);
    if (!this.has("egress") || !inCluster) return this.sketch.leave(from, to, port, source);
    this.sketch.arrow(from, egress, port, source);
    if (!this.filtered) this.sketch.leave(egress, to, port, source);
  }

  /**
   * The boxes at these addresses: those of the narrowest range around them, or else all inside. As the target of a
   * port, those that answer at it, if any does.
   */
  at(range: string, port?: string): string[] {
    if (range === anywhere || !isIpv4(range)) return [];
    const around = this.claims.filter((claim) => cidrContains(claim.range, range));
    const narrowest = Math.max(...around.map(({ range }) => prefixOf(range)));
    const found =
      around.length > 0
        ? around.filter((claim) => prefixOf(claim.range) === narrowest)
        : this.claims.filter((claim) => cidrContains(range, claim.range));
    const exact = found.filter((claim) => port !== undefined && claim.port === port);
    const plain = found.filter((claim) => claim.port === undefined);
    const chosen = exact.length > 0 ? exact : plain.length > 0 ? plain : found;
    return [...new Set(chosen.map(({ box }) => box))];
  }
}

const isIpv4 = (range: string): boolean => !range.includes(":") && isCidr(range);
const prefixOf = (range: string): number => Number(range.split("/")[1]);

/** Ports as labels: `443`, `30000-32767`, `53 udp`, `any port`. */
export function portLabel(from: unknown, to: unknown = from, protocol: unknown = "tcp"): string {
  const name = String(protocol).toLowerCase();
  const [first, last] = [from, to].map((port) => String(port));
  const any = first === "undefined" || first === "-1" || first === "*" || (first === "0" && last === "65535");
  if (any) return ["-1", "*", "all", "any"].includes(name) ? "any port" : `any ${name} port`;
  const ports = first === last ? first! : `${first}-${last}`;
  return name === "tcp" || name === "6" ? ports : `${ports} ${name === "17" ? "udp" : name}`;
}

/** The same for ports as clouds write them: `443`, `30000-32767`, `*`. */
export function rangeLabel(range: string, protocol?: unknown): string {
  const [from = range, to = from] = range.split("-");
  return portLabel(from, to, protocol);
}
