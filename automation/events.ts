import type { DiagnosticEvent, EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";

/** What happened to the stack, counted as people count: a replacement is one. */
export interface Changes {
  create: number;
  update: number;
  replace: number;
  delete: number;
  same: number;
}

export interface Step {
  urn: string;
  type: string;
  name: string;
  operation: OpType;
  /** Milliseconds since the epoch. */
  since: number;
}

export interface Diagnostic {
  urn: string | undefined;
  severity: "info" | "info#err" | "warning" | "error";
  message: string;
}

/** The name at the end of a URN. */
export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** `aws:ec2:Subnet` for `aws:ec2/subnet:Subnet`: how people write a type. */
export function shortType(type: string): string {
  const [, module, file, name] = /^(.+)\/([^:]+):([^:]+)$/.exec(type) ?? [];
  return module !== undefined && file?.toLowerCase() === name?.toLowerCase() ? `${module}:${name}` : type;
}

/** The type in a URN: `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const rootType = "pulumi:pulumi:Stack";

/** A cell's component: `javelin:aws:Cell`, by its cloud. */
export const cellType = /^javelin:(\w+):Cell$/;

/** Steps that change nothing in the cloud. */
const idle: ReadonlySet<OpType> = new Set<OpType>(["same", "read", "discard", "remove-pending-replace"]);

/** The engine's events of one operation, digested: what the display, the summary and the explanation need. */
export class Log {
  readonly started = Date.now();
  /** When the engine was last heard of, in milliseconds since the epoch. */
  lastHeard = Date.now();
  /** How many runs of the engine have begun: an operation may take several. */
  runs = 0;
  /** Resources that the cloud is at work on, oldest first. */
  readonly underWay = new Map<string, Step>();
  /** Every step on a resource of a cloud that changes something, in the order of their beginnings. */
  readonly steps: Step[] = [];
  readonly failed: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** Names of the cells that the program has. */
  readonly cells = new Set<string>();
  private readonly parents = new Map<string, string>();
  private readonly done = new Map<OpType, Set<string>>();
  private final: Partial<Record<OpType, number>> | undefined;
  /** What a run did to the stack's own entry in the state: it is no resource of anybody's, so it isn't counted. */
  private rootOperation: OpType | undefined;

  handle(event: EngineEvent): void {
    this.lastHeard = Date.now();
    if (event.preludeEvent) this.runs++;
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = event;
    const step = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (step) {
      const { urn, type, op } = step;
      const parent = (step.new ?? step.old)?.parent;
      if (parent) this.parents.set(urn, parent);
      if (cellType.test(type)) this.cells.add(nameOf(urn));
      const custom = (step.new ?? step.old)?.custom === true;
      const entry: Step = { urn, type, name: nameOf(urn), operation: op, since: Date.now() };
      if (resourcePreEvent && custom && !idle.has(op)) {
        this.underWay.set(urn, entry);
        this.steps.push(entry);
      } else this.underWay.delete(urn);
      if (type === rootType) this.rootOperation = op;
      else if (resOutputsEvent) this.count(op, urn);
      if (resOpFailedEvent) this.failed.push(entry);
    }
    if (diagnosticEvent) this.hear(diagnosticEvent);
    if (summaryEvent) this.addUp(summaryEvent.resourceChanges);
  }

  /** So far, and exact once the engine has given its own count. */
  get changes(): Changes {
    const count = (op: OpType): number => (this.final ? this.final[op] : this.done.get(op)?.size) ?? 0;
    return {
      create: count("create") + count("import"),
      update: count("update"),
      replace: Math.max(count("replace"), count("create-replacement")),
      delete: count("delete"),
      same: count("same"),
    };
  }

  get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  /** Names of the cells in which something failed. */
  get failedCells(): string[] {
    const urns = [
      ...this.failed.map(({ urn }) => urn),
      ...this.diagnostics.flatMap(({ urn, severity }) => (urn && severity === "error" ? [urn] : [])),
    ];
    return urns.flatMap((urn) => this.lineage(urn).map(nameOf)).filter((name) => this.cells.has(name));
  }

  /** The resource itself and what it is part of, innermost first. */
  lineage(urn: string): string[] {
    const line: string[] = [];
    for (let at: string | undefined = urn; at && !line.includes(at); at = this.parents.get(at)) line.push(at);
    return line;
  }

  private hear({ urn, severity, message: marked, ephemeral }: DiagnosticEvent): void {
    // Debug messages, which the SDK's types leave out, quote inputs: secrets too.
    if (ephemeral || (severity as string) === "debug") return;
    const message = withoutMarkup(marked).trim();
    // Of the run without the failed cells: these keep what they depended on, and where cells have swapped their
    // places the engine counts that twice (3.259, step generator). The first run has said what is wrong.
    if (this.runs > 1 && message.startsWith("Duplicate resource URN")) return;
    this.diagnostics.push({ urn: urn || undefined, severity, message });
  }

  /** An operation may take several runs. What one made, the next finds unchanged. */
  private addUp(counts: Partial<Record<OpType, number>>): void {
    const sum = (op: OpType, counted: number) => {
      const n = Math.max(0, counted - (op === this.rootOperation ? 1 : 0));
      return idle.has(op) ? n : n + (this.final?.[op] ?? 0);
    };
    const ops = Object.keys({ ...this.final, ...counts }) as OpType[];
    this.final = Object.fromEntries(ops.map((op) => [op, sum(op, counts[op] ?? 0)]));
  }

  private count(op: OpType, urn: string): void {
    let urns = this.done.get(op);
    if (!urns) this.done.set(op, (urns = new Set()));
    urns.add(urn);
  }
}

/** The engine colours its messages with directives like `<{%fg 1%}>`; providers may add terminal codes. */
function withoutMarkup(text: string): string {
  // eslint's no-control-regex forbids writing the escape character in a literal.
  const terminalCode = new RegExp(String.raw`\u001b\[[0-9;]*m`, "g");
  return text.replace(/<\{%.*?%\}>/g, "").replace(terminalCode, "");
}
