/**
 * What an engine that was killed leaves behind. Before a step it notes a pending operation in the state, and
 * removes the note afterwards. Pulumi clears pending updates and deletions at the next refresh, but a pending
 * creation only on a person's word, since the state does not hold the id of what the cloud may have made
 * (pkg/backend/journal.go: "these must require user intervention"). Left alone, the next `up` makes the thing
 * a second time, or fails because its name is taken. `pulumi refresh --import-pending-creates` of v3.259.0
 * forgets the note and takes nothing into the state, so this is done on the exported state.
 */

interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** `<urn of the provider>::<id of the provider>`. */
  provider?: string;
  delete?: boolean;
  protect?: boolean;
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
  /** Ids of this type that the state already holds. */
  known: ReadonlySet<string>;
}

/** What interrupted creations made: an id for each URN, or undefined where the cloud made nothing. */
export type Made = ReadonlyMap<string, string | undefined>;

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

/** Every secret text in what `pulumi config --json --show-secrets` prints. */
export function secretConfigTexts(config: Record<string, ConfigValue>): string[] {
  return Object.values(config).flatMap(({ secret, value, objectValue }) =>
    secret ? texts(objectValue ?? value) : [],
  );
}

interface ConfigValue {
  secret: boolean;
  value?: string;
  /** The value of a map or a list. */
  objectValue?: unknown;
}

const shortestSecret = 8;

function texts(value: unknown): string[] {
  if (typeof value === "string") return value.length >= shortestSecret ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** True when the state notes operations whose end the engine did not see. */
export function hasPending(state: ExportedState): boolean {
  return (state.deployment.pending_operations ?? []).length > 0;
}

/**
 * True when something that a killed run made is in the state, but was not read yet: the run that took it in did
 * not get as far as its refresh. Everything that was created or read has outputs.
 */
export function hasUnread(state: ExportedState): boolean {
  return (state.deployment.resources ?? []).some(
    ({ custom, type, id, outputs }) =>
      custom && id && !type.startsWith("pulumi:") && Object.keys(outputs ?? {}).length === 0,
  );
}

/** Components, providers, and what these packages make exist in the state only: no cloud made them. */
function isOpen({ type, resource }: PendingOperation): boolean {
  return type === "creating" && resource.custom && !/^(pulumi|random|time|tls):/.test(resource.type);
}

/**
 * The creations that nobody saw the end of.
 *
 * @param shown the state, exported with its secrets, so that inputs can be compared with what the cloud holds
 */
export function interruptedCreates(shown: ExportedState): InterruptedCreate[] {
  const { resources = [], pending_operations: pending = [] } = shown.deployment;
  return pending.filter(isOpen).map(({ resource }) => {
    const [providerUrn] = (resource.provider ?? "").split(/::(?=[^:]*$)/);
    const provider = resources.find((r) => r.urn === providerUrn);
    return {
      urn: resource.urn,
      type: resource.type,
      inputs: (revealed(resource.inputs) ?? {}) as Record<string, unknown>,
      provider: (revealed(provider?.inputs) ?? {}) as Record<string, unknown>,
      known: new Set(resources.filter((r) => r.type === resource.type).flatMap((r) => r.id ?? [])),
    };
  });
}

/**
 * The state with the interrupted creations settled: what the cloud made is in it under its id, for the next
 * refresh to read the rest, and the notes are gone. Other pending operations stay for the refresh to clear.
 *
 * @param state the export without its secrets
 */
export function settle(state: ExportedState, made: Made): ExportedState {
  const pending = state.deployment.pending_operations ?? [];
  const resources = [...(state.deployment.resources ?? [])];
  for (const { resource } of pending.filter(isOpen)) {
    const id = made.get(resource.urn);
    if (id === undefined) continue;
    // Without outputs the provider reads it as it reads an import.
    const adopted: ResourceState = { ...resource, id, outputs: {} };
    // A replacement that was made before its predecessor was deleted: the predecessor still has to go.
    const old = resources.findIndex((r) => r.urn === resource.urn && !r.delete);
    if (old < 0) resources.push(adopted);
    else resources.splice(old, 1, adopted, { ...(resources[old] ?? resource), delete: true });
  }
  const remaining = pending.filter((operation) => operation.type !== "creating");
  return { ...state, deployment: { ...state.deployment, resources, pending_operations: remaining } };
}
