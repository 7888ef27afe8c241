import type { Behaviour, Context, Props } from "../behaviour.js";
import { at, isObject, number, text } from "../rules.js";
import { poolsOf } from "./cluster.js";
import { describe, selects } from "./objects.js";
import type { Named } from "./objects.js";
import { refusePodSpec, refuseUnready, specOf } from "./pods.js";
import { refuseUnreachable } from "./reach.js";

const path = "spec.template.spec";

const templateOf = (inputs: Props): Props => {
  const [template] = at(inputs, "spec.template");
  return isObject(template) ? template : {};
};

/** What Deployments and DaemonSets have in common: the selector takes the template, and never changes. */
function refuseSelector(inputs: Props, { refuse }: Named): void {
  const [selector] = at(inputs, "spec.selector");
  const labels = at(templateOf(inputs), "metadata.labels")[0];
  if (!isObject(selector) || (selector.matchLabels === undefined && selector.matchExpressions === undefined))
    refuse("spec.selector", "Invalid value: {}: empty selector is invalid for deployment");
  if (!selects(selector, isObject(labels) ? labels : {}))
    refuse(
      "spec.template.metadata.labels",
      `Invalid value: ${JSON.stringify(labels ?? {})}: \`selector\` does not match template \`labels\``,
    );
  const restart = text(specOf(templateOf(inputs)), "restartPolicy") ?? "Always";
  if (restart !== "Always")
    refuse(`${path}.restartPolicy`, `Unsupported value: "${restart}": supported values: "Always"`);
}

const ownerOf = (type: string, { namespace, name }: Named) => `${type}/${namespace}/${name}`;
const specWith = (inputs: Props, defaults: Props) => ({
  ...defaults,
  ...(isObject(inputs.spec) ? inputs.spec : {}),
});
const since = (context: Context) => ({ lastUpdateTime: context.now(), lastTransitionTime: context.now() });

