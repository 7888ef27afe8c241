import { Metadata, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { createRequire } from "node:module";
import type { Props } from "./behaviour.js";
import { CloudError } from "./behaviour.js";
import type { FaultPlan } from "./faults.js";
import type { Caller, Operations } from "./operations.js";
import { hasUnknown } from "./paths.js";
import { decode, encode } from "./wire.js";

/** How long the local cloud takes: real milliseconds for one published minute; 0 is at once. */
export type Pace = (type: string, inputs: Props) => Promise<void>;

type Handler<Request, Response> = (request: Request, peer: string) => Promise<Response> | Response;

/**
 * The gRPC face of one provider package: what the engine attaches to instead of a plugin. One server holds
 * every instance of the package; an instance is told from another by its connection, since the protocol
 * names it nowhere else.
 */
export class StandIn {
  private readonly callers = new Map<string, Caller>();

  constructor(
    private readonly name: string,
    private readonly operations: Operations,
    private readonly faults: FaultPlan,
    private readonly pace: Pace,
    /** The region (or cluster) that a configuration selects; throws when the provider would refuse it. */
    private readonly callerFor: (config: Props) => Caller,
  ) {}

  get service(): UntypedServiceImplementation {
    return {
      ...commonMethods(this.name, false),
      diffConfig: unary((request: InstanceType<typeof provider.DiffRequest>) => this.diffConfig(request)),
      configure: unary((request: InstanceType<typeof provider.ConfigureRequest>, peer) => {
        const config = decode(request.getArgs());
        // A connection may have the port of an earlier one: its configuration counts no longer.
        if (hasUnknown(config)) this.callers.delete(peer);
        else this.callers.set(peer, this.callerFor(config));
        const response = new provider.ConfigureResponse();
        response.setSupportspreview(true);
        return response;
      }),
      check: unary((request: InstanceType<typeof provider.CheckRequest>) => {
        const { inputs, failures } = this.operations.check(
          request.getType(),
          request.getName(),
          decode(request.getNews()),
          request.hasOlds() ? decode(request.getOlds()) : undefined,
          request.getRandomseed_asU8(),
        );
        const response = new provider.CheckResponse();
        response.setInputs(encode(inputs));
        response.setFailuresList(failures.map(failure));
        return response;
      }),
      diff: unary((request: InstanceType<typeof provider.DiffRequest>) => this.diff(request)),
      create: unary((request: InstanceType<typeof provider.CreateRequest>, peer) =>
        this.create(request, peer),
      ),
      read: unary((request: InstanceType<typeof provider.ReadRequest>, peer) => this.read(request, peer)),
      update: unary((request: InstanceType<typeof provider.UpdateRequest>, peer) =>
        this.update(request, peer),
      ),
      delete: unary(async (request: InstanceType<typeof provider.DeleteRequest>, peer) => {
        const caller = this.caller(peer);
        await this.faults.beforeCall(caller.region);
        const state = decode(request.getProperties());
        this.operations.delete(request.getType(), request.getId(), request.getName(), state, caller);
        return new empty.Empty();
      }),
      invoke: unary(async (request: InstanceType<typeof provider.InvokeRequest>, peer) => {
        const caller = this.caller(peer);
        await this.faults.beforeCall(caller.region);
        const response = new provider.InvokeResponse();
        response.setReturn(
          encode(this.operations.invoke(request.getTok(), decode(request.getArgs()), caller)),
        );
        return response;
      }),
    };
  }

  private caller(peer: string): Caller {
    const caller = this.callers.get(peer);
    if (!caller)
      throw new CloudError("NotConfigured", `the ${this.name} provider was called before it was configured`);
    return caller;
  }

  /** Another region or cluster is another place: everything in the old one is replaced. */
  private diffConfig(request: InstanceType<typeof provider.DiffRequest>) {
    const olds = decode(request.hasOldInputs() ? request.getOldInputs() : request.getOlds());
    const news = decode(request.getNews());
    const response = new provider.DiffResponse();
    const place = this.name === "kubernetes" ? "clusterIdentifier" : "region";
    const moved = olds[place] !== undefined && news[place] !== undefined && olds[place] !== news[place];
    response.setReplacesList(moved ? [place] : []);
    const same = JSON.stringify(olds) === JSON.stringify(news);
    response.setChanges(same ? changes.DIFF_NONE : changes.DIFF_SOME);
    return response;
  }

  private diff(request: InstanceType<typeof provider.DiffRequest>) {
    const olds = decode(request.getOldInputs());
    const difference = this.operations.diff(
      request.getType(),
      request.getName(),
      olds,
      decode(request.getNews()),
    );
    const response = new provider.DiffResponse();
    response.setChanges(difference.changed.length > 0 ? changes.DIFF_SOME : changes.DIFF_NONE);
    response.setDiffsList([...new Set(difference.changed.map((path) => path.split(/[.[]/, 1)[0] ?? path))]);
    response.setReplacesList([
      ...new Set(difference.replaces.map((path) => path.split(/[.[]/, 1)[0] ?? path)),
    ]);
    response.setDeletebeforereplace(difference.deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const path of difference.changed) {
      const detail = new provider.PropertyDiff();
      const { UPDATE, UPDATE_REPLACE } = provider.PropertyDiff.Kind;
      detail.setKind(difference.replaces.includes(path) ? UPDATE_REPLACE : UPDATE);
      detail.setInputdiff(true);
      response.getDetaileddiffMap().set(path, detail);
    }
    return response;
  }

  private async create(request: InstanceType<typeof provider.CreateRequest>, peer: string) {
    const inputs = decode(request.getProperties());
    const type = request.getType();
    const response = new provider.CreateResponse();
    if (request.getPreview()) {
      this.operations.behaviour(type);
      response.setProperties(encode(inputs));
      return response;
    }
    const caller = this.caller(peer);
    await this.faults.beforeCall(caller.region);
    const n = await this.faults.beforeCreate();
    const object = this.operations.create(type, request.getName(), inputs, caller);
    await this.pace(type, inputs);
    this.faults.afterCreate(n);
    response.setId(object.id);
    response.setProperties(encode(object.state));
    return response;
  }

  private async read(request: InstanceType<typeof provider.ReadRequest>, peer: string) {
    const caller = this.caller(peer);
    await this.faults.beforeCall(caller.region);
    const object = this.operations.read(
      request.getType(),
      request.getId(),
      decode(request.getProperties()),
      decode(request.getInputs()),
      caller,
    );
    const response = new provider.ReadResponse();
    // An empty id tells the engine that the thing is gone.
    if (!object) return response;
    response.setId(object.id);
    response.setProperties(encode(object.state));
    response.setInputs(encode(object.inputs));
    return response;
  }

  private async update(request: InstanceType<typeof provider.UpdateRequest>, peer: string) {
    const news = decode(request.getNews());
    const type = request.getType();
    const response = new provider.UpdateResponse();
    if (request.getPreview()) {
      const planned: Props = { ...decode(request.getOlds()), ...news };
      for (const output of this.operations.behaviour(type).volatile ?? [])
        Reflect.deleteProperty(planned, output);
      response.setProperties(encode(planned));
      return response;
    }
    const caller = this.caller(peer);
    await this.faults.beforeCall(caller.region);
    const olds = decode(request.getOlds());
    const object = this.operations.update(type, request.getId(), request.getName(), olds, news, caller);
    response.setProperties(encode(object.state));
    return response;
  }
}

/**
 * What every provider answers alike. Plain providers leave secrets to the engine, which strips them before a
 * call and marks them again in the answer; a provider of components has to take them.
 */
function commonMethods(name: string, components: boolean) {
  return {
    handshake: unary(() => {
      const response = new provider.ProviderHandshakeResponse();
      response.setAcceptSecrets(components);
      response.setAcceptResources(components);
      response.setAcceptOutputs(false);
      return response;
    }),
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(sdkVersion(name));
      return info;
    }),
    checkConfig: unary((request: InstanceType<typeof provider.CheckRequest>) => {
      const response = new provider.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
  };
}

/** A provider of remote components has nothing to configure. */
export function remoteComponentMethods(name: string) {
  return {
    ...commonMethods(name, true),
    diffConfig: unary(() => new provider.DiffResponse()),
    configure: unary(() => {
      const response = new provider.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      return response;
    }),
  };
}

/** The engine warns when a plugin is older than the SDK: the stand-in has the SDK's version. */
function sdkVersion(name: string): string {
  const publisher = ["acme", "time"].includes(name) ? "@pulumiverse" : "@pulumi";
  return (createRequire(import.meta.url)(`${publisher}/${name}/package.json`) as { version: string }).version;
}

const changes = provider.DiffResponse.DiffChanges;

function failure({ property, reason }: { property: string; reason: string }) {
  const message = new provider.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

/** Wraps a handler as a gRPC method; an error of the cloud becomes the call's error, with its wording. */
export function unary<Request, Response>(handler: Handler<Request, Response>) {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    void (async () => {
      try {
        reply(null, await handler(call.request, call.getPeer()));
      } catch (error) {
        const details =
          error instanceof CloudError
            ? error.message
            : `the local cloud failed: ${String((error as Error).stack)}`;
        reply({ code: status.UNKNOWN, details, metadata: new Metadata() });
      }
    })();
  };
}
