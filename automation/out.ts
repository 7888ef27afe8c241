import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { WrongUse } from "./errors.js";

/**
 * Looks whether a file can be written, before what takes long, and leaves no trace.
 *
 * @param out as it was given with `--out`
 * @throws {WrongUse} when it can't
 */
export function checkOut(out: string): void {
  if (/[\\/]$/.test(out)) throw new WrongUse(`--out ${out}: it is the name of a directory.`);
  const file = resolve(out);
  let there = file;
  while (!existsSync(there)) there = dirname(there);
  // What is there of the path is the file, or a directory that leads to it.
  const isFile = there === file;
  if (statSync(there).isDirectory() === isFile)
    throw new WrongUse(`--out ${out}: ${there} is ${isFile ? "a" : "no"} directory.`);
  try {
    accessSync(there, constants.W_OK);
  } catch (error) {
    throw new WrongUse(`--out ${out}: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes a file, and makes the directories that lead to it. */
export function writeOut(out: string, text: string): void {
  mkdirSync(dirname(resolve(out)), { recursive: true });
  writeFileSync(out, text);
}
