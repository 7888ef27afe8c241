import type { SingleStackName, StackRun } from "./runs.js";
import { freshRun } from "./runs.js";

export interface Sharing {
  cloud: "aws" | "azure" | "gcp";
  /** What it is made from. */
  stack: SingleStackName;
  instanceClass: string;
  /** The one that writes, and the one that follows. */
  regions: [first: string, second: string];
}

/** Stacks over two regions of a cloud that share a database. */
export const sharing = {
  aws: { cloud: "aws", stack: "dev", instanceClass: "db.r7g.large", regions: ["us-east-1", "us-west-2"] },
  azure: {
    cloud: "azure",
    stack: "dev-azure",
    instanceClass: "Standard_D2ds_v5",
    regions: ["eastus2", "westus3"],
  },
  gcp: {
    cloud: "gcp",
    stack: "dev-gcp",
    instanceClass: "db-custom-2-7680",
    regions: ["us-central1", "us-east4"],
  },
} satisfies Record<string, Sharing>;

const made = new Map<Sharing, Promise<StackRun>>();

/** The one run of such a stack, made when it is first asked for. */
export function sharedDatabase(where: Sharing): Promise<StackRun> {
  let found = made.get(where);
  if (!found) made.set(where, (found = run(where)));
  return found;
}

const run = ({ cloud, stack, instanceClass, regions }: Sharing): Promise<StackRun> =>
  freshRun(
    {
      "javelin:topology": "cross-region",
      "javelin:cells": regions.map((region, index) => ({
        ...{ cloud, region, cidr: `10.${2 + index}0.0.0/16` },
        ...(cloud === "gcp" && { project: "example-project" }),
      })),
      "javelin:database": { replication: "global", instanceClass },
      "javelin:routes": {},
    },
    false,
    stack,
  );
