/** What a role can be granted on, in the local cloud. */
export type Level = "project" | "serviceAccount" | "key";

/** Roles of old, which span every service of a project. */
export const primitiveRoles = ["roles/owner", "roles/editor", "roles/viewer"];

const keyRoles = [
  "admin",
  "cryptoKeyDecrypter",
  "cryptoKeyEncrypter",
  "cryptoKeyEncrypterDecrypter",
  "viewer",
].map((role) => `roles/cloudkms.${role}`);

const secretRoles = ["admin", "secretAccessor", "secretVersionAdder", "secretVersionManager", "viewer"].map(
  (role) => `roles/secretmanager.${role}`,
);

const accountRoles = [
  "serviceAccountAdmin",
  "serviceAccountOpenIdTokenCreator",
  "serviceAccountTokenCreator",
  "serviceAccountUser",
  "workloadIdentityUser",
].map((role) => `roles/iam.${role}`);

/** Predefined roles by what they are granted on. Source: "IAM basic and predefined roles reference". */
const roles: Readonly<Record<Level, readonly string[]>> = {
  key: keyRoles,
  serviceAccount: accountRoles,
  project: [
    ...keyRoles,
    ...secretRoles,
    ...accountRoles,
    ...primitiveRoles,
    "roles/aiplatform.user",
    "roles/aiplatform.viewer",
    "roles/artifactregistry.reader",
    "roles/cloudsql.client",
    "roles/cloudsql.instanceUser",
    "roles/container.admin",
    "roles/container.clusterAdmin",
    "roles/container.clusterViewer",
    "roles/container.defaultNodeServiceAccount",
    "roles/container.developer",
    "roles/container.viewer",
    "roles/logging.logWriter",
    "roles/monitoring.metricWriter",
    "roles/monitoring.viewer",
    "roles/redis.viewer",
    "roles/stackdriver.resourceMetadata.writer",
    "roles/storage.objectViewer",
  ],
};

export const isPredefined = (role: string, level: Level): boolean => roles[level].includes(role);

/** Permissions that a custom role of a project may hold. Source: "IAM permissions reference". */
const permissions: readonly string[] = [
  "aiplatform.endpoints.get",
  "aiplatform.endpoints.list",
  "aiplatform.endpoints.predict",
  "cloudkms.cryptoKeyVersions.useToDecrypt",
  "cloudkms.cryptoKeyVersions.useToEncrypt",
  "cloudkms.cryptoKeys.get",
  "container.clusters.connect",
  "container.clusters.get",
  "container.clusters.list",
  "logging.logEntries.create",
  "monitoring.timeSeries.create",
  ...["create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"].map(
    (verb) => `secretmanager.secrets.${verb}`,
  ),
  ...["access", "add", "destroy", "disable", "enable", "get", "list"].map(
    (verb) => `secretmanager.versions.${verb}`,
  ),
];

export const isPermission = (permission: string): boolean => permissions.includes(permission);
