import type { Behaviour, Provider } from "../behaviour.js";
import { gcpResource, matches, pick, project, text, toGcp } from "./common.js";
import { member } from "./iam.js";
import { accountType } from "./members.js";

const emailOf = (accountId: string, projectId: string) => `${accountId}@${projectId}.iam.gserviceaccount.com`;

const account: Behaviour = gcpResource({
  source:
    "iam.v1 discovery, projects.serviceAccounts.create; provider docs of gcp.serviceaccount.Account (what replaces)",
  path: "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
  api: "iam.googleapis.com",
  check: (inputs) => [
    ...matches(
      inputs,
      "accountId",
      /^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/,
      "6 to 30 lower-case letters, digits and hyphens, from a letter on",
    ),
    ...matches(inputs, "displayName", /^.{0,100}$/, "at most 100 characters"),
    ...matches(inputs, "description", /^.{0,256}$/, "at most 256 characters"),
  ],
  outputs: (inputs, context) => {
    const projectId = project(inputs, context);
    const email = emailOf(text(inputs, "accountId") ?? "", projectId);
    return {
      email,
      member: `serviceAccount:${email}`,
      name: `projects/${projectId}/serviceAccounts/${email}`,
      disabled: inputs["disabled"] ?? false,
      uniqueId: context.current?.state["uniqueId"] ?? `1${String(pick(context, 1e9)).padStart(20, "0")}`,
    };
  },
});

export const serviceAccount: Provider = {
  types: {
    [accountType]: account,
    "gcp:serviceaccount/iAMMember:IAMMember": member({
      source:
        "iam.v1 discovery, projects.serviceAccounts.setIamPolicy; provider docs of gcp.serviceaccount.IAMMember",
      level: "serviceAccount",
      on: { input: "serviceAccountId", reference: toGcp([accountType]) },
      api: "iam.googleapis.com",
      target: (inputs) => text(inputs, "serviceAccountId") ?? "",
    }),
  },
  invokes: {},
};
