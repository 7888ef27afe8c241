import { createHash } from "node:crypto";
import type { Behaviour, Context, Props, Provider, WorldObject } from "./behaviour.js";
import { CloudError } from "./behaviour.js";
import { changedPaths, hasUnknown, touches, valuesAt } from "./paths.js";
import type { StoredWorld } from "./world.js";
import { PlacedWorld } from "./world.js";

/** Who calls: one configured provider instance, or one mock. */
export interface Caller {
  region: string;
  /** See {@link Context.scope}. */
  scope?: string;
}

export interface Difference {
  changed: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/**
 * What a provider does with a resource, read off its description. The gRPC stand-ins call these for the
 * engine, the mocks for the unit tests: neither knows anything of a type that the other does not.
 */
export class Operations {
  constructor(
    private readonly providers: Record<string, Provider>,
    readonly world: StoredWorld,
    /** What tells a new object's digits from those of others of its name, that were before or are of other types. */
    private readonly mark: (type: string) => string | number = () => world.nextSerial(),
  ) {}

  behaviour(type: string): Behaviour {
    const behaviour = this.provider(type).types[type];
    if (!behaviour) throw new CloudError("UnknownType", `the local cloud does not know the type ${type}`);
    return behaviour;
  }

  invoke(token: string, args: Props, caller: Caller): Props {
    const invoke = this.provider(token).invokes[token];
    if (!invoke)
      throw new CloudError("UnknownFunction", `the local cloud does not know the function ${token}`);
    const region = typeof args["region"] === "string" ? args["region"] : caller.region;
    return invoke(args, this.context({ ...caller, region }, token, token, 0));
  }

  /** The inputs as the provider completes them, and what it refuses about them before calling the cloud. */
  check(type: string, name: string, news: Props, olds: Props | undefined, seed: Uint8Array) {
    const behaviour = this.behaviour(type);
    let inputs = { ...news };
    if (behaviour.autoName && valuesAt(inputs, behaviour.autoName.property).length === 0) {
      const { property, max } = behaviour.autoName;
      // A name that the program gave and gives no longer isn't kept (pulumi-terraform-bridge, applyDefaults).
      const [old] = valuesAt(olds, property).filter((value) => isAutomatic(behaviour, name, value));
      const tail = Buffer.from(seed).toString("hex").padEnd(7, "0").slice(0, 7);
      inputs = withValue(inputs, property, old ?? `${automaticStart(name, max)}${tail}`);
    }
    for (const [key, value] of Object.entries(behaviour.defaults?.(inputs) ?? {})) inputs[key] ??= value;
    const failures = (behaviour.required ?? [])
      .filter((path) => valuesAt(inputs, path).length === 0)
      .map((property) => ({ property, reason: `Missing required argument "${property}"` }));
    return { inputs, failures: [...failures, ...(behaviour.check?.(inputs) ?? [])] };
  }

  diff(type: string, name: string, olds: Props, news: Props): Difference {
    const behaviour = this.behaviour(type);
    const changed = changedPaths(olds, news);
    const replaces = changed.filter((path) => behaviour.replaces?.some((pattern) => touches(path, pattern)));
    if (changed.length > 0) replaces.push(...(behaviour.replacesWhen?.(olds, news) ?? []));
    return {
      changed,
      replaces: [...new Set(replaces)],
      deleteBeforeReplace:
        replaces.length > 0 &&
        (behaviour.deletesFirst?.(olds, news) ?? keepsItsName(behaviour, name, olds, news)),
    };
  }

