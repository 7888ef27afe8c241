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
  private readonly written = new Map<string, { record: pulumi.Resource; proof: Proof }>();

  constructor(
    private readonly name: string,
    private readonly args: ProofsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("javelin:dns:Proofs", name, {}, opts);
    this.registerOutputs({});
  }

  /** An authority that asks twice for one name, and not for the same, is an error of the program's. */
  prove(authority: Authority, host: string, proof: Proof): pulumi.Resource {
    const key = `${this.name}-${authority.replace("/", "-")}-${host}`;
    const first = this.written.get(key);
    if (first) {
      pulumi
        .all([first.proof.name, first.proof.value, proof.name, proof.value])
        .apply(async ([name, value, ...again]) => {
          if (name === again[0] && value === again[1]) return;
          // One of the two certificates would wait for ever.
          const asked = `${authority} asks for ${again.join(" ")} to prove ${host}`;
          await pulumi.log.error(`${asked}, and asked for ${name} ${value} before`, this);
        });
      return first.record;
    }
    const record = this.args.write(key, proof, { parent: this });
    this.written.set(key, { record, proof });
    return record;
  }
}
