import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../names.js";

/** What a workload may do: permissions on the project (they become a custom role of exactly these), or a role. */
export type Grant = {
  /** Tells the grants of an identity apart, e.g. `models`. */
  name: string;
} & (
  | { permissions: readonly string[]; where?: Condition }
  | { role: string; where?: Condition }
  /** On a KMS key, by its id. */
  | { role: string; keyId: pulumi.Input<string> }
);

/** Restricts a grant on the project to resources whose name, with the project's number, starts like this. */
export interface Condition {
  nameStartsWith: pulumi.Input<string>;
}

export type SecretAccess = "read" | "write";

/**
 * Leave to ask the models of Vertex AI in the project. The narrowest predefined role, `roles/aiplatform.user`,
 * may also create, change and delete datasets, endpoints and training jobs. IAM knows no single models of a publisher.
 */
export function modelGrants(): Grant[] {
  return [{ name: "models", permissions: ["aiplatform.endpoints.predict"] }];
}

/**
 * Leave on the gateway's own secrets.
 *
 * @param secrets start of their full names: `projects/<number>/secrets/<prefix>`
 */
export function secretGrants(secrets: pulumi.Input<string>, access: SecretAccess): Grant[] {
  const where = { nameStartsWith: secrets };
  const read: Grant = { name: "secret-read", role: "roles/secretmanager.secretAccessor", where };
  if (access === "read") return [read];
  return [
    read,
    {
      name: "secret-write",
      permissions: [
        "secretmanager.secrets.delete",
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
        "secretmanager.versions.add",
        "secretmanager.versions.destroy",
        "secretmanager.versions.get",
        "secretmanager.versions.list",
      ],
      where,
    },
    // Creation is asked of the project, which no condition on a secret's name can be true of. What has another
    // name than the gateway's can be created, and then neither read nor written nor deleted.
    { name: "secret-create", permissions: ["secretmanager.secrets.create"] },
  ];
}

/** Leave to use the cell's one key: reading needs decryption, writing both. */
export function keyGrants(keyId: pulumi.Input<string>, access: SecretAccess): Grant[] {
  const role = access === "write" ? "cryptoKeyEncrypterDecrypter" : "cryptoKeyDecrypter";
  return [{ name: "key", role: `roles/cloudkms.${role}`, keyId }];
}

/** Gives a service account what a grant says. */
export function createGrant(
  name: string,
  grant: Grant,
  to: { project: string; prefix: string; member: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { project, prefix, member } = to;
  if ("keyId" in grant)
    return new gcp.kms.CryptoKeyIAMMember(name, { cryptoKeyId: grant.keyId, role: grant.role, member }, opts);
  const role = "role" in grant ? grant.role : customRole(name, prefix, grant, opts);
  return new gcp.projects.IAMMember(
    name,
    {
      project,
      role,
      member,
      ...(grant.where && {
        condition: {
          title: grant.name,
          expression: pulumi.interpolate`resource.name.startsWith("${grant.where.nameStartsWith}")`,
        },
      }),
    },
    opts,
  );
}

/** A role of exactly these permissions. */
function customRole(
  name: string,
  prefix: string,
  grant: { name: string; permissions: readonly string[] },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // IAM holds the id of a deleted role for 44 days: with a suffix from the state, a cell that is destroyed and
  // created again does not ask for the id of the one before.
  const generation = new random.RandomId(`${name}-generation`, { byteLength: 4 }, opts);
  const id = physicalName("gcp:role", prefix, grant.name).replaceAll("-", "_");
  return new gcp.projects.IAMCustomRole(
    `${name}-role`,
    {
      roleId: pulumi.interpolate`${id}_${generation.hex}`,
      title: `${prefix} ${grant.name}`.slice(0, 100),
      permissions: [...grant.permissions],
    },
    opts,
  ).name;
}
