import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Operation } from "./operation.js";
import { runOperation } from "./operation.js";
import type { Row } from "./rows.js";
import { rowOf, say } from "./rows.js";

const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"],
  ...["ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"],
];

/** Two is what the others are compared with. */
const counts = [2, 1, 4, 8, 16];

/** Time and memory of a first `up` for each of its cells, over that with two. */
export async function growthRows(directory: string): Promise<Row[]> {
  const measured = new Map<number, Operation>();
  for (const count of counts) {
    const below = join(directory, `cells-${count}`);
    const config = settings(count);
    const up = await runOperation({ stack: "dev", operation: "up", directory: below, config });
    rmSync(below, { recursive: true, force: true });
    const parts = Object.entries(up.used).map(
      ([who, { megabytes, cpuSeconds }]) =>
        `${who} ${megabytes.toFixed(0)} MB, processor ${cpuSeconds.toFixed(1)} s`,
    );
    say(
      `up      ${count} cells: ${up.seconds.toFixed(1)} s, ${up.registrations} resources; ${parts.join("; ")}`,
    );
    measured.set(count, up);
  }
  const of = (count: number, what: (up: Operation) => number) => what(measured.get(count)!) / count;
  const sum = (what: "megabytes" | "cpuSeconds") => (up: Operation) =>
    Object.values(up.used).reduce((total, each) => total + each[what], 0);
  const rows = (name: string, what: (up: Operation) => number, unit: Row["unit"]): Row[] =>
    counts
      .filter((count) => count !== 2)
      .map((count) =>
        rowOf(`${name} per cell of a first up of ${count}, over two`, of(count, what), of(2, what), unit),
      );
  return [
    ...rows("time", ({ seconds }) => seconds, "s"),
    ...rows("processor time", sum("cpuSeconds"), "s"),
    ...rows("memory", sum("megabytes"), "MB"),
  ];
}

/** Small cells in as many regions, with routes that every region can serve. */
function settings(count: number): string[] {
  const cells = regions
    .slice(0, count)
    .map((region, i) => ({ cloud: "aws", region, cidr: `10.${10 + i}.0.0/16` }));
  const routes = {
    providers: [{ name: "openai", type: "openai" }],
    routes: [{ name: "chat", type: "chat", models: [{ name: "gpt-4o", provider: "openai" }] }],
  };
  return [
    `javelin:topology=${count === 1 ? "single-region" : "cross-region"}`,
    `javelin:cells=${JSON.stringify(cells)}`,
    `javelin:routes=${JSON.stringify(routes)}`,
    `javelin:egress=${JSON.stringify({ providers: ["openai"], domains: [] })}`,
  ];
}
