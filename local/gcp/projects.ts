import type { Behaviour, Invoke, Provider } from "../behaviour.js";
import { seeded } from "../world.js";
import { enabledApi, isTrue, matches, project, projectNumber, text } from "./common.js";

const service: Behaviour = {
  source: "Service Usage API, services.enable; provider docs of gcp.projects.Service",
  global: true,
  required: ["service"],
  replaces: ["service", "project"],
  check: (inputs) =>
    matches(inputs, "service", /^[a-z][a-z0-9.-]+\.googleapis\.com$/, "write the API's host name"),
  // Enabling what is enabled already is no error, and two stacks may do it in one project.
  adopts: true,
  id: (inputs, context) => `${project(inputs, context)}/${text(inputs, "service") ?? ""}`,
  outputs: (inputs, context) => ({ project: project(inputs, context) }),
  // The project keeps it, for whatever else uses it, unless it was told otherwise.
  afterDelete: (object, { world }) => {
    if (!isTrue(object.inputs, "disableOnDestroy")) world.add({ ...object, owner: seeded });
  },
};

const getProject: Invoke = (args, context) => {
  const projectId = text(args, "projectId") ?? project(args, context);
  return {
    id: `projects/${projectId}`,
    projectId,
    number: projectNumber(projectId),
    name: projectId,
  };
};

const getClientConfig: Invoke = (_, context) => ({
  id: `projects/${context.scope}/regions/${context.region}/zones/`,
  project: context.scope,
  region: context.region,
  zone: "",
  accessToken: "local",
  defaultLabels: {},
});

export const projects: Provider = {
  types: { [enabledApi]: service },
  invokes: {
    "gcp:organizations/getProject:getProject": getProject,
    "gcp:organizations/getClientConfig:getClientConfig": getClientConfig,
  },
};
