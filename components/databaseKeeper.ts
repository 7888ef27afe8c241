import * as pulumi from "@pulumi/pulumi";

export interface DatabaseKeeperArgs {
  /** `javelin-<stack>`. */
  prefix: string;
}

/**
 * Holds what belongs to a database that cells share, and to none of the cells: whichever of them writes, it stays
 * where it is. Without it, cells that swap their parts would delete it here and create it there.
 */
export class DatabaseKeeper extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:data:DatabaseKeeper", name, args, opts);
    this.registerOutputs({});
  }
}
