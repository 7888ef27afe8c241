import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface GlobalDatabaseArgs {
  /** `javelin-<stack>`. */
  prefix: string;
  /** ARN of the cluster that it is made of, which stays as it is; later, which one writes is decided by switchovers. */
  source: pulumi.Input<string>;
  /** It cannot be deleted. */
  protect: boolean;
}

/**
 * An Aurora global database: what ties the clusters of several regions together. It is made of one that exists, not
 * empty, since a cluster that stood alone can become its first part and nothing else.
 */
export class GlobalDatabase extends pulumi.ComponentResource {
  /** The name that further clusters join it by. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: GlobalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:GlobalDatabase", name, args, opts);
    const cluster = new aws.rds.GlobalCluster(
      `${name}-cluster`,
      {
        globalClusterIdentifier: physicalName("aws:globalCluster", args.prefix),
        sourceDbClusterIdentifier: args.source,
        deletionProtection: args.protect,
        // Its end takes the clusters out and leaves each as it is; without this, the provider takes no source.
        forceDestroy: true,
      },
      { parent: this, protect: args.protect, ignoreChanges: ["sourceDbClusterIdentifier"] },
    );
    this.id = cluster.id;
    this.registerOutputs({ id: this.id });
  }
}
