import type { Behaviour, Context, Provider } from "../behaviour.js";
import { seeded } from "../world.js";
import { enabledApi, matches, project, projectNumber, refuseUnless, text } from "./common.js";

export const serviceIdentity = "gcp:projects/serviceIdentity:ServiceIdentity";

/** Domains of service agents. Source: "Service agents", IAM documentation. */
const agents: Readonly<Record<string, string>> = {
  "artifactregistry.googleapis.com": "gcp-sa-artifactregistry",
  "certificatemanager.googleapis.com": "gcp-sa-certificatemanager",
  "compute.googleapis.com": "compute-system",
  "container.googleapis.com": "container-engine-robot",
  "memorystore.googleapis.com": "gcp-sa-memorystore",
  "networksecurity.googleapis.com": "gcp-sa-networksecurity",
  "pubsub.googleapis.com": "gcp-sa-pubsub",
  "redis.googleapis.com": "cloud-redis",
  "secretmanager.googleapis.com": "gcp-sa-secretmanager",
  "sqladmin.googleapis.com": "gcp-sa-cloud-sql",
};

/** Made when the API is enabled, by nobody's call. */
const automatic = ["compute.googleapis.com", "container.googleapis.com"];

/** Email of a service's agent in a project. `api`: `sqladmin.googleapis.com`. */
export const serviceAgentEmail = (api: string, projectId: string): string =>
  `service-${projectNumber(projectId)}@${agents[api] ?? ""}.iam.gserviceaccount.com`;

/** Whether this email is of a service agent or a default account that exists by now. Undefined: it is of neither. */
export function agentExists(email: string, { world }: Pick<Context, "world">): boolean | undefined {
  const enabled = (api: string, number: string) =>
    world
      .list(enabledApi)
      .some(({ state }) => state["service"] === api && projectNumber(String(state["project"])) === number);
  const [, compute] = /^(\d+)-compute@developer\.gserviceaccount\.com$/.exec(email) ?? [];
  if (compute !== undefined) return enabled("compute.googleapis.com", compute);
  const [, number = "", domain = ""] =
    /^service-(\d+)@([a-z-]+)\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
  if (number === "") return undefined;
  const api = Object.keys(agents).find((each) => agents[each] === domain);
  if (api === undefined) return false;
  return (
    world.list(serviceIdentity).some(({ state }) => state["email"] === email) ||
    (automatic.includes(api) && enabled(api, number))
  );
}

const identity: Behaviour = {
  source:
    "Service Usage API, services.generateServiceIdentity; provider docs of gcp.projects.ServiceIdentity",
  global: true,
  required: ["service"],
  replaces: ["service", "project"],
  check: (inputs) =>
    matches(inputs, "service", /^[a-z][a-z0-9.-]+\.googleapis\.com$/, "write the API's host name"),
  // It returns the agent that there is, as often as it is asked.
  adopts: true,
  // The provider forgets an agent and deletes none.
  afterDelete: (object, { world }) => world.add({ ...object, owner: seeded }),
  admit: (inputs) => {
    const service = text(inputs, "service") ?? "";
    refuseUnless(
      service in agents && service !== "compute.googleapis.com",
      "INVALID_ARGUMENT",
      `googleapi: Error 400: Service ${service} has not been configured for service identities.`,
    );
  },
  id: (inputs, context) => `projects/${project(inputs, context)}/services/${text(inputs, "service") ?? ""}`,
  outputs: (inputs, context) => {
    const service = text(inputs, "service") ?? "";
    // The API may keep to itself who it is (source of the provider): here it does of one that was there already.
    if (automatic.includes(service)) return { project: project(inputs, context) };
    const email = serviceAgentEmail(service, project(inputs, context));
    return { project: project(inputs, context), email, member: `serviceAccount:${email}` };
  },
};

export const serviceIdentities: Provider = { types: { [serviceIdentity]: identity }, invokes: {} };