  /** Makes the object, or throws what the cloud would say. */
  create(type: string, name: string, inputs: Props, caller: Caller): WorldObject {
    const behaviour = this.behaviour(type);
    const region = this.regionOf(behaviour, inputs, caller);
    const context = this.context({ ...caller, region }, type, name, this.mark(type));
    this.admit(type, behaviour, inputs, context);
    const id = behaviour.id(inputs, context);
    if (this.provider(type).stateOnly)
      return {
        type,
        id,
        region,
        inputs,
        state: { ...inputs, ...behaviour.outputs?.(inputs, context) },
        created: 0,
      };
    if (!behaviour.adopts && this.world.find(type, id, region))
      throw new CloudError("AlreadyExists", `${id} already exists`);
    const state = { ...inputs, ...behaviour.outputs?.(inputs, context) };
    const object = this.world.add({ type, id, region, inputs, state });
    behaviour.after?.(object, { ...context, current: object });
    return this.world.find(type, id, region) ?? object;
  }

  /** The object as it is, or undefined when it is gone. `state` is what the caller believes. */
  read(type: string, id: string, state: Props, inputs: Props, caller: Caller): WorldObject | undefined {
    this.behaviour(type);
    return this.provider(type).stateOnly
      ? { type, id, region: "", inputs, state, created: 0 }
      : this.world.find(type, id, this.regionOf(this.behaviour(type), inputs, caller));
  }

  update(type: string, id: string, name: string, olds: Props, news: Props, caller: Caller): WorldObject {
    const behaviour = this.behaviour(type);
    if (this.provider(type).stateOnly)
      return { type, id, region: "", inputs: news, state: { ...olds, ...news }, created: 0 };
    const region = this.regionOf(behaviour, news, caller);
    const current = this.world.find(type, id, region);
    if (!current) throw new CloudError("NotFound", `${id} does not exist`);
    const context = { ...this.context({ ...caller, region }, type, name, 0), current };
    this.admit(type, behaviour, news, context);
    const dropped = Object.fromEntries(
      Object.keys(current.inputs)
        .filter((k) => !(k in news))
        .map((k) => [k, undefined]),
    );
    const state = { ...current.state, ...dropped, ...news, ...behaviour.outputs?.(news, context) };
    const object = { ...current, inputs: news, state };
    this.world.put(object);
    behaviour.after?.(object, { ...context, current: object });
    return this.world.find(type, id, region) ?? object;
  }

  /** Removes the object. One that is gone already is no error, as with the clouds' providers. */
  delete(type: string, id: string, name: string, state: Props, caller: Caller): void {
    const behaviour = this.behaviour(type);
    const object = this.world.find(type, id, this.regionOf(behaviour, state, caller));
    if (!object) return;
    const context = { ...this.context({ ...caller, region: object.region }, type, name, 0), current: object };
    behaviour.release?.(object, context);
    const user = this.userOf(object);
    if (user)
      throw (
        behaviour.inUse?.(object, user) ??
        new CloudError("DependencyViolation", `${id} cannot be deleted: ${user.id} (${user.type}) uses it`)
      );
    this.world.remove(object);
    behaviour.afterDelete?.(object, context);
  }

  private provider(token: string): Provider {
    const name = token.split(":", 1)[0] ?? "";
    const provider = this.providers[name];
    if (!provider)
      throw new CloudError("UnknownProvider", `the local cloud does not know the provider ${name}`);
    return provider;
  }

  private regionOf(behaviour: Behaviour, inputs: Props, caller: Caller): string {
    if (behaviour.global) return "global";
    return typeof inputs["region"] === "string" ? inputs["region"] : caller.region;
  }

  private context(
    { region, scope = "" }: Caller,
    type: string,
    name: string,
    mark: string | number,
  ): Context {
    const { world } = this;
    return {
      world: new PlacedWorld(world, region, type),
      region,
      scope,
      name,
      hex: (length, salt = "") => {
        let digits = "";
        for (let i = 0; digits.length < length; i++)
          digits += createHash("sha256")
            .update(`${world.account}/${region}/${name}/${mark}/${salt}/${i}`)
            .digest("hex");
        return digits.slice(0, length);
      },
      now: () => new Date(world.now()).toISOString().replace(/\.\d+Z$/, "Z"),
    };
  }

