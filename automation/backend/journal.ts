/**
 * The engine's journal (sdk/go/common/apitype/journal.go), and what it makes of a deployment. An entry names a resource
 * of the deployment that the run began with by its index there, and one that the run itself has written by the id of
 * the operation that wrote it. Everything is kept as it comes: values, and fields that are not looked at here.
 */

export interface Resource {
  urn: string;
  parent?: string;
  /** `<urn of the provider>::<its id>`. */
  provider?: string;
  /** URNs that it had before. */
  aliases?: string[];
  viewOf?: string;
  delete?: boolean;
  pendingReplacement?: boolean;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  deletedWith?: string;
  replaceWith?: string[];
}

interface Operation {
  type: string;
  resource: Resource;
}

export interface Deployment {
  manifest?: { time?: string; magic?: string; version?: string };
  resources?: Resource[];
  pending_operations?: Operation[];
  secrets_providers?: unknown;
}

/** `JournalEntryKind…` of the engine. Others belong to features that nothing here uses. */
const kinds = {
  begin: 0,
  success: 1,
  failure: 2,
  refreshSuccess: 3,
  outputs: 4,
  write: 5,
  secretsManager: 6,
  rebuiltBaseState: 7,
} as const;

export interface Entry {
  kind: number;
  sequenceID: number;
  operationID: number;
  /** Index of what this entry's resource takes the place of; without a resource, of what is gone. */
  removeOld?: number | null;
  /** The same, by operation. */
  removeNew?: number | null;
  pendingReplacementOld?: number | null;
  pendingReplacementNew?: number | null;
  deleteOld?: number | null;
  deleteNew?: number | null;
  state?: Resource;
  operation?: Operation;
  isRefresh?: boolean;
  secretsProvider?: unknown;
  newSnapshot?: Deployment;
}

/** An entry of a kind that this program does not know: the deployment cannot be told. */
export class UnknownEntry extends Error {}

/** @throws {UnknownEntry} */
export function checkKinds(entries: readonly Entry[]): void {
  const known: ReadonlySet<number> = new Set(Object.values(kinds));
  for (const { kind } of entries)
    if (!known.has(kind))
      throw new UnknownEntry(`the engine's journal has an entry of kind ${kind}, which is not known here`);
}

/**
 * The deployment that a journal leaves behind.
 *
 * @param base what the run began with
 * @param entries in any order; one that was sent twice counts once
 * @throws {UnknownEntry}
 */
export function replay(base: Deployment, entries: readonly Entry[]): Deployment {
  checkKinds(entries);
  const bySequence = new Map(entries.map((entry) => [entry.sequenceID, entry]));
  let run = new Run(base);
  for (const [, entry] of [...bySequence].sort(([one], [other]) => one - other)) {
    if (entry.kind === kinds.rebuiltBaseState) run = new Run(run.deployment(), run.refreshed);
    else if (entry.kind === kinds.write) run = new Run(entry.newSnapshot ?? {});
    else run.add(entry);
  }
  return run.deployment();
}

/** What has become of a deployment since a run began. */
class Run {
  /** What the run began with; undefined in the place of what is gone. */
  private readonly old: (Resource | undefined)[];
  /** What the run wrote, by operation, in the order of first writing. */
  private readonly written = new Map<number, Resource>();
  private readonly underWay = new Map<number, Operation>();
  private secretsProvider: unknown;

  constructor(
    private readonly base: Deployment,
    /** Whether something may be gone on which others depend. */
    public refreshed = false,
  ) {
    this.old = [...(base.resources ?? [])];
    this.secretsProvider = base.secrets_providers;
  }

  add(entry: Entry): void {
    const { kind, operationID, operation, state } = entry;
    switch (kind) {
      case kinds.begin:
        if (operation) this.underWay.set(operationID, operation);
        return;
      case kinds.failure:
        this.underWay.delete(operationID);
        return;
      case kinds.success:
        this.underWay.delete(operationID);
        if (state) this.written.set(operationID, state);
        this.replace(entry, undefined);
        this.mark(entry.deleteOld, entry.deleteNew, { delete: true });
        this.mark(entry.pendingReplacementOld, entry.pendingReplacementNew, { pendingReplacement: true });
        this.refreshed ||= entry.isRefresh === true;
        return;
      case kinds.refreshSuccess:
        this.underWay.delete(operationID);
        this.refreshed = true;
        this.replace(entry, state);
        return;
      case kinds.outputs:
        if (state) this.replace(entry, state);
        return;
      case kinds.secretsManager:
        this.secretsProvider = entry.secretsProvider;
        return;
    }
  }

