#!/usr/bin/env node
import { register } from "tsx/esm/api";

register();
const { main } = await import("./main.ts");
const code = await main(process.argv.slice(2));
// Sockets of the engine's side channels may still be closing, and nothing is left to do on them; but a pipe
// that reads slowly has to get everything first.
process.stdout.write("", () => process.exit(code));
