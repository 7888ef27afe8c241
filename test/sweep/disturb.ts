import { engines } from "../../automation/locks.js";
import type { Faults } from "../../local/faults.js";
import { Life } from "../support/life.js";

// One `up` that has to fail, in a process of its own: gRPC keeps the dead connections of a failed run, and a later
// engine that happens to get one of their ports could not be reached from the same process.
// Arguments: the stack, the life's directory, "fail" or "kill", the number of the create at which it happens.
const [, , stack = "", directory = "", what = "", at = ""] = process.argv;
const life = Life.begin(stack, directory);
const faults: Faults =
  what === "fail"
    ? { failCreate: Number(at) }
    : {
        onCreate: (n) => {
          if (n === Number(at)) for (const pid of engines(directory)) process.kill(pid, "SIGKILL");
        },
      };
await life.restart(faults);
const failed = await life.run("up").then(
  () => false,
  () => true,
);
await life.stop();
// 0: it failed, as it should; 3: the fault did no harm.
process.exit(failed ? 0 : 3);
