import { Server, ServerCredentials } from "@grpc/grpc-js";
import engines from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import monitors from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { unary } from "../local/standIn.js";

/**
 * The engine's side of a program's process, as far as a program needs it until its first resource.
 *
 * @param onRegister hears the name of each resource but the stack
 * @param onError hears the errors that the program logs
 */
export async function startEngineStub(onRegister: (name: string) => void, onError: (text: string) => void) {
  const server = new Server();
  const nothing = unary(() => new empty.Empty());
  server.addService(monitors.ResourceMonitorService, {
    supportsFeature: unary(() => {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(true);
      return response;
    }),
    registerResource: unary((request: InstanceType<typeof resource.RegisterResourceRequest>) => {
      if (request.getType() !== "pulumi:pulumi:Stack") onRegister(request.getName());
      const response = new resource.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:dev::javelin::${request.getType()}::${request.getName()}`);
      response.setObject(request.getObject());
      return response;
    }),
    registerResourceOutputs: nothing,
    signalAndWaitForShutdown: nothing,
    invoke: unary(() => new provider.InvokeResponse()),
  });
  server.addService(engines.EngineService, {
    log: unary((request: InstanceType<typeof engine.LogRequest>) => {
      if (request.getSeverity() === engine.LogSeverity.ERROR) onError(request.getMessage());
      return new empty.Empty();
    }),
    getRootResource: unary(() => new engine.GetRootResourceResponse()),
    setRootResource: unary(() => new engine.SetRootResourceResponse()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    stop: (): void => {
      server.forceShutdown();
    },
  };
}
