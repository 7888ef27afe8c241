import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  gcpResource,
  isKnown,
  isTrue,
  matches,
  oneOf,
  project,
  projectNumber,
  refuseUnless,
  requireApi,
  text,
} from "./common.js";
import { refuseKey } from "./kms.js";
import { pem } from "./pem.js";
import {
  findInstance,
  instanceType,
  refuseOnReplica,
  refuseReplica,
  refuseWithReplicas,
  replicaOutputs,
} from "./sqlReplicas.js";
import { checkSettings, major, refuse, refuseSettings } from "./sqlRules.js";

const api = "sqladmin.googleapis.com";
const databaseType = "gcp:sql/database:Database";
const userType = "gcp:sql/user:User";

/** Names of instances that are gone: Cloud SQL keeps them for a week. */
const heldType = "held:gcp/sql/instance";
const week = 7 * 86_400_000;

const notKnown = ["clone", "restoreBackupContext", "backupdrBackup"];

/** Where Cloud SQL publishes the instance for Private Service Connect: in a project of its own. */
const attachment = (context: Context): string =>
  `projects/${context.hex(16, "tenant").replace(/^./, "s")}-tp/regions/${context.region}/serviceAttachments/a-${context.hex(12, "psc")}-psc-service-attachment-${context.hex(16, "link")}`;

const published = "settings.ipConfiguration.pscConfigs[].pscEnabled";