export const deployment: Behaviour = describe({
  kind: "Deployment.apps",
  plural: "deployments.apps",
  source: "Kubernetes API reference, Deployment; provider docs, await logic of Deployments",
  required: ["spec", "spec.selector", "spec.template"],
  replaces: ["spec.selector"],
  admit: (inputs, context, place) => {
    refuseSelector(inputs, place);
    const strategy = text(inputs, "spec.strategy.type") ?? "RollingUpdate";
    if (!["RollingUpdate", "Recreate"].includes(strategy))
      place.refuse(
        "spec.strategy.type",
        `Unsupported value: "${strategy}": supported values: "Recreate", "RollingUpdate"`,
      );
    if (strategy === "Recreate" && at(inputs, "spec.strategy.rollingUpdate").length > 0)
      place.refuse(
        "spec.strategy.rollingUpdate",
        "Forbidden: may not be specified when strategy `type` is 'Recreate'",
      );
    const [surge, unavailable] = ["maxSurge", "maxUnavailable"].map((each) =>
      text(inputs, `spec.strategy.rollingUpdate.${each}`),
    );
    if (["0", "0%"].includes(surge ?? "") && ["0", "0%"].includes(unavailable ?? ""))
      place.refuse(
        "spec.strategy.rollingUpdate.maxUnavailable",
        "Invalid value: 0: may not be 0 when `maxSurge` is 0",
      );
    const replicas = number(inputs, "spec.replicas") ?? 1;
    if (replicas < 0)
      place.refuse("spec.replicas", `Invalid value: ${replicas}: must be greater than or equal to 0`);
    refusePodSpec(templateOf(inputs), path, place);
    refuseUnready(
      templateOf(inputs),
      replicas,
      context,
      place,
      ownerOf("kubernetes:apps/v1:Deployment", place),
    );
  },
  state: (inputs, context) => {
    const replicas = number(inputs, "spec.replicas") ?? 1;
    return {
      spec: specWith(inputs, { replicas, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
      status: {
        observedGeneration: 1,
        replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
        updatedReplicas: replicas,
        conditions: [
          { type: "Available", status: "True", reason: "MinimumReplicasAvailable", ...since(context) },
          { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", ...since(context) },
        ],
      },
    };
  },
  minutes: 1,
});

export const daemonSet: Behaviour = describe({
  kind: "DaemonSet.apps",
  plural: "daemonsets.apps",
  source: "Kubernetes API reference, DaemonSet",
  required: ["spec", "spec.selector", "spec.template"],
  replaces: ["spec.selector"],
  admit: (inputs, context, place) => {
    refuseSelector(inputs, place);
    refusePodSpec(templateOf(inputs), path, place);
    refuseUnready(templateOf(inputs), 1, context, place, ownerOf("kubernetes:apps/v1:DaemonSet", place));
  },
  state: (inputs, context) => {
    const nodes = poolsOf(context).reduce((sum, each) => sum + each.desired, 0);
    return {
      spec: specWith(inputs, { revisionHistoryLimit: 10 }),
      status: {
        desiredNumberScheduled: nodes,
        currentNumberScheduled: nodes,
        numberReady: nodes,
        numberMisscheduled: 0,
      },
    };
  },
  minutes: 1,
});

function refuseRestart(template: Props, where: string, { refuse }: Named): void {
  const restart = text(specOf(template), "restartPolicy");
  if (restart !== "Never" && restart !== "OnFailure")
    refuse(
      `${where}.restartPolicy`,
      `${restart === undefined ? "Required value" : `Unsupported value: "${restart}"`}: valid values: "OnFailure", "Never"`,
    );
}

export const job: Behaviour = describe({
  kind: "Job.batch",
  plural: "jobs.batch",
  source: "Kubernetes API reference, Job; provider docs, await logic of Jobs",
  required: ["spec", "spec.template"],
  replaces: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  // Its pods carry the Job's name in a label.
  name: "label",
  admit: (inputs, context, place) => {
    for (const property of [
      "activeDeadlineSeconds",
      "backoffLimit",
      "completions",
      "parallelism",
      "ttlSecondsAfterFinished",
    ]) {
      const value = number(inputs, `spec.${property}`);
      if (value !== undefined && value < 0)
        place.refuse(`spec.${property}`, `Invalid value: ${value}: must be greater than or equal to 0`);
    }
    refuseRestart(templateOf(inputs), path, place);
    refusePodSpec(templateOf(inputs), path, place);
    refuseUnready(templateOf(inputs), 1, context, place, ownerOf("kubernetes:batch/v1:Job", place));
    refuseUnreachable(templateOf(inputs), context, place);
  },
  state: (inputs, context, { name }) => ({
    spec: specWith(inputs, {
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      selector: { matchLabels: { "batch.kubernetes.io/job-name": name } },
    }),
    status: {
      succeeded: number(inputs, "spec.completions") ?? 1,
      startTime: context.now(),
      completionTime: context.now(),
      conditions: [{ type: "Complete", status: "True", lastTransitionTime: context.now() }],
    },
  }),
  minutes: 1,
});

const field = /^(\*|\d+(-\d+)?|[A-Za-z]{3}(-[A-Za-z]{3})?)(\/\d+)?$/;

export const cronJob: Behaviour = describe({
  kind: "CronJob.batch",
  plural: "cronjobs.batch",
  source: "Kubernetes API reference, CronJob",
  required: ["spec", "spec.schedule", "spec.jobTemplate"],
  admit: (inputs, context, place) => {
    if (place.name.length > 52)
      place.refuse("metadata.name", `Invalid value: "${place.name}": must be no more than 52 characters`);
    const schedule = text(inputs, "spec.schedule") ?? "";
    const fields = schedule.split(" ");
    const good =
      /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule) ||
      (fields.length === 5 && fields.every((each) => each.split(",").every((part) => field.test(part))));
    if (!good) place.refuse("spec.schedule", `Invalid value: "${schedule}": expected exactly 5 fields`);
    const template = at(inputs, "spec.jobTemplate.spec.template").filter(isObject)[0] ?? {};
    const where = "spec.jobTemplate.spec.template.spec";
    refuseRestart(template, where, place);
    refusePodSpec(template, where, place);
    refuseUnready(template, 1, context, place, ownerOf("kubernetes:batch/v1:CronJob", place));
  },
  state: (inputs) => ({ spec: specWith(inputs, { concurrencyPolicy: "Allow", suspend: false }), status: {} }),
});