  private admit(type: string, behaviour: Behaviour, inputs: Props, context: Context): void {
    for (const [path, reference] of Object.entries(behaviour.references ?? {}))
      for (const value of valuesAt(inputs, path)) {
        if (typeof value !== "string" || value === "" || reference.except?.test(value)) continue;
        const target = this.target(
          reference.types,
          reference.by,
          reference.key?.(value) ?? value,
          reference.anyRegion ? undefined : context.region,
        );
        if (!target)
          throw new CloudError(
            reference.code,
            reference.message?.(value) ?? `The ${path} '${value}' does not exist`,
          );
      }
    const key = behaviour.unique?.(inputs, context);
    if (key !== undefined) {
      const region = behaviour.global ? undefined : context.region;
      const holder = this.world
        .list(type, region)
        .find(
          (o) =>
            o.id !== context.current?.id &&
            behaviour.unique?.(o.inputs, { ...context, region: o.region }) === key,
        );
      if (holder) throw behaviour.taken?.(key) ?? new CloudError("AlreadyExists", `${key} already exists`);
    }
    behaviour.admit?.(inputs, context);
  }

  private target(types: string[], by: string | undefined, value: string, region: string | undefined) {
    const named = (o: WorldObject) =>
      by === undefined || by === "id" || valuesAt(o.state, by).includes(value);
    // A global type (IAM, Route 53) may name a regional object.
    const reaches = (o: WorldObject) => region === undefined || region === "global" || o.region === region;
    for (const type of types) {
      const candidates =
        by === undefined || by === "id" ? this.world.alike(type, value) : this.world.list(type);
      const found = candidates.find((o) => named(o) && (reaches(o) || o.region === "global"));
      if (found) return found;
    }
    return undefined;
  }

  /** Some object that still refers to this one. */
  private userOf(object: WorldObject): WorldObject | undefined {
    for (const type of this.world.types()) {
      const references = Object.entries(
        this.providers[type.split(":", 1)[0] ?? ""]?.types[type]?.references ?? {},
      );
      for (const [path, reference] of references) {
        if (reference.weak || !reference.types.includes(object.type)) continue;
        const keys =
          reference.by === undefined || reference.by === "id"
            ? [object.id]
            : valuesAt(object.state, reference.by);
        const near = (o: WorldObject) =>
          reference.anyRegion === true ||
          object.region === "global" ||
          [object.region, "global"].includes(o.region);
        const user = this.world
          .list(type)
          .find(
            (o) =>
              o !== object &&
              o.owner !== object.id &&
              near(o) &&
              valuesAt(o.inputs, path).some((v) =>
                keys.includes(reference.key && typeof v === "string" ? reference.key(v) : v),
              ),
          );
        if (user) return user;
      }
    }
    return undefined;
  }
}

/**
 * A bridged provider deletes first when the program chose the name and keeps it: two of that name cannot
 * exist at once (pulumi-terraform-bridge, deleteBeforeReplace for explicit names).
 */
function keepsItsName(behaviour: Behaviour, logicalName: string, olds: Props, news: Props): boolean {
  if (!behaviour.autoName) return false;
  const [old] = valuesAt(olds, behaviour.autoName.property);
  const [fresh] = valuesAt(news, behaviour.autoName.property);
  return (
    old !== undefined && old === fresh && !isAutomatic(behaviour, logicalName, old) && !hasUnknown(fresh)
  );
}

/** Room is left for a hyphen and seven digits. */
const automaticStart = (logicalName: string, max: number): string => `${logicalName.slice(0, max - 8)}-`;

/** True for a name that the provider chose: the logical name, cut to fit, and seven hex digits (or eight, as once). */
function isAutomatic({ autoName }: Behaviour, logicalName: string, name: unknown): boolean {
  if (!autoName || typeof name !== "string") return false;
  const start = automaticStart(logicalName, autoName.max);
  return name.startsWith(start) && /^[0-9a-f]{7,8}$/.test(name.slice(start.length));
}

function withValue(root: Props, path: string, value: unknown): Props {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...root, [head]: value };
  return { ...root, [head]: withValue((root[head] as Props | undefined) ?? {}, rest.join("."), value) };
}
