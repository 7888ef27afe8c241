import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface ProjectAdminsArgs {
  /** The project's id. */
  project: string;
  /** IAM members (`group:…`, `user:…`). */
  members: string[];
}

/**
 * Leave to administer the clusters of a project: GKE takes roles on a project, not on a cluster. IAM holds a member of
 * a role once, however often it is granted, and one deletion takes it away: so it is granted for all cells of the
 * project together, and stays when one of them goes.
 */
export class ProjectAdmins extends pulumi.ComponentResource {
  readonly grants: pulumi.Resource[];

  constructor(name: string, args: ProjectAdminsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:gcp:ProjectAdmins", name, args, opts);
    const { project } = args;
    const parent = { parent: this };
    const api = new gcp.projects.Service(
      `${name}-cloudresourcemanager`,
      {
        project,
        service: "cloudresourcemanager.googleapis.com",
        disableOnDestroy: false,
        disableDependentServices: false,
      },
      parent,
    );
    this.grants = args.members.map(
      (member) =>
        new gcp.projects.IAMMember(
          `${name}-${member.replace(/[^A-Za-z0-9]+/g, "-")}`,
          { project, role: "roles/container.admin", member },
          { ...parent, dependsOn: api },
        ),
    );
    this.registerOutputs({});
  }
}
