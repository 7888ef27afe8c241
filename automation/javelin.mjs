#!/usr/bin/env node
import { register } from "tsx/esm/api";

register();
const { main } = await import("./main.ts");
// Sockets of the engine's side channels may still be closing; nothing is left to do on them.
process.exit(await main(process.argv.slice(2)));
