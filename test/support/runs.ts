import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceRequest,
  RegisterResourceOutputsRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import gateway from "../../index.js";
import type { Outputs } from "../../stacks/outputs.js";
import type { Props } from "../../local/behaviour.js";
import type { Recorded, Run } from "./mocks.js";
import { run } from "./mocks.js";
import { configOf, loadSdks, secretsOf } from "./stacks.js";

/** A run of the whole program, and what the mocks do not see of it. */
export interface StackRun extends Run<Outputs> {
  /** Logical name of each resource's parent by `<type> <name>`; a child of the stack itself has none. */
  parents: Map<string, string>;
  /** Logical names of what each resource waits for, by `<type> <name>`. */
  dependencies: Map<string, string[]>;
  /** Resources that Pulumi itself refuses to delete or to replace, as `<type> <name>`. */
  guarded: Set<string>;
  /** What each component registered as its outputs, by `<type> <name>`; secrets are still wrapped. */
  outputs: Map<string, Props>;
}

/** The stacks with one cell, one on each cloud. */
export const stacks = ["dev", "dev-azure", "dev-gcp"] as const;
export type SingleStackName = (typeof stacks)[number];
/** The stacks with several cells. */
export const crossStacks = ["prod", "prod-accelerator", "prod-azure", "prod-gcp", "prod-multicloud"] as const;
export type CrossStackName = (typeof crossStacks)[number];
/** Any stack of the repository. */
export type StackName = SingleStackName | CrossStackName;

/** Changes to a stack's configuration whose runs the tests share. */
export const variants = {
  small: {},
  standard: { "javelin:size": "standard" },
  protected: { "javelin:size": "standard", "javelin:protect": true },
} satisfies Record<string, Record<string, unknown>>;
export type Variant = keyof typeof variants;
export const variantNames = Object.keys(variants) as Variant[];

const shared = new Map<string, Promise<StackRun>>();
let last: Promise<unknown> = Promise.resolve();

/** The one run of a variant, made when it is first asked for. */
export function stackRun(variant: Variant, preview = false, stack: StackName = "dev"): Promise<StackRun> {
  const key = `${stack} ${variant} ${preview}`;
  let found = shared.get(key);
  if (!found) shared.set(key, (found = freshRun(variants[variant], preview, stack)));
  return found;
}

/** A run of its own of a stack with changes to its config. */
export function freshRun(
  changes: Record<string, unknown>,
  preview = false,
  stack: StackName = "dev",
): Promise<StackRun> {
  // Pulumi's mocks are the process's: one run after the other, and none after one that never ends.
  const mine = last.then(() => inTime(watched(changes, preview, stack)));
  last = mine.catch((error: unknown) => {
    if (error instanceof Hung) throw error;
  });
  last.catch(() => undefined);
  return mine;
}

class Hung extends Error {}

/** A run takes a second or two. */
async function inTime<T>(running: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hung("a run hangs: something waits for what never comes")), 30_000);
  });
  return Promise.race([running, late]).finally(() => clearTimeout(timer));
}

async function watched(
  changes: Record<string, unknown>,
  preview: boolean,
  stack: StackName,
): Promise<StackRun> {
  const secrets = secretsOf(stack, changes);
  const config = configOf(stack, { ...secrets, ...changes });
  await loadSdks(config);
  const parents: StackRun["parents"] = new Map();
  const dependencies: StackRun["dependencies"] = new Map();
  const guarded: StackRun["guarded"] = new Set();
  const outputs: StackRun["outputs"] = new Map();
  const done = await run(
    () => {
      watch({ parents, dependencies, guarded, outputs });
      return gateway();
    },
    {
      stack,
      preview,
      config,
      secretKeys: Object.keys(secrets),
    },
  );
  return { ...done, parents, dependencies, guarded, outputs };
}

type Answer = (...args: unknown[]) => void;
interface Requests {
  registerResource(request: RegisterResourceRequest, answer: Answer): void;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, answer: Answer): void;
}

function watch({
  parents,
  dependencies,
  guarded,
  outputs,
}: Pick<StackRun, "parents" | "dependencies" | "guarded" | "outputs">): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Requests;
  const registerResource = monitor.registerResource.bind(monitor);
  const registerResourceOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResource = (request, answer) => {
    const parent = request.getParent();
    const key = `${request.getType()} ${request.getName()}`;
    if (parent !== "") parents.set(key, nameIn(parent));
    dependencies.set(key, request.getDependenciesList().map(nameIn));
    if (request.getProtect()) guarded.add(key);
    registerResource(request, answer);
  };
  monitor.registerResourceOutputs = (request, answer) => {
    const urn = request.getUrn();
    const given = (request.getOutputs()?.toJavaScript() ?? {}) as Props;
    outputs.set(`${typeIn(urn)} ${nameIn(urn)}`, given);
    registerResourceOutputs(request, answer);
  };
}

const nameIn = (urn: string) => urn.split("::").slice(3).join("::");
const typeIn = (urn: string) => urn.split("::")[2]?.split("$").at(-1) ?? "";

export const identity = ({ type, name }: Pick<Recorded, "type" | "name">) => `${type} ${name}`;

/** The recorded resources of a type, by its token's tail: `Subnet` of `aws:ec2/subnet:Subnet`. */
export function ofType(resources: readonly Recorded[], type: string): Recorded[] {
  return resources.filter((each) => each.type === type);
}

/** The one resource of a type whose name has this end. @throws when there is none, or more than one */
export function theOne(resources: readonly Recorded[], type: string, end = ""): Recorded {
  const found = ofType(resources, type).filter((each) => each.name.endsWith(end));
  if (found.length !== 1 || !found[0])
    throw new Error(`found ${found.length} of ${type} …${end}, right is 1`);
  return found[0];
}
