import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../names.js";
import { generatedPassword } from "../password.js";
import { type KeyUser, serviceAgent } from "./serviceAgents.js";

export interface SecretsArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  region: string;
  /** The project's id, not its number. */
  project: string;
  /**
   * True: the secrets cannot be deleted, and a destroyed version of one can be had back for 30 days. Of the key it
   * can always: how long is settled for ever when the key is made.
   */
  protect: boolean;
  /** Services that encrypt with the key, besides Secret Manager and GKE. */
  users: KeyUser[];
  /** Master user of the database; stored beside its password. */
  databaseUsername: string;
  /** Password of a database that this cell shares with others. Default: one is generated. */
  databasePassword?: pulumi.Input<string>;
  /** Values the customer supplies (licence, registry token, …) by name; `database` is taken. */
  customer: Record<string, pulumi.Input<string>>;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/** In seconds. */
const thirtyDays = "2592000s";

/** One KMS key for everything the cell stores, the generated password, and the secrets that hold the values. */
export class Secrets extends pulumi.ComponentResource {
  /** Id of the key: `projects/…/locations/…/keyRings/…/cryptoKeys/…`. To encrypt with it, take {@link keyFor}. */
  readonly keyId: pulumi.Output<string>;
  /** Secret. 40 characters, accepted by Cloud SQL, and by a connection URL without escaping. */
  readonly databasePassword: pulumi.Output<string>;
  /** Id by name: `database` and one for each of the customer's. */
  readonly secretIds: Record<string, pulumi.Output<string>>;
  /** Where the gateway keeps the provider keys that it writes itself; apart from the cell's own secrets. */
  readonly gatewaySecretPrefix: string;
  /** Start of the full name of every secret under {@link gatewaySecretPrefix}, as IAM conditions see it. */
  readonly gatewaySecrets: pulumi.Output<string>;
  private readonly keys = new Map<KeyUser, pulumi.Output<string>>();

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apis, databasePassword, ...inputs } = args;
    super("javelin:gcp:Secrets", name, inputs, opts);
    const { prefix, region, project, protect } = args;
    const parent = { parent: this };
    const ready = { parent: this, dependsOn: apis };
    const projectNumber = gcp.organizations.getProjectOutput({ projectId: project }, ready).number;

    // Neither a key ring nor a key can ever be deleted, and their names stay taken: with a suffix from the state,
    // a cell that is destroyed and created again does not ask for the names of the one before.
    const generation = new random.RandomId(`${name}-generation`, { byteLength: 4 }, parent);
    const ring = new gcp.kms.KeyRing(
      `${name}-key-ring`,
      {
        name: pulumi.interpolate`${physicalName("gcp:keyRing", prefix)}-${generation.hex}`,
        location: region,
      },
      ready,
    );
    const key = new gcp.kms.CryptoKey(
      `${name}-key`,
      {
        name: "cell",
        keyRing: ring.id,
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod: "7776000s", // 90 days
        // Not by `protect`: another value replaces the key, which destroys what is encrypted with it.
        destroyScheduledDuration: thirtyDays,
      },
      parent,
    );
    // Each service encrypts as an agent of its own, and only with leave on the key.
    for (const user of new Set<KeyUser>(["secretmanager", "container", ...args.users])) {
      const member = serviceAgent(`${name}-${user}-agent`, user, projectNumber, ready);
      const use = new gcp.kms.CryptoKeyIAMMember(
        `${name}-${user}-key-use`,
        { cryptoKeyId: key.id, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member },
        parent,
      );
      this.keys.set(
        user,
        pulumi.all([key.id, use.id]).apply(([id]) => id),
      );
    }

    this.databasePassword = pulumi.secret(
      databasePassword ?? generatedPassword(`${name}-database-password`, parent),
    );

    const values: Record<string, pulumi.Input<string>> = {
      ...args.customer,
      database: pulumi.jsonStringify({ username: args.databaseUsername, password: this.databasePassword }),
    };
    this.secretIds = {};
    for (const [secretName, value] of Object.entries(values)) {
      const secret = new gcp.secretmanager.Secret(
        `${name}-${secretName}`,
        {
          secretId: physicalName("gcp:secret", prefix, secretName),
          replication: {
            userManaged: {
              replicas: [
                { location: region, customerManagedEncryption: { kmsKeyName: this.keyFor("secretmanager") } },
              ],
            },
          },
          deletionProtection: protect,
          ...(protect && { versionDestroyTtl: thirtyDays }),
        },
        ready,
      );
      new gcp.secretmanager.SecretVersion(
        `${name}-${secretName}-value`,
        { secret: secret.id, secretData: pulumi.secret(value) },
        parent,
      );
      this.secretIds[secretName] = secret.id;
    }

    this.keyId = key.id;
    // No other name holds an underscore, so no other cell's secrets begin like this.
    this.gatewaySecretPrefix = `${physicalName("gcp:secret", prefix, "gateway")}_`;
    this.gatewaySecrets = pulumi.interpolate`projects/${projectNumber}/secrets/${this.gatewaySecretPrefix}`;
    this.registerOutputs({ keyId: this.keyId, secretIds: this.secretIds });
  }

  /**
   * Id of the key for what this service encrypts: known only once the service may use the key.
   *
   * @throws when the service is not among the `users`
   */
  keyFor(user: KeyUser): pulumi.Output<string> {
    const id = this.keys.get(user);
    if (!id) throw new Error(`${user} may not use the key: it is not among the users`);
    return id;
  }
}
