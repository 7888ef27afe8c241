import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { acme } from "./acme.js";
import { aws } from "./aws/index.js";
import { awsxService } from "./awsx.js";
import { azure } from "./azure/index.js";
import type { Props, Provider } from "./behaviour.js";
import { CloudError, creationMinutes } from "./behaviour.js";
import { lock, worldFile } from "./directory.js";
import type { Faults } from "./faults.js";
import { FaultPlan } from "./faults.js";
import { gcp } from "./gcp/index.js";
import { serverOf } from "./kubeconfig.js";
import { deleteUnreachable, kubernetes } from "./kubernetes/index.js";
import { Operations } from "./operations.js";
import type { Caller } from "./operations.js";
import { random } from "./random.js";
import { seed } from "./seed.js";
import { StandIn } from "./standIn.js";
import { time } from "./time.js";
import { tls } from "./tls.js";
import { StoredWorld } from "./world.js";

/** Every provider that the local cloud stands in for, by package. */
export const providers: Record<string, Provider> = {
  acme,
  aws,
  "azure-native": azure,
  gcp,
  kubernetes,
  random,
  time,
  tls,
};

export interface LocalCloudOptions {
  /** Where the world is kept; see `defaultDirectory`. */
  directory: string;
  /** Real milliseconds for one minute of a published creation time. Default 0: everything is made at once. */
  millisecondsPerMinute?: number | undefined;
  faults?: Faults;
}

/**
 * The local cloud: stand-in providers on loopback, and a world on disk. One process at a time holds a world.
 */
export class LocalCloud {
  private constructor(
    readonly world: StoredWorld,
    /** What the engine needs in its environment to attach to the stand-ins. */
    readonly environment: Record<string, string>,
    private readonly servers: Server[],
    private readonly unlock: () => void,
  ) {}

  /** @throws when another living process holds the world, or the journal is damaged */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const unlock = lock(options.directory);
    try {
      const world = StoredWorld.open(worldFile(options.directory));
      seed(world);
      const operations = new Operations(providers, world);
      const faults = new FaultPlan(options.faults);
      const scale = options.millisecondsPerMinute ?? 0;
      const pace = (type: string, inputs: Props): Promise<void> => {
        const minutes = creationMinutes(operations.behaviour(type), inputs);
        if (minutes * scale === 0) return Promise.resolve();
        return new Promise((resolve) => setTimeout(resolve, minutes * scale));
      };
      const servers: Server[] = [];
      const ports: string[] = [];
      const listen = async (name: string, service: StandIn["service"]): Promise<void> => {
        const server = new Server({ "grpc.max_receive_message_length": -1 });
        server.addService(services.ResourceProviderService, service);
        ports.push(`${name}:${await bind(server)}`);
        servers.push(server);
      };
      for (const name of Object.keys(providers))
        await listen(
          name,
          new StandIn(name, operations, faults, pace, (config) => callerFor(name, config)).service,
        );
      await listen("awsx", awsxService());
      return new LocalCloud(world, { PULUMI_DEBUG_PROVIDERS: ports.join(",") }, servers, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  stop(): Promise<void> {
    for (const server of this.servers) server.forceShutdown();
    this.world.close();
    this.unlock();
    return Promise.resolve();
  }
}

/** The place that a provider's configuration selects: a region (of a subscription or project), or a cluster. */
export function callerFor(provider: string, config: Props): Caller {
  const text = (key: string): string => (typeof config[key] === "string" ? config[key] : "");
  const needed = (key: string): string => {
    if (text(key) === "")
      throw new CloudError(`Missing${key}`, `invalid provider configuration: a ${key} is required`);
    return text(key);
  };
  switch (provider) {
    case "kubernetes":
      return {
        region: serverOf(config),
        scope: String(config["deleteUnreachable"]) === "true" ? deleteUnreachable : "",
      };
    case "aws":
      return { region: needed("region") };
    case "acme":
      return { region: needed("serverUrl") };
    case "azure-native":
      // Without a location, a provider serves what has none of its own, such as DNS zones.
      return { region: text("location"), scope: text("subscriptionId") };
    case "gcp":
      return { region: text("region"), scope: needed("project") };
    default:
      return { region: "" };
  }
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
}
