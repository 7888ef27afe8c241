import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  at,
  gcpResource,
  idAt,
  isTrue,
  matches,
  objects,
  project,
  projectNumber,
  refuseUnless,
  requireApi,
  text,
  toGcp,
} from "./common.js";
import { refuseKey } from "./kms.js";
import { isRegion } from "./places.js";

const secretType = "gcp:secretmanager/secret:Secret";
const versionType = "gcp:secretmanager/secretVersion:SecretVersion";
const api = "secretmanager.googleapis.com";
const secretPath = "projects/{project}/secrets/{secretId}";

/** Resource names hold the project's number, ids its id. */
const nameOf = (id: string): string =>
  id.replace(/^projects\/([^/]+)\//, (_, projectId: string) => `projects/${projectNumber(projectId)}/`);

function refuseReplication(inputs: Props, context: Context): void {
  const replicas = objects(inputs, "replication.userManaged.replicas");
  const bad = (holds: boolean, why: string) =>
    refuseUnless(holds, "badRequest", `googleapi: Error 400: ${why}, badRequest`);
  const locations = replicas.flatMap((each) => text(each, "location") ?? []);
  for (const location of locations)
    bad(isRegion(location), `Replica location [${location}] is not a valid location.`);
  bad(new Set(locations).size === locations.length, "Replica locations must be distinct.");
  const keys = replicas.flatMap((each) => at(each, "customerManagedEncryption.kmsKeyName"));
  bad(
    keys.length === 0 || replicas.every((each) => "customerManagedEncryption" in each),
    "Customer-managed encryption must be given for every replica or for none.",
  );
  for (const replica of replicas)
    refuseKey(
      at(replica, "customerManagedEncryption.kmsKeyName")[0],
      api,
      { project: project(inputs, context), location: text(replica, "location") ?? "" },
      context,
    );
}

const secret: Behaviour = gcpResource({
  source:
    "secretmanager.v1 discovery, projects.secrets.create; provider docs of gcp.secretmanager.Secret (what replaces, deletion protection)",
  path: secretPath,
  api,
  required: ["replication"],
  replaces: ["replication"],
  check: (inputs) => {
    const given = ["auto", "userManaged"].filter((each) => at(inputs, `replication.${each}`).length > 0);
    const replicated = inputs["replication"] === undefined || at(inputs, "replication").length === 0;
    const destroyed = Number(/^(\d+)/.exec(text(inputs, "versionDestroyTtl") ?? "86400s")?.[1]);
    return [
      ...matches(
        inputs,
        "secretId",
        /^[a-zA-Z0-9_-]{1,255}$/,
        "1 to 255 letters, digits, underscores and hyphens",
      ),
      ...(replicated || given.length === 1
        ? []
        : [
            {
              property: "replication",
              reason: "exactly one of `replication.auto,replication.userManaged` must be specified",
            },
          ]),
      ...(given.includes("userManaged") && objects(inputs, "replication.userManaged.replicas").length === 0
        ? [{ property: "replication.userManaged.replicas", reason: "at least one replica is required" }]
        : []),
      ...(destroyed >= 86_400
        ? []
        : [{ property: "versionDestroyTtl", reason: "must be at least 24 hours (86400s)" }]),
    ];
  },
  admit: refuseReplication,
  outputs: (inputs, context) => ({
    name: nameOf(idAt(secretPath, inputs, context)),
    createTime: context.current?.state["createTime"] ?? context.now(),
  }),
  // Its versions go with it.
  release: ({ id, state }, { world }) => {
    refuseUnless(
      !isTrue(state, "deletionProtection"),
      "DeletionProtection",
      `cannot destroy secret ${id} without setting deletion_protection=false and running an update`,
    );
    for (const each of world.list(versionType))
      if (each.inputs["secret"] === id) world.add({ ...each, owner: id });
  },
});

/** The version numbers of a secret that exist. */
const numbers = (secretId: string, { world }: Pick<Context, "world">): number[] =>
  world
    .list(versionType)
    .filter((each) => each.inputs["secret"] === secretId)
    .map((each) => Number(each.state["version"]));

const version: Behaviour = {
  source:
    "secretmanager.v1 discovery, projects.secrets.addVersion; provider docs of gcp.secretmanager.SecretVersion",
  global: true,
  required: ["secret"],
  replaces: ["secret", "secretData", "isSecretDataBase64", "secretDataWoVersion"],
  references: { secret: toGcp([secretType], { weak: true }) },
  check: (inputs) => [
    ...(inputs["secretData"] === undefined && inputs["secretDataWo"] === undefined
      ? [{ property: "secretData", reason: "one of `secretData,secretDataWo` must be specified" }]
      : []),
    ...(Buffer.byteLength(text(inputs, "secretData") ?? "") > 65_536
      ? [{ property: "secretData", reason: "must be no larger than 64 KiB" }]
      : []),
  ],
  admit: (inputs, context) => requireApi(api, inputs, context),
  id: (inputs, context) => {
    if (context.current) return context.current.id;
    const secretId = text(inputs, "secret") ?? "";
    return `${nameOf(secretId)}/versions/${1 + Math.max(0, ...numbers(secretId, context))}`;
  },
  outputs: (inputs, context) => {
    const secretId = text(inputs, "secret") ?? "";
    const number = context.current
      ? Number(context.current.state["version"])
      : 1 + Math.max(0, ...numbers(secretId, context));
    return {
      name: context.current?.id ?? `${nameOf(secretId)}/versions/${number}`,
      version: String(number),
      enabled: inputs["enabled"] ?? true,
      createTime: context.current?.state["createTime"] ?? context.now(),
    };
  },
  secrets: ["secretData"],
};

export const secretmanager: Provider = {
  types: {
    [secretType]: secret,
    [versionType]: version,
  },
  invokes: {},
};
