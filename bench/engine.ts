import { join } from "node:path";
import type { Operation, OperationRequest } from "./operation.js";
import { runOperation } from "./operation.js";
import type { Row } from "./rows.js";
import { median, rowOf, say } from "./rows.js";

/** How often each of the two sides of a row is measured. */
const times = { up: 3, preview: 5 };

/** Time of `dev` on the real engine, over that of as many plain resources. */
export async function engineRows(directory: string): Promise<Row[]> {
  // The two sides take turns, so that noise on the machine hits both.
  const ups: [Operation[], Operation[]] = [[], []];
  for (let i = 0; i < times.up; i++) {
    const dev = await run("dev", "up", join(directory, `dev-${i}`));
    ups[0].push(dev);
    ups[1].push(await run("floor", "up", join(directory, `floor-${i}`), dev));
  }
  const previews: [Operation[], Operation[]] = [[], []];
  for (let i = 0; i < times.preview; i++) {
    const dev = await run("dev", "preview", join(directory, "dev-0"));
    previews[0].push(dev);
    previews[1].push(await run("floor", "preview", join(directory, "floor-0"), dev));
  }
  const seconds = ([value, floor]: [Operation[], Operation[]], name: string): Row =>
    rowOf(name, median(value.map((o) => o.seconds)), median(floor.map((o) => o.seconds)), "s");
  return [
    seconds(previews, `no-change preview of dev (n=${times.preview})`),
    seconds(ups, `first up of dev (n=${times.up})`),
  ];
}

/** @param like the operation on `dev` whose number of registrations the floor matches */
async function run(
  stack: "dev" | "floor",
  operation: OperationRequest["operation"],
  directory: string,
  like?: Operation,
): Promise<Operation> {
  const result = await runOperation({ stack, operation, directory, ...(like && { floor: like }) });
  const kinds = Object.keys(result.changes).join();
  if (kinds !== (operation === "up" ? "create" : "same"))
    throw new Error(`${operation} of ${stack} is not what is measured: ${JSON.stringify(result.changes)}`);
  if (like && like.registrations !== result.registrations)
    throw new Error(`the floor registered ${result.registrations} resources, dev ${like.registrations}`);
  say(
    `${operation.padEnd(7)} ${stack.padEnd(5)} ${result.seconds.toFixed(2)} s, ${result.registrations} resources`,
  );
  return result;
}
