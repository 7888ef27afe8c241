import type { Context } from "../behaviour.js";
import { pick } from "./common.js";

/** Source: RDS CreateDBCluster, DBClusterIdentifier; the provider's own check of identifiers. */
export const identifier = /^[a-z](-?[a-z0-9]){0,62}$/;
export const identifierRule =
  "1 to 63 lower-case letters, digits and hyphens, beginning with a letter, without two hyphens in a row or one at the end";

/** Route 53 zones of the endpoints' names, as far as they are published; others get one of the same form. */
export const hostedZones: Record<string, string> = {
  "us-east-1": "Z2R2ITUGPM61AM",
  "us-east-2": "Z2XHWR1WZ565X2",
  "us-west-2": "Z1PVIF0B656C1W",
  "eu-west-1": "Z29XKXDKYMONMX",
  "eu-central-1": "Z1RLNUO7B9Q6NB",
};

/** Half an hour a day and a week, as RDS picks them when it is not told. */
export function windows(context: Pick<Context, "hex">): { backup: string; maintenance: string } {
  const hour = (salt: string) => String(3 + pick(context, 8, salt)).padStart(2, "0");
  const day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][pick(context, 7, "day")] ?? "sun";
  const [backup, maintenance] = [hour("backup"), hour("maintenance")];
  return {
    backup: `${backup}:00-${backup}:30`,
    maintenance: `${day}:${maintenance}:30-${day}:${maintenance}:59`,
  };
}
