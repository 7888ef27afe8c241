import { rmSync, writeFileSync } from "node:fs";
import { LocalCloud } from "../local/cloud.js";
import { faultsFrom } from "../local/faults.js";
import { serverFile } from "./local.js";
import { engines } from "./locks.js";
import { until } from "./processes.js";

// The local cloud as a process of its own, as a provider's plugin is one: it has to outlive a `javelin` that is
// killed, or else what it was just making would be lost to the engine, which still runs.
const [, , directory = "", life = ""] = process.argv;
const background = life === "background";
/** An engine whose `javelin` is gone ends what is under way, and nothing more. */
const lastSeconds = 120;

const { millisecondsPerMinute, ...faults } = await settled(() => faultsFrom(process.env));
const cloud = await settled(() => LocalCloud.start({ directory, millisecondsPerMinute, faults }));
if (background)
  writeFileSync(serverFile(directory), JSON.stringify({ pid: process.pid, environment: cloud.environment }));
process.stdout.on("error", () => undefined);
process.stdout.write(`${JSON.stringify(cloud.environment)}\n`);

/** The value, or the end of this process with the reason as its last words. */
async function settled<T>(get: () => T | Promise<T>): Promise<T> {
  try {
    return await get();
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(1);
  }
}

function end(): void {
  if (background) rmSync(serverFile(directory), { force: true });
  void cloud.stop().finally(() => process.exit(0));
}
process.once("SIGTERM", end).once("SIGINT", end);
if (!background)
  process.stdin.resume().once("end", () => {
    void until(() => (engines(directory).length === 0 ? true : undefined), lastSeconds).then(end);
  });
