import * as pulumi from "@pulumi/pulumi";
import { vpcChildren, vpcOutputs } from "../../local/awsx.js";
import type { Props, WorldObject } from "../../local/behaviour.js";
import { UNKNOWN } from "../../local/behaviour.js";
import { callerFor, providers } from "../../local/cloud.js";
import type { Caller } from "../../local/operations.js";
import { hasUnknown } from "../../local/paths.js";
import { Operations } from "../../local/operations.js";
import { seed } from "../../local/seed.js";
import { StoredWorld } from "../../local/world.js";

/** One registration, as the program made it. */
export interface Recorded {
  type: string;
  name: string;
  custom: boolean;
  /** Inputs with the provider's defaults; unknown values are {@link UNKNOWN}, secrets their plain value. */
  inputs: Props;
  /** The same as it came over the wire: secrets are still wrapped. */
  raw: Props;
  /** Empty in a preview, and for components. */
  id: string;
  state: Props;
}

export interface Run<T> {
  resources: Recorded[];
  /** What the program returned. */
  result: T;
  world: StoredWorld;
}

// With every resource Pulumi sends the engine its whole stack trace, which nothing here reads.
Object.assign(pulumi.Resource, { callsites: () => [] });

/**
 * Runs a program against recording mocks, which behave as the local cloud does: the same descriptions, in a
 * world of this run's own. In a preview nothing is made, and all that a cloud would compute is unknown.
 *
 * @throws what the program throws, or the first refusal of the cloud
 */
export async function run<T>(
  program: () => T | Promise<T>,
  options: { preview?: boolean; config?: Record<string, string>; secretKeys?: string[]; stack?: string } = {},
): Promise<Run<T>> {
  const preview = options.preview ?? false;
  const world = StoredWorld.inMemory();
  seed(world);
  // By type and not by order, so that ids are the same in every run: what is made side by side comes in any order.
  const operations = new Operations(providers, world, (type) => type);
  const callers = new Map<string, Caller>();
  const resources: Recorded[] = [];
  const refusals: unknown[] = [];
  let refuse: () => void = () => undefined;
  const refused = new Promise<undefined>((resolve) => {
    refuse = () => setImmediate(() => resolve(undefined));
  });

  const make = (
    type: string,
    name: string,
    given: Props,
    caller: Caller,
  ): { inputs: Props; object?: WorldObject } => {
    const { inputs, failures } = operations.check(type, name, given, undefined, new Uint8Array(8));
    if (failures[0]) throw new Error(`${type} ${name}: ${failures[0].property}: ${failures[0].reason}`);
    return preview ? { inputs } : { inputs, object: operations.create(type, name, inputs, caller) };
  };
  const record = (
    type: string,
    name: string,
    raw: Props,
    made: { inputs: Props; object?: WorldObject },
  ): Recorded => {
    const recorded = {
      type,
      name,
      custom: true,
      raw,
      inputs: made.inputs,
      id: made.object?.id ?? "",
      state: made.object?.state ?? made.inputs,
    };
    resources.push(recorded);
    return recorded;
  };

  /** awsx lays its children out by itself: the mock does the same, without the engine. */
  const makeVpc = (name: string, given: Props, caller: Caller): Props => {
    const children = vpcChildren(name, given);
    const made = new Map<string, Recorded>();
    const id = (key: string) => made.get(key)?.id || UNKNOWN;
    for (const child of children) {
      const references = Object.fromEntries(
        Object.entries(child.refs).map(([property, key]) => [property, id(key)]),
      );
      const inputs = { ...child.inputs, ...references };
      made.set(
        child.key,
        record(child.type, child.name, inputs, make(child.type, child.name, inputs, caller)),
      );
    }
    return vpcOutputs(children, (key) => ({ ...made.get(key)?.state, id: id(key) }), id);
  };

  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs: raw, provider, custom }) {
      try {
        const given = plain(raw as unknown) as Props;
        if (type.startsWith("pulumi:providers:")) {
          // A mocked provider's reference is "<urn>::<id>".
          const where = type.slice("pulumi:providers:".length);
          if (!hasUnknown(given)) callers.set(name, callerFor(where, given));
          resources.push({
            type,
            name,
            custom: true,
            raw: raw as Props,
            inputs: given,
            id: name,
            state: given,
          });
          return { id: name, state: given };
        }
        const caller = callers.get(provider?.split("::").at(-1) ?? "") ?? { region: "" };
        if (type === "awsx:ec2:Vpc") {
          resources.push({ type, name, custom: false, raw: raw as Props, inputs: given, id: "", state: {} });
          // Mocks are not told a component's providers: its cell's is the one of that name.
          const own = [...callers].find(([key]) => name.startsWith(key.replace(/-aws$/, "-")))?.[1];
          const vpcCaller = own ?? [...callers.values()][0] ?? caller;
          return { id: undefined, state: makeVpc(name, given, vpcCaller) };
        }
        if (!custom) {
          resources.push({ type, name, custom: false, raw: raw as Props, inputs: given, id: "", state: {} });
          return { id: undefined, state: {} };
        }
        const made = record(type, name, raw as Props, make(type, name, given, caller));
        return { id: made.id === "" ? undefined : made.id, state: made.state };
      } catch (error) {
        refusals.push(error);
        refuse();
        throw error;
      }
    },
    call({ token, inputs, provider }) {
      const caller = callers.get(provider?.split("::").at(-1) ?? "") ?? { region: "" };
      try {
        return operations.invoke(token, plain(inputs as unknown) as Props, caller);
      } catch (error) {
        // Over gRPC the words come as `details`, and the SDK reads no other.
        throw Object.assign(error as Error, { details: String(error) });
      }
    },
  };
  // Pulumi takes a stack trace with every promise, which is most of the time of a run. SDKs need theirs as they
  // load: what a program imports as it runs has to be there already.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  await pulumi.runtime.setMocks(mocks, "javelin", options.stack ?? "dev", preview);
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretKeys ?? []);
  // One refusal fails every output that waits for it; the first is what a test wants to see.
  const onRejection = (error: unknown): void => void refusals.push(error);
  process.on("unhandledRejection", onRejection);
  try {
    const finished = (async () => {
      const result = await program();
      await pulumi.runtime.disconnect();
      return { resources, result, world };
    })();
    // What waits for a refused resource waits for ever.
    const done = await Promise.race([finished, refused]);
    if (done === undefined || refusals.length > 0) throw refusals[0];
    return done;
  } catch (error) {
    throw refusals[0] ?? error;
  } finally {
    // Rejections are reported a turn after they happen.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", onRejection);
    Error.stackTraceLimit = limit;
  }
}

const signature = "4dabf18193072939515e22adb298388d";

/** Without wrappers: secrets become their value, unknowns {@link UNKNOWN}. */
function plain(value: unknown): unknown {
  if (pulumi.isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const props = value as Props;
  if (props[signature] !== undefined && "value" in props) return plain(props["value"]);
  return Object.fromEntries(Object.entries(props).map(([key, v]) => [key, plain(v)]));
}
