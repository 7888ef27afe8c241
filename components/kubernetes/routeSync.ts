import { readFileSync } from "node:fs";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "./pod.js";
import { address } from "./selection.js";
import { desiredState, recordOf } from "./sync/desired.js";
import type { Declared } from "./sync/desired.js";
import { jobLabels, jobPolicies } from "./sync/policies.js";
import { jobSpec, recordName, syncDeadline } from "./sync/job.js";

export interface RouteSyncArgs {
  /** The gateway's, which must run there: admin and core. */
  namespace: string;
  declared: Declared;
  /** Runs the script: any image with Node 20 or newer as `node`. */
  image: pulumi.Input<string>;
  /** Name of a pull secret in the namespace. */
  pullSecret?: string;
  /** Header of the API key. */
  apiKeyHeader: string;
  /** The API key that this cell's admin accepts. Secret. */
  adminKey: pulumi.Input<string>;
  /** Values of the declared keys, by name; a key without one is left as it is. Secret. */
  keys: Record<string, pulumi.Input<string>>;
}

const scriptFile = new URL("./sync/sync.mjs", import.meta.url);
const objectName = "javelin-route-sync";

/**
 * Puts the declared gateways, providers, keys, templates and routes into the cell's own admin API, by a Job that
 * runs again whenever they, a key, the script or its image change. The cluster's provider comes by `opts`; the
 * gateway must be ready.
 *
 * What was put there is on record in a ConfigMap that is written only once the Job has succeeded. So the next Job
 * still mounts what was there before, removes what is no longer declared, and leaves alone what it does not find
 * on record. That needs no rights on the Kubernetes API, no token and no path to it.
 */
export class RouteSync extends pulumi.ComponentResource {
  /** Digest of what this cell serves, once it serves it: equal in cells that serve the same. */
  readonly revision: pulumi.Output<string>;

  constructor(name: string, args: RouteSyncArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, declared, apiKeyHeader } = args;
    super("javelin:kubernetes:RouteSync", name, { namespace, declared, apiKeyHeader }, opts);
    const parent = { parent: this };
    // The old one first: two Jobs at once would undo each other's work, and when one has failed, `up` with the
    // state before it must not meet the names that it left behind.
    const replaced = { ...parent, deleteBeforeReplace: true };
    const names = declared.keys.map((key) => key.name);
    const values = Object.fromEntries(Object.entries(args.keys).filter(([key]) => names.includes(key)));
    const script = readFileSync(scriptFile, "utf8");
    const state = desiredState(declared, Object.keys(values));
    const secrets = pulumi.secret<Record<string, pulumi.Input<string>>>({
      ...values,
      "admin.key": args.adminKey,
    });
    // Not secret: it names objects. All keys go into one hash, and a sixth of it is kept.
    const hash = pulumi.unsecret(
      pulumi
        .all([secrets, args.image])
        .apply((inputs) => sha256(JSON.stringify([script, state, apiKeyHeader, inputs])).slice(0, 10)),
    );
    // A Job never changes: for another state it is another one.
    const metadata = { namespace, name: pulumi.interpolate`${objectName}-${hash}`, labels: jobLabels };

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { namespace, name: objectName, labels: jobLabels },
        automountServiceAccountToken: false,
      },
      parent,
    );
    const policies = Object.entries(jobPolicies).map(
      ([key, { name: policyName, spec }]) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${key}`,
          { metadata: { namespace, name: policyName, labels: jobLabels }, spec },
          parent,
        ),
    );
    const desired = new k8s.core.v1.ConfigMap(
      `${name}-desired`,
      { metadata, immutable: true, data: { "sync.mjs": script, "state.json": JSON.stringify(state) } },
      replaced,
    );
    const keys = new k8s.core.v1.Secret(
      `${name}-keys`,
      { metadata, immutable: true, type: "Opaque", data: secrets.apply(encoded) },
      replaced,
    );
    const job = new k8s.batch.v1.Job(
      `${name}-job`,
      {
        // A Job that failed stays failed: the next `up` makes it anew instead of waiting for it.
        metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
        // Kept when it is done: one that vanished by itself would be drift, and be made again.
        spec: jobSpec({
          image: args.image,
          pullSecret: args.pullSecret,
          account: objectName,
          inputs: metadata.name,
          env: {
            ADMIN_URL: `${address("admin")}/v1`,
            CORE_URL: `${address("core")}/v1`,
            API_KEY_HEADER: apiKeyHeader,
          },
        }),
      },
      {
        ...replaced,
        dependsOn: [account, ...policies, desired, keys],
        // Longer than the Job's own deadline, so that Kubernetes' explanation is what gets reported.
        customTimeouts: { create: `${syncDeadline + 300}s`, update: `${syncDeadline + 300}s` },
      },
    );
    const record = new k8s.core.v1.ConfigMap(
      `${name}-record`,
      {
        metadata: { namespace, name: recordName, labels: jobLabels },
        data: { revision: state.revision, "record.json": recordOf(state) },
      },
      { ...replaced, dependsOn: [job] },
    );
    this.revision = record.data.apply((data) => data["revision"] ?? "");
    this.registerOutputs({ revision: this.revision });
  }
}

function encoded(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
}
