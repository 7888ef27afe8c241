import { Refusal } from "./errors.js";
import { nameOf, shortType } from "./events.js";

/**
 * What an engine that was killed leaves behind. Before a step it notes a pending operation in the state, and
 * removes the note afterwards. Pulumi clears pending updates and deletions at the next refresh, but a pending
 * creation only on a person's word, since the state does not hold the id of what the cloud may have made
 * (pkg/backend/journal.go: "these must require user intervention"). Left alone, the next `up` makes the thing
 * a second time, or fails because its name is taken.
 */

interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** `<urn of the provider>::<id of the provider>`. */
  provider?: string;
  delete?: boolean;
}

interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** What `pulumi stack export` prints, as far as it is looked at here. */
export interface ExportedState {
  version: number;
  deployment: { resources?: ResourceState[]; pending_operations?: PendingOperation[] };
}

/** A creation that was under way when the engine was killed. */
export interface InterruptedCreate {
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
  /** The configuration of the provider that was asked. */
  provider: Record<string, unknown>;
}

/**
 * Looks up what an interrupted creation made.
 *
 * @param known ids of this type that the state already holds
 * @returns the id, or undefined when the cloud made nothing
 */
export type FindCreated = (create: InterruptedCreate, known: ReadonlySet<string>) => string | undefined;

/** Pulumi's mark of a special value, and of a secret among these (sdk/go/common/resource/sig). */
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** The value with every secret of an export that shows secrets replaced by what it guards. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[mark] === secretMark && typeof record["plaintext"] === "string")
    return JSON.parse(record["plaintext"]) as unknown;
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, revealed(inner)]));
}

/** Every secret text in a state that was exported with its secrets, long enough to be told from other words. */
export function secretTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretTexts);
  if (typeof value !== "object" || value === null) return [];
  const record = value as Record<string, unknown>;
  if (record[mark] === secretMark) return texts(revealed(record));
  return Object.values(record).flatMap(secretTexts);
}

const shortestSecret = 6;

function texts(value: unknown): string[] {
  if (typeof value === "string") return value.length >= shortestSecret ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** True when the state notes operations whose end the engine did not see. */
export function hasPending(state: ExportedState): boolean {
  return (state.deployment.pending_operations ?? []).length > 0;
}

/**
 * Settles the interrupted creations: what the cloud made is taken into the state under its id, and the next
 * refresh reads the rest; a note of what it did not make is dropped. Other pending operations stay for the
 * refresh to clear.
 *
 * @param state the export without its secrets; returned changed, ready for `pulumi stack import`
 * @param shown the same export with its secrets, to compare with what the cloud holds
 */
export function settle(state: ExportedState, shown: ExportedState, find: FindCreated): ExportedState {
  const resources = [...(state.deployment.resources ?? [])];
  const open = (shown.deployment.pending_operations ?? []).map((p) => p.resource);
  const remaining = (state.deployment.pending_operations ?? []).filter((operation, i) => {
    const { resource } = operation;
    if (operation.type !== "creating") return true;
    // Components and providers exist in the state only.
    if (!resource.custom || resource.type.startsWith("pulumi:")) return false;
    const [providerUrn = ""] = (resource.provider ?? "").split(/::(?=[^:]*$)/);
    const provider = shown.deployment.resources?.find((r) => r.urn === providerUrn);
    const known = resources.filter((r) => r.type === resource.type).flatMap((r) => r.id ?? []);
    const create: InterruptedCreate = {
      urn: resource.urn,
      type: resource.type,
      inputs: (revealed(open[i]?.inputs) ?? {}) as Record<string, unknown>,
      provider: (revealed(provider?.inputs) ?? {}) as Record<string, unknown>,
    };
    const id = find(create, new Set(known));
    if (id === undefined) return false;
    // A replacement that was made before its predecessor was deleted: the predecessor still has to go.
    const old = resources.findIndex((r) => r.urn === resource.urn && !r.delete);
    const adopted: ResourceState = { ...resource, id, outputs: {} };
    if (old < 0) resources.push(adopted);
    else resources.splice(old, 1, adopted, { ...(resources[old] ?? resource), delete: true });
    return false;
  });
  return { ...state, deployment: { ...state.deployment, resources, pending_operations: remaining } };
}

/** Refuses to go on where nobody can look up what the cloud made, and says how a person does. */
export function refusePending(state: ExportedState, stack: string): void {
  const creates = (state.deployment.pending_operations ?? []).filter(
    (p) => p.type === "creating" && p.resource.custom && !p.resource.type.startsWith("pulumi:"),
  );
  if (creates.length === 0) return;
  throw new Refusal(
    [
      `An earlier run was killed while it created ${creates.length} resource(s); the cloud may hold them:`,
      ...creates.map(({ resource }) => `  ${shortType(resource.type)} ${nameOf(resource.urn)}`),
      "Pulumi does not know their ids, so going on could make them twice. Look for them in the cloud's console, then run",
      `  pulumi refresh --stack ${stack}`,
      'in a terminal: for each it asks "clear" (the cloud has no such thing) or "import" (with the id that you found).',
    ].join("\n"),
  );
}