  private replace({ removeOld, removeNew }: Entry, by: Resource | undefined): void {
    // What is gone stays gone.
    if (typeof removeOld === "number" && this.old[removeOld]) this.old[removeOld] = by;
    if (typeof removeNew !== "number" || !this.written.has(removeNew)) return;
    if (by) this.written.set(removeNew, by);
    else this.written.delete(removeNew);
  }

  private mark(
    old: number | null | undefined,
    operation: number | null | undefined,
    marks: Partial<Resource>,
  ): void {
    const inOld = typeof old === "number" ? this.old[old] : undefined;
    if (inOld) this.old[old!] = { ...inOld, ...marks };
    const inWritten = typeof operation === "number" ? this.written.get(operation) : undefined;
    if (inWritten) this.written.set(operation!, { ...inWritten, ...marks });
  }

  /** What was written first, then what the run did not come to: both lists are in the order of dependencies. */
  deployment(): Deployment {
    const all = [...this.written.values(), ...this.old.filter((each) => each !== undefined)];
    const resources = underPresentNames(all);
    // Only a person, or a look at the cloud, can tell what became of a creation.
    const unsettled = (this.base.pending_operations ?? []).filter(({ type }) => type === "creating");
    return {
      ...this.base,
      ...(this.secretsProvider !== undefined && { secrets_providers: this.secretsProvider }),
      manifest: { ...this.base.manifest, time: new Date().toISOString() },
      resources: this.refreshed ? withoutDangling(resources) : resources,
      pending_operations: [...this.underWay.values(), ...unsettled],
    };
  }
}

/** A refresh may find that something is gone on which others depend. */
function withoutDangling(resources: readonly Resource[]): Resource[] {
  const known = new Set<string>();
  return resources.map((resource) => {
    const there = (urns: readonly string[]) => urns.filter((urn) => known.has(urn));
    const { urn, parent, dependencies, propertyDependencies, deletedWith, replaceWith } = resource;
    const kept: Resource = { ...resource };
    if (dependencies) kept.dependencies = there(dependencies);
    if (propertyDependencies)
      kept.propertyDependencies = Object.fromEntries(
        Object.entries(propertyDependencies)
          .map(([key, urns]) => [key, there(urns)] as const)
          .filter(([, urns]) => urns.length > 0),
      );
    if (replaceWith) kept.replaceWith = there(replaceWith);
    if (deletedWith !== undefined && !known.has(deletedWith)) delete kept.deletedWith;
    if (parent !== undefined && !known.has(parent)) delete kept.parent;
    known.add(urn);
    return kept;
  });
}

/**
 * What the run did not come to still names others by the URNs that they had before it (`NormalizeURNReferences` of
 * sdk/go/common/apitype/core.go).
 */
function underPresentNames(resources: readonly Resource[]): Resource[] {
  const present = new Map<string, string>();
  for (const { urn, parent, aliases = [] } of resources) {
    for (const alias of aliases) present.set(alias, urn);
    // A URN holds the types of all that it is part of.
    const above = typesOf((parent !== undefined && present.get(parent)) || "");
    if (above === "" || above === "pulumi:pulumi:Stack") continue;
    const [stack, project, types = "", ...name] = urn.split("::");
    const moved = [stack, project, `${above}$${types.split("$").at(-1)}`, ...name].join("::");
    if (moved !== urn) present.set(urn, moved);
  }
  if (present.size === 0) return [...resources];
  const now = (urn: string) => present.get(urn) ?? urn;
  return resources.map((resource) => {
    const { urn, parent, provider, viewOf, deletedWith, dependencies, propertyDependencies } = resource;
    const end = provider?.lastIndexOf("::") ?? 0;
    const renamed: Resource = {
      ...resource,
      urn: now(urn),
      ...(parent !== undefined && { parent: now(parent) }),
      ...(provider !== undefined && { provider: now(provider.slice(0, end)) + provider.slice(end) }),
      ...(viewOf !== undefined && { viewOf: now(viewOf) }),
      ...(deletedWith !== undefined && { deletedWith: now(deletedWith) }),
      ...(dependencies && { dependencies: dependencies.map(now) }),
      ...(propertyDependencies && {
        propertyDependencies: Object.fromEntries(
          Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(now)]),
        ),
      }),
    };
    delete renamed.aliases;
    return renamed;
  });
}

const typesOf = (urn: string): string => urn.split("::")[2] ?? "";
