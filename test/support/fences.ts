import type { Props } from "../../local/behaviour.js";
import { objects, text, texts } from "../../local/rules.js";
import { decide } from "./cloudArmor.js";
import type { Recorded } from "./mocks.js";

/** Whether an administrator's request is turned away, since the cell's database is a copy. */
type Fence = (method: string, path: string) => boolean;

/** How each cloud's firewall says it: by the type of its rules, and what they come to. */
const clouds: Record<string, [type: string, fence: (rules: Props[]) => Fence]> = {
  aws: [
    "aws:wafv2/webAcl:WebAcl",
    (rules) => {
      const rule = rules.find(({ name }) => name === "read-only");
      if (text(rule, "action.block.customResponse.responseCode") !== "503") return () => false;
      const [where, not] = objects(rule, "statement.andStatement.statements");
      const pattern = (of: unknown) => new RegExp(text(of, "regexMatchStatement.regexString") ?? "-");
      const read = pattern(objects(not, "notStatement.statement")[0]);
      return (method, path) => pattern(where).test(path) && !read.test(method);
    },
  ],
  azure: [
    "azure-native:network:WebApplicationFirewallPolicy",
    (rules) => {
      const rule = rules.find(({ name }) => name === "readOnly");
      const [where, not] = objects(rule, "matchConditions");
      if (rule?.["action"] !== "Block" || not?.["negationConditon"] !== true) return () => false;
      const pattern = new RegExp(texts(where, "matchValues")[0] ?? "-");
      return (method, path) => pattern.test(path) && !texts(not, "matchValues").includes(method);
    },
  ],
  gcp: [
    "gcp:compute/securityPolicy:SecurityPolicy",
    (rules) => (method, path) => decide(rules, { method, path, from: "203.0.113.9" }) === "deny(502)",
  ],
};

/** Whether a resource holds the fence of a cell. */
export const isFence =
  (cloud: string, cell: string) =>
  ({ type, name }: Recorded): boolean =>
    type === clouds[cloud]![0] && name.startsWith(`${cell}-`);

/** @param resources those of a stack @param cell name of one of its cells */
export function fenceOf(cloud: string, resources: readonly Recorded[], cell: string): Fence {
  const [type, fence] = clouds[cloud]!;
  const found = resources.filter(isFence(cloud, cell));
  if (found.length !== 1) throw new Error(`found ${found.length} of ${type} in ${cell}, right is 1`);
  return fence(objects(found[0]?.inputs, cloud === "azure" ? "customRules" : "rules"));
}
