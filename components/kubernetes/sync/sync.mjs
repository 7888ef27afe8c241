/**
 * Puts the declared objects into the admin API of this cell and removes what an earlier run put there and nobody
 * declares any more. Runs in the cluster with Node alone. It never prints a key, a header or an answer's body.
 *
 * Exit status: 0 when the cell serves what is declared, else 1 and one line that names the object and the status.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const { ADMIN_URL, CORE_URL, API_KEY_HEADER, DIRECTORY, BACKOFF_MILLISECONDS } = process.env;
const firstWait = Number(BACKOFF_MILLISECONDS ?? 500);
const longestWait = 40 * firstWait;
const attempts = 8;
/** For one answer, in milliseconds. */
const patience = 30_000;

/** What is wrong, in words that hold no secret. */
class Failure extends Error {}

const read = (...path) => readFile(join(DIRECTORY, ...path), "utf8");

const { revision, lists, objects, withoutValue } = JSON.parse(await read("desired", "state.json"));
const apiKey = (await read("secrets", "admin.key")).trim();

/** What earlier runs put here; nothing before the first has succeeded. */
async function earlierRecord() {
  try {
    return JSON.parse(await read("record", "record.json"));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

async function ask(method, url, body) {
  try {
    const response = await fetch(url, {
      method,
      headers: { [API_KEY_HEADER]: apiKey, "content-type": "application/json" },
      body: body && JSON.stringify(body),
      // The key goes to nobody else.
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    const retryAfter = Number(response.headers.get("retry-after") ?? 0) * 1000;
    return { status: response.status, text: await response.text(), retryAfter };
  } catch (error) {
    // The code alone: messages of refused requests quote their headers.
    return { status: error.cause?.code ?? error.name, text: "", retryAfter: 0 };
  }
}

/** The answer; asks again, later and later, while there is none, or one that says to come back. */
async function call(method, url, body) {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(method, url, body);
    const { status, retryAfter } = answer;
    const passing = typeof status !== "number" || status === 429 || status >= 500;
    if (!passing || attempt === attempts) return answer;
    const wait = Math.min(longestWait, Math.max(retryAfter || 0, firstWait * 2 ** (attempt - 1)));
    // Spread, so that the cells of a region do not come back together.
    await sleep(wait * (0.5 + Math.random() / 2));
  }
}

function refused(id, method, { status }) {
  const hint =
    status === 401 || status === 403 ? ": the cell's key in javelin:adminKeys is not accepted" : "";
  const what = typeof status === "number" ? `answered ${status}${hint}` : `got no answer (${status})`;
  return new Failure(`${id}: ${method} ${what}`);
}

const isDone = ({ status }) => status >= 200 && status < 300;

/** Names of what is there. An error is answered with a body too, and must not pass for an empty list. */
async function namesIn({ kind, path }) {
  const answer = await call("GET", ADMIN_URL + path);
  if (answer.status === 404) return [];
  if (!isDone(answer)) throw refused(`${kind} (list)`, "GET", answer);
  const content = parsed(answer.text);
  const entries = Array.isArray(content) ? content : Object.values(content ?? {}).find(Array.isArray);
  if (!entries) throw new Failure(`${kind} (list): GET answered ${answer.status} without a list`);
  return entries.map((entry) => `${kind}/${entry?.api_key ?? entry?.name ?? entry}`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether everything wanted is there; the API adds fields of its own. */
function holds(actual, wanted) {
  if (wanted === null || typeof wanted !== "object") return actual === wanted;
  if (actual === null || typeof actual !== "object") return false;
  if (Array.isArray(wanted) && wanted.length !== actual.length) return false;
  return Object.entries(wanted).every(([key, value]) => holds(actual[key], value));
}

const alreadyExists = ({ status, text }) =>
  status === 409 || (status === 400 && /already exists/i.test(text));

/** Creates or replaces one object, unless it is as the last run left it. */
async function put({ id, path, body, secret, digest }, earlier) {
  const url = ADMIN_URL + path;
  const found = await call("GET", url);
  if (found.status !== 404 && !isDone(found)) throw refused(id, "GET", found);
  // What was last put there counts too: a field that is no longer declared would not be missed otherwise.
  const same = !secret && earlier?.digest === digest && isDone(found) && holds(parsed(found.text), body);
  if (same) return "unchanged";
  const content = secret ? { ...body, api_key_secret_key: (await read("secrets", secret)).trim() } : body;
  if (found.status === 404) {
    const created = await call("POST", url, content);
    if (isDone(created)) return "created";
    if (!alreadyExists(created)) throw refused(id, "POST", created);
  }
  const replaced = await call("PUT", url, content);
  if (!isDone(replaced)) throw refused(id, "PUT", replaced);
  return "replaced";
}

async function remove({ id, path }) {
  const answer = await call("DELETE", ADMIN_URL + path);
  if (!isDone(answer) && answer.status !== 404) throw refused(id, "DELETE", answer);
}

/** Core keeps copies of its own. What is gone from the admin API may be unknown to it. */
async function reload({ id, reload: path }, gone) {
  const answer = path && (await call("POST", CORE_URL + path));
  if (answer && !isDone(answer) && !(gone && answer.status === 404))
    throw refused(`${id} (reload on core)`, "POST", answer);
}

async function main() {
  const record = await earlierRecord();
  // First, since it tells whether the key is accepted before anything is changed.
  const there = [];
  for (const list of lists) there.push(...(await namesIn(list)));

  const counts = { created: 0, replaced: 0, unchanged: 0, removed: 0 };
  const note = (what, id) => {
    counts[what]++;
    if (what !== "unchanged") console.log(`${what} ${id}`);
  };
  const changed = [];
  for (const object of objects) {
    const earlier = record.find(({ path }) => path === object.path);
    const what = await put(object, earlier);
    note(what, object.id);
    if (what !== "unchanged") changed.push(object);
  }
  // Against the order in which they refer to one another, and after what referred to them was replaced.
  const kept = new Set(objects.map(({ path }) => path));
  const gone = record.filter(({ id, path }) => !kept.has(path) && !withoutValue.includes(id)).reverse();
  for (const object of gone) {
    await remove(object);
    note("removed", object.id);
  }
  const declared = new Set(objects.map(({ id }) => id));
  for (const object of changed) await reload(object, false);
  for (const object of gone) if (!declared.has(object.id)) await reload(object, true);

  for (const id of withoutValue)
    console.log(`${there.includes(id) ? "left as it is" : "missing"}: ${id} has no value in javelin:keys`);
  const known = new Set([...declared, ...withoutValue, ...gone.map(({ id }) => id)]);
  for (const id of there)
    if (!known.has(id)) console.log(`left alone: ${id} is not declared, and not made here`);
  const summary = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`revision ${revision}: ${summary.join(", ")}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Failure ? error.message : `unexpected ${error.name} in the sync`);
  process.exitCode = 1;
}
