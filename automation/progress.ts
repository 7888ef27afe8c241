import type { Log } from "./events.js";
import { shortType } from "./events.js";

/** Shows how an operation goes, until it is closed. */
export interface Progress {
  /** A line that stays. */
  say: (line: string) => void;
  close: () => void;
}

const frames = [..."⠋⠙⠹⠸⠼⠴⠦⠧⇇⠏"];
/** At most this many of the resources under way are listed. */
const listed = 6;
/** How often a terminal is redrawn, and how often a log gets a line. */
const redrawMilliseconds = 100;
const logMilliseconds = 10_000;

const count = (n: number, what: string): string[] => (n > 0 ? [`${n} ${what}`] : []);

/** "87 created, 2 updated, 3 under way", without what is zero. */
export function headline(
  log: Log,
  done = { create: "created", update: "updated", delete: "deleted" },
): string {
  const { create, update, replace, delete: deleted, same } = log.changes;
  const parts = [
    ...count(create, done.create),
    ...count(update, done.update),
    ...count(replace, "replaced"),
    ...count(deleted, done.delete),
    ...count(same, "unchanged"),
    ...count(log.underWay.size, "under way"),
  ];
  return parts.join(", ") || "starting";
}

/** What is under way, longest first. */
export function underWay(log: Log, now: number, width: number): string[] {
  const steps = [...log.underWay.values()].sort((a, b) => a.since - b.since);
  const lines = steps.slice(0, listed).map((step) => {
    const seconds = Math.floor((now - step.since) / 1000);
    return `  ${shortType(step.type)} ${step.name}${seconds > 0 ? ` ${seconds} s` : ""}`.slice(0, width - 1);
  });
  return steps.length > listed ? [...lines, `  and ${steps.length - listed} more`] : lines;
}

/**
 * The display of an operation. On a terminal a block that is redrawn in place; elsewhere a line now and then,
 * so that a build log stays readable and is never silent for long.
 */
export function showProgress(log: Log, title: string, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? liveBlock(log, title, stream) : plainLines(log, title, stream);
}

function liveBlock(log: Log, title: string, stream: NodeJS.WriteStream): Progress {
  let drawn = 0;
  let frame = 0;
  // A pseudo-terminal that was given no size says 0.
  const width = (): number => stream.columns || 80;
  const erase = (): void => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    erase();
    const spinner = frames[frame++ % frames.length] ?? "";
    const first = `${spinner} ${title}: ${Math.floor(log.seconds)} s, ${headline(log)}`.slice(0, width() - 1);
    const lines = [first, ...underWay(log, Date.now(), width())];
    stream.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
  };
  draw();
  const timer = setInterval(draw, redrawMilliseconds);
  return {
    say: (line) => {
      erase();
      stream.write(`${line}\n`);
      draw();
    },
    close: () => {
      clearInterval(timer);
      erase();
    },
  };
}

function plainLines(log: Log, title: string, stream: NodeJS.WriteStream): Progress {
  const say = (line: string): void => void stream.write(`${line}\n`);
  say(`${title} …`);
  const timer = setInterval(() => {
    const [oldest] = underWay(log, Date.now(), 200);
    say(
      `${Math.floor(log.seconds)} s: ${headline(log)}${oldest === undefined ? "" : `; oldest:${oldest.slice(1)}`}`,
    );
  }, logMilliseconds);
  return { say, close: () => clearInterval(timer) };
}