const named: Behaviour = gcpResource({
  source:
    "sqladmin.v1 discovery, instances.insert, patch and delete; Cloud SQL for PostgreSQL docs; provider docs of gcp.sql.DatabaseInstance",
  path: "projects/{project}/instances/{name}",
  // It lies in a region, which its id does not tell.
  global: false,
  api,
  name: /^[a-z][a-z0-9-]*[a-z0-9]$/,
  autoName: { property: "name", max: 98 },
  required: ["databaseVersion", "settings.tier"],
  replaces: [
    "encryptionKeyName",
    "masterInstanceName",
    "region",
    "settings.collation",
    "settings.diskType",
    "settings.timeZone",
  ],
  defaults: () => ({ deletionProtection: true }),
  check: (inputs) => [
    ...checkSettings(inputs),
    ...notKnown.flatMap((property) =>
      isKnown(inputs[property]) ? [{ property, reason: `the local cloud does not know ${property}` }] : [],
    ),
  ],
  admit: (inputs, context) => {
    const name = text(inputs, "name") ?? "";
    const whole = `${project(inputs, context)}:${name}`;
    refuse(whole.length <= 98, `Project and instance name are longer than 98 characters together: ${whole}`);
    if (context.current === undefined) refuseHeld(name, inputs, context);
    else refuseChange(inputs, context.current.state);
    refuseSettings(inputs, context);
    refuseReplica(inputs, context);
    const place = { project: project(inputs, context), location: context.region };
    refuseKey(inputs["encryptionKeyName"], api, place, context);
  },
  outputs: (inputs, context) => {
    const where = project(inputs, context);
    const name = text(inputs, "name") ?? "";
    const { current } = context;
    // Of the state, which holds the inputs too, only what was told at the creation stays.
    const told = Object.entries(made(inputs, context)).map(([key, value]) => [
      key,
      current ? current.state[key] : value,
    ]);
    return {
      ...(Object.fromEntries(told) as Props),
      region: context.region,
      ...replicaOutputs(inputs, context),
      connectionName: `${where}:${context.region}:${name}`,
      encryptionKeyName: inputs["encryptionKeyName"] ?? "",
      selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/projects/${where}/instances/${name}`,
    };
  },
  release: (object, context) => {
    const { id, state } = object;
    refuseWithReplicas(object, context);
    refuseUnless(
      state["deletionProtection"] === false,
      "DeletionProtection",
      `cannot destroy instance ${id}: set deletion_protection to false and apply that first`,
    );
    refuse(
      !isTrue(state, "settings.deletionProtectionEnabled"),
      "The instance is protected. Please disable the deletion protection and try again",
    );
  },
  afterDelete: ({ id, region, state }, context) => {
    const until = new Date(Date.parse(context.now()) + week).toISOString();
    const { name, project: where } = state;
    context.world.add({ type: heldType, id, region, inputs: {}, state: { name, project: where, until } });
  },
  minutes: 12,
});

/** The provider's id is the bare name, whatever the import takes. Source: terraform-provider-google, resource's Read. */
const instance: Behaviour = {
  ...named,
  id: (inputs, context) => context.current?.id ?? text(inputs, "name") ?? "",
};

/** What stays as it was made. */
function made(inputs: Props, context: Context): Props {
  const unique = context.hex(12, "dns");
  const dnsName = `${unique}.${context.hex(12, "suffix")}.${context.region}.sql.goog.`;
  const psc = isTrue(inputs, published);
  return {
    availableMaintenanceVersions: [],
    dnsName: psc ? dnsName : "",
    dnsNames: psc
      ? [
          {
            name: dnsName,
            connectionType: "PRIVATE_SERVICE_CONNECT",
            dnsScope: "INSTANCE",
            recordManager: "CUSTOMER",
          },
        ]
      : [],
    firstIpAddress: "",
    ipAddresses: [],
    maintenanceVersion: `${text(inputs, "databaseVersion")}.R20250101.00_00`,
    nodeCount: 0,
    privateIpAddress: "",
    pscServiceAttachmentLink: psc ? attachment(context) : "",
    publicIpAddress: "",
    replicaNames: [],
    serverCaCerts: [
      {
        cert: pem(context),
        commonName: "C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA",
        createTime: context.now(),
        sha1Fingerprint: context.hex(40, "ca"),
      },
    ],
    serviceAccountEmailAddress: `p${projectNumber(project(inputs, context))}-${context.hex(6, "account")}@gcp-sa-cloud-sql.iam.gserviceaccount.com`,
  };
}

function refuseChange(inputs: Props, state: Props): void {
  refuse(major(inputs) >= major(state), "Downgrade of the database version is not supported");
  // The API can do the one and not the other; what it answers then is not known here.
  refuse(
    isTrue(inputs, published) === isTrue(state, published),
    "Private Service Connect is chosen at creation",
  );
}

function refuseHeld(name: string, inputs: Props, context: Context): void {
  const where = project(inputs, context);
  const taken = findInstance(context.world, where, name) !== undefined;
  const held = context.world
    .list(heldType)
    .some(
      ({ state }) =>
        state["project"] === where && state["name"] === name && String(state["until"]) > context.now(),
    );
  if (!taken && !held) return;
  throw new CloudError(
    "instanceAlreadyExists",
    `googleapi: Error 409: The Cloud SQL instance already exists. When you delete an instance, you can't reuse the name of the deleted instance until one week from the deletion date: ${name}., instanceAlreadyExists`,
  );
}

const instancePath = (inputs: Props, context: Pick<Context, "scope">) =>
  `projects/${project(inputs, context)}/instances/${text(inputs, "instance") ?? ""}`;

/** What lies in an instance: it needs the API and the instance, and cannot outlive it. */
function admitInside(inputs: Props, context: Context): void {
  requireApi(api, inputs, context);
  const instance = findInstance(context.world, project(inputs, context), text(inputs, "instance") ?? "");
  refuseOnReplica(instance);
  refuseUnless(
    instance !== undefined,
    "instanceDoesNotExist",
    `googleapi: Error 404: The Cloud SQL instance does not exist: ${text(inputs, "instance") ?? ""}., instanceDoesNotExist`,
  );
}

const database: Behaviour = {
  source: "sqladmin.v1 discovery, databases; provider docs of gcp.sql.Database",
  global: true,
  required: ["instance", "name"],
  replaces: ["instance", "name", "project"],
  check: (inputs) => [
    ...oneOf(inputs, "deletionPolicy", ["ABANDON", "DELETE", "PREVENT"]),
    ...oneOf(inputs, "charset", ["UTF8"]),
    ...oneOf(inputs, "collation", ["en_US.UTF8"]),
    ...matches(inputs, "name", /^[^\s/]{1,63}$/, "1 to 63 characters"),
  ],
  admit: admitInside,
  id: (inputs, context) => `${instancePath(inputs, context)}/databases/${text(inputs, "name") ?? ""}`,
  outputs: (inputs, context) => ({
    project: project(inputs, context),
    charset: "UTF8",
    collation: "en_US.UTF8",
    selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/${instancePath(inputs, context)}/databases/${text(inputs, "name") ?? ""}`,
  }),
};

const user: Behaviour = {
  source: "sqladmin.v1 discovery, users; Cloud SQL, PostgreSQL users; provider docs of gcp.sql.User",
  global: true,
  required: ["instance", "name"],
  replaces: ["host", "instance", "name", "project", "type"],
  secrets: ["password"],
  check: (inputs) => [
    ...oneOf(inputs, "deletionPolicy", ["ABANDON", "DELETE", "PREVENT"]),
    ...oneOf(inputs, "type", [
      ...["BUILT_IN", "CLOUD_IAM_USER", "CLOUD_IAM_SERVICE_ACCOUNT", "CLOUD_IAM_GROUP"],
      ...["CLOUD_IAM_GROUP_USER", "CLOUD_IAM_GROUP_SERVICE_ACCOUNT"],
    ]),
    ...matches(inputs, "name", /^\S{1,63}$/, "1 to 63 characters"),
  ],
  admit: (inputs, context) => {
    admitInside(inputs, context);
    const builtIn = ["BUILT_IN", undefined].includes(text(inputs, "type"));
    refuse(
      !builtIn || isKnown(inputs["password"]) || isKnown(inputs["passwordWo"]),
      "A password is required for a PostgreSQL user",
    );
  },
  id: (inputs) => `${text(inputs, "name") ?? ""}//${text(inputs, "instance") ?? ""}`,
  outputs: (inputs, context) => ({ project: project(inputs, context), host: "" }),
  // A user owns what it has made in a database, and PostgreSQL keeps an owner. Abandoned, it goes with the instance.
  release: ({ inputs, state }, { world }) => {
    const used = world
      .list(databaseType)
      .some(
        ({ state: other }) =>
          other["instance"] === inputs["instance"] && other["project"] === state["project"],
      );
    refuse(
      !used || state["deletionPolicy"] === "ABANDON",
      `failed to delete user ${text(inputs, "name") ?? ""}: role cannot be dropped because some objects depend on it`,
    );
  },
};

export const sql: Provider = {
  types: { [instanceType]: instance, [databaseType]: database, [userType]: user },
  invokes: {},
};
