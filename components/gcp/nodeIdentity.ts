import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface NodeIdentityArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** The project's id, not its number. */
  project: string;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/**
 * The service account that a cell's nodes run as. Apart from the cluster, because firewall rules name it before
 * there are nodes.
 */
export class NodeIdentity extends pulumi.ComponentResource {
  /** Known only once the account has its role. */
  readonly email: pulumi.Output<string>;

  constructor(name: string, args: NodeIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apis, ...inputs } = args;
    super("javelin:gcp:NodeIdentity", name, inputs, opts);
    const { prefix, project } = args;

    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      {
        accountId: physicalName("gcp:serviceAccount", prefix, "node"),
        project,
        displayName: `Nodes of ${prefix}`.slice(0, 100),
      },
      { parent: this, dependsOn: apis },
    );
    // Logs, metrics and nothing else: images come from public registries or with a pull secret.
    const role = new gcp.projects.IAMMember(
      `${name}-role`,
      { project, role: "roles/container.defaultNodeServiceAccount", member: account.member },
      { parent: this },
    );

    this.email = pulumi.all([account.email, role.id]).apply(([email]) => email);
    this.registerOutputs({ email: this.email });
  }
}
