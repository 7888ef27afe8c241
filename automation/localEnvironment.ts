import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isMap, isPair, parseDocument, visit } from "yaml";
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
const placeholder = "placeholder-of-the-local-cloud";

/** The same, in the form that the program asks of each member. What begins as a PFX file does: a sequence, version 3. */
const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "javelin:registryAuth": { username: placeholder, token: placeholder },
  "javelin:licence": {
    jwt: "placeholder.of-the-local.cloud",
    publicKey: "-----BEGIN PUBLIC KEY-----\nplaceholder\n-----END PUBLIC KEY-----",
  },
  "javelin:clerk": { secretKey: `sk_test_${placeholder}`, publishableKey: `pk_test_${placeholder}` },
  "javelin:certificate": {
    pfx: Buffer.from([0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x03, ...Array<number>(253).fill(0)]).toString(
      "base64",
    ),
    password: placeholder,
  },
  // Their names are not known when the whole map is encrypted.
  "javelin:adminKeys": {},
  "javelin:keys": {},
};

/** A secret that stands in for one of the real stack. */
export interface StandIn {
  /** The config key, `javelin:licence`. */
  key: string;
  /** As `pulumi config set --path` takes it, `javelin:licence["jwt"]`. */
  path: string;
  value: string;
}

/**
 * A stack's settings for the local cloud: the same config, without the real stack's encryption. Secure values
 * cannot be read here, nor should they be: each is left out, to be set anew as a secret of the local stack.
 *
 * @param salt the encryption salt that the local stack already has
 * @returns the settings, and what is to be set in place of the values that were left out
 */
export function localSettings(text: string, salt: string | undefined): { text: string; standIns: StandIn[] } {
  const document = parse(text);
  for (const key of foreign) document.delete(key);
  const standIns: StandIn[] = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isMap(pair.value) || typeof pair.value.get("secure") !== "string") return undefined;
      // The first pair is `config` itself.
      const [, key = "", ...members] = [...ancestors.filter(isPair), pair].map((each) => String(each.key));
      const path = [key, ...members.map((member) => `[${JSON.stringify(member)}]`)].join("");
      const whole = forms[key] && JSON.stringify(forms[key]);
      const value = members.length === 0 ? whole : forms[key]?.[members.join()];
      standIns.push({ key, path, value: value ?? placeholder });
      return visit.REMOVE;
    },
  });
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return { text: document.toString(), standIns };
}

/**
 * Writes the project's and the stack's settings for the local cloud into a workspace of their own, so that
 * no tracked file changes. Done anew at each run: an edit of the project's files counts at once.
 *
 * @returns the workspace's directory, the stack's settings file, and the secrets to be set in it
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
  const { text, standIns } = localSettings(stackText, typeof salt === "string" ? salt : undefined);
  writeFileSync(file, text, { mode: 0o600 });
  return { workspace, file, standIns };
}

function parse(text: string) {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new WrongUse(`The settings are not valid YAML: ${error.message}`);
  return document;
}
