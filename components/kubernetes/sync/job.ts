import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { user } from "../pod.js";
import { jobLabels } from "./policies.js";

/** Time for everything: a new node, the pull, and the retries of an API that is slow to come up; in seconds. */
export const syncDeadline = 900;

/** ConfigMap of what the last Job that succeeded left in the admin API. */
export const recordName = "javelin-route-record";

const directory = "/sync";

export interface JobArgs {
  image: pulumi.Input<string>;
  pullSecret?: string;
  /** Name of the service account. */
  account: string;
  /** Name of both the ConfigMap with the script and the Secret with the keys. */
  inputs: pulumi.Input<string>;
  env: Record<string, string>;
}

/** One pod that runs the script, within the Pod Security level `restricted`. */
export function jobSpec(args: JobArgs): k8s.types.input.batch.v1.JobSpec {
  const defaultMode = 0o440;
  return {
    // The script itself retries what may pass; this is for a pod that was evicted or whose node went.
    backoffLimit: 3,
    activeDeadlineSeconds: syncDeadline,
    template: {
      metadata: { labels: jobLabels },
      spec: {
        // The pods of failed attempts stay, for their logs.
        restartPolicy: "Never",
        serviceAccountName: args.account,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        imagePullSecrets: args.pullSecret ? [{ name: args.pullSecret }] : undefined,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: user,
          runAsGroup: user,
          fsGroup: user,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "sync",
            image: args.image,
            imagePullPolicy: "IfNotPresent",
            command: ["node", `${directory}/desired/sync.mjs`],
            env: Object.entries({ ...args.env, DIRECTORY: directory }).map(([name, value]) => ({
              name,
              value,
            })),
            resources: {
              requests: { cpu: "50m", memory: "64Mi" },
              limits: { cpu: "500m", memory: "256Mi" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              capabilities: { drop: ["ALL"] },
            },
            // Keys come as files: variables show in too many places.
            volumeMounts: ["desired", "secrets", "record"].map((name) => ({
              name,
              mountPath: `${directory}/${name}`,
              readOnly: true,
            })),
          },
        ],
        volumes: [
          { name: "desired", configMap: { name: args.inputs, defaultMode } },
          { name: "secrets", secret: { secretName: args.inputs, defaultMode } },
          // Absent until a Job has succeeded.
          { name: "record", configMap: { name: recordName, optional: true, defaultMode } },
        ],
      },
    },
  };
}
