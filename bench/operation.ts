import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../automation/processes.js";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface OperationRequest {
  stack: string;
  operation: "up" | "preview";
  /** The local cloud's. */
  directory: string;
  /** `key=value` pairs, as `-c` takes them. */
  config?: string[];
  /** Instead of the gateway: as many plain resources and providers. */
  floor?: Pick<Operation, "registrations" | "providers">;
}

/** What one operation came to. */
export interface Operation {
  /** From the call of the Automation API to its end. */
  seconds: number;
  /** Resources that the program registers, the stack itself left out. */
  registrations: number;
  /** Provider instances among them. */
  providers: number;
  changes: Record<string, number>;
  /** What each process used, where the system tells it: the most memory, and processor time. */
  used: Partial<Record<"program" | "engine" | "cloud", { megabytes: number; cpuSeconds: number }>>;
}

/**
 * One operation in a process of its own, as one call of the javelin command is: modules are loaded anew each
 * time, while the workspace opens and the local cloud starts.
 */
export async function runOperation(request: OperationRequest): Promise<Operation> {
  const script = fileURLToPath(new URL("operationProcess.ts", import.meta.url));
  const output = await execute({
    file: process.execPath,
    arguments: ["--import", import.meta.resolve("tsx/esm"), script, JSON.stringify(request)],
    directory: root,
  });
  return JSON.parse(output) as Operation;
}
