import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isPair, parseDocument, visit } from "yaml";
import { WrongUse } from "./errors.js";

/** Where Pulumi keeps what belongs to the local cloud, below the world's directory. */
export function pulumiDirectories(directory: string) {
  const below = (name: string) => join(directory, "pulumi", name);
  return {
    home: below("home"),
    state: below("state"),
    journals: below("journals"),
    workspace: below("workspace"),
  };
}

/**
 * The environment that keeps Pulumi on this machine: a file backend and a home of its own, no look at the
 * network for plugins or updates (2–3 s on every command of an existing stack).
 *
 * The passphrase is no secret: what it guards are the stand-ins' own made-up values.
 */
export function localEnvironment(directory: string): Record<string, string> {
  const { home, state } = pulumiDirectories(directory);
  mkdirSync(state, { recursive: true });
  mkdirSync(home, { recursive: true });
  return {
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    // `backend/store.ts` reads and writes the plain files.
    PULUMI_DIY_BACKEND_GZIP: "false",
    PULUMI_DIY_BACKEND_ZSTD: "false",
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_HOME: home,
    // The user's own may be elsewhere.
    PULUMI_CREDENTIALS_PATH: home,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** What a stack's settings hold for the real stack only: its encryption, and environments of Pulumi Cloud. */
const foreign = ["encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/** Stands for a value that only the real stack's key opens. */
export const placeholder = "placeholder-of-the-local-cloud";

/**
 * A stack's settings for the local cloud: the same config, without the real stack's encryption. Secure values
 * cannot be read here, nor should they be: each becomes a placeholder.
 *
 * @param salt the encryption salt that the local stack already has
 * @returns the settings, and the config keys whose values were replaced
 */
export function localSettings(text: string, salt: string | undefined): { text: string; replaced: string[] } {
  const document = parse(text);
  for (const key of foreign) document.delete(key);
  const replaced = new Set<string>();
  visit(document, {
    Map(_, node, path) {
      if (node.items.length !== 1 || typeof node.get("secure") !== "string") return;
      const [, entry] = path.filter(isPair);
      replaced.add(String(entry?.key));
      return document.createNode(placeholder);
    },
  });
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return { text: document.toString(), replaced: [...replaced] };
}

/**
 * Writes the project's and the stack's settings for the local cloud into a workspace of their own, so that
 * no tracked file changes. Done anew at each run: an edit of the project's files counts at once.
 *
 * @returns the workspace's directory, the stack's settings file and the config keys that hold placeholders
 */
export function writeLocalWorkspace(
  directory: string,
  projectText: string,
  stack: string,
  stackText: string,
) {
  const { workspace } = pulumiDirectories(directory);
  mkdirSync(workspace, { recursive: true });
  const project = parse(projectText);
  // The program runs in this process: no language host has to be configured.
  project.set("runtime", "nodejs");
  project.delete("main");
  writeFileSync(join(workspace, "Pulumi.yaml"), project.toString());
  const file = join(workspace, `Pulumi.${stack}.yaml`);
  const salt = existsSync(file) ? parse(readFileSync(file, "utf8")).get("encryptionsalt") : undefined;
  const { text, replaced } = localSettings(stackText, typeof salt === "string" ? salt : undefined);
  writeFileSync(file, text, { mode: 0o600 });
  return { workspace, file, replaced };
}

function parse(text: string) {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new WrongUse(`The settings are not valid YAML: ${error.message}`);
  return document;
}
