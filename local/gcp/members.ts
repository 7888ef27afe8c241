import type { Context } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import { agentExists } from "./serviceIdentity.js";

export const accountType = "gcp:serviceaccount/account:Account";

/**
 * Projects whose Workload Identity pool exists: Google makes it with the first cluster and keeps it. Its type
 * begins with `held:`, as no program can delete it.
 */
export const workloadPool = "held:gcp/workloadIdentityPool";

const bad = (message: string): never => {
  throw new CloudError("badRequest", `googleapi: Error 400: ${message}, badRequest`);
};

/**
 * Refuses an IAM member that is malformed or does not exist. People and groups are taken as they come: nothing
 * here knows a directory. Source: "Principal identifiers", IAM; "Workload Identity Federation for GKE", GKE.
 */
export function refuseMember(member: string, context: Pick<Context, "world">): void {
  if (["allUsers", "allAuthenticatedUsers"].includes(member)) return;
  if (/^principal(Set)?:\/\/\S+$/.test(member)) return;
  const [, kind = "", name = ""] = /^([A-Za-z]+):(\S+)$/.exec(member) ?? [];
  if (kind === "domain" && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) return;
  if (["user", "group"].includes(kind) && /^[^@\s[\]]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name)) return;
  if (kind !== "serviceAccount") bad(`Invalid argument: member "${member}" is not a known principal.`);

  const [, pool] = /^([a-z0-9.:-]+\.svc\.id\.goog)\[[a-z0-9.-]+\/[a-z0-9.-]+\]$/.exec(name) ?? [];
  if (pool !== undefined) {
    if (!context.world.find(workloadPool, pool))
      bad(
        `Identity Pool does not exist (${pool}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`,
      );
    return;
  }
  const exists =
    agentExists(name, context) ??
    context.world.list(accountType).some(({ state }) => state["email"] === name);
  if (!exists) bad(`Service account ${name} does not exist.`);
}
