import * as postgresql from "@pulumi/azure-native/dbforpostgresql/index.js";
import * as pulumi from "@pulumi/pulumi";
import { globalName } from "./globalName.js";

export interface VirtualEndpointArgs {
  /** `javelin-<stack>`. */
  prefix: string;
  subscriptionId: pulumi.Input<string>;
  /** ARM id of the server that writes. */
  primary: pulumi.Input<string>;
  /** ARM id of the server that a switchover makes the next one to write. */
  reader: pulumi.Input<string>;
}

/**
 * The pair of names of a database and its copy, one for the server that writes, one for the reader. The gateways use
 * neither (each knows its own server), but Azure swaps the parts of two servers only where they have such a pair.
 */
export class VirtualEndpoint extends pulumi.ComponentResource {
  constructor(name: string, args: VirtualEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:VirtualEndpoint", name, args, opts);
    const part = (id: pulumi.Input<string>, at: number) =>
      pulumi.output(id).apply((text) => text.split("/")[at] ?? "");
    new postgresql.VirtualEndpoint(
      `${name}-pair`,
      {
        virtualEndpointName: globalName("azure:postgresServer", args.subscriptionId, args.prefix),
        resourceGroupName: part(args.primary, 4),
        serverName: part(args.primary, 8),
        endpointType: "ReadWrite",
        members: [part(args.reader, 8)],
      },
      // A switchover hands the pair to the other server.
      { parent: this, ignoreChanges: ["members", "resourceGroupName", "serverName"] },
    );
    this.registerOutputs({});
  }
}
