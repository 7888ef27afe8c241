import * as pulumi from "@pulumi/pulumi";
import type { Authority, Proof, ProofZone } from "./dns.js";

export interface ProofsArgs {
  /** Writes one record into the zone, on whichever cloud it is. */
  write: (name: string, proof: Proof, opts: pulumi.CustomResourceOptions) => pulumi.Resource;
}

/**
 * The records that prove to certificate authorities whose the names are. They are the stack's and no cell's: two
 * cells of one account are asked for the same record, and it has to stay when either goes.
 */
export class Proofs extends pulumi.ComponentResource implements Pick<ProofZone, "prove"> {
  private readonly written = new Map<string, pulumi.Resource>();

  constructor(
    private readonly name: string,
    private readonly args: ProofsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("javelin:dns:Proofs", name, {}, opts);
    this.registerOutputs({});
  }

  prove(authority: Authority, host: string, proof: Proof): pulumi.Resource {
    const key = `${this.name}-${authority.replace("/", "-")}-${host}`;
    const record = this.written.get(key) ?? this.args.write(key, proof, { parent: this });
    this.written.set(key, record);
    return record;
  }
}
