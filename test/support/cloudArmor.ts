import { Address4 } from "ip-address";
import type { Props } from "../../local/behaviour.js";
import type { Node } from "../../local/gcp/cel.js";
import { parse } from "../../local/gcp/cel.js";
import { number, objects, text, texts } from "../../local/rules.js";

/** What a test sends. */
export interface Request {
  method: string;
  path: string;
  from: string;
  /** Whether Google's rule sets find something in it, in whatever part. */
  attack?: boolean;
}

/** The action of the first rule that matches and is enforced, as Cloud Armor finds it. */
export function decide(rules: Props[], request: Request): string {
  const [decisive] = rules
    .filter((rule) => rule["preview"] !== true && applies(rule, request))
    .sort((a, b) => (number(a, "priority") ?? 0) - (number(b, "priority") ?? 0));
  return text(decisive, "action") ?? "none";
}

/** Whether a rule's condition holds. */
export function applies(rule: Props, request: Request): boolean {
  const [match] = objects(rule, "match");
  const expression = text(match, "expr.expression");
  return expression === undefined
    ? texts(match, "config.srcIpRanges").some((range) => range === "*" || within(request.from, range))
    : value(parse(expression), request) === true;
}

const within = (address: string, range: string) => new Address4(address).isInSubnet(new Address4(range));

function value(node: Node, request: Request): unknown {
  const of = (each: Node | undefined) => (each ? value(each, request) : undefined);
  if (node.kind === "literal") return node.value;
  if (node.kind === "attribute")
    return { "request.method": request.method, "request.path": request.path, "origin.ip": request.from }[
      node.name
    ];
  if (node.kind === "operator") {
    const [left, right] = node.operands;
    if (node.operator === "&&") return of(left) === true && of(right) === true;
    if (node.operator === "||") return of(left) === true || of(right) === true;
    if (node.operator === "!") return of(left) !== true;
    return (of(left) === of(right)) === (node.operator === "==");
  }
  if (node.kind !== "call") return undefined;
  const [first, second] = node.args.map(of).map(String);
  const target = String(of(node.target));
  switch (node.name) {
    case "lower":
      return target.toLowerCase();
    case "urlDecode":
      return decodeURIComponent(target);
    case "matches":
      return new RegExp(first ?? "").test(target);
    case "inIpRange":
      return within(first ?? "", second ?? "");
    case "evaluatePreconfiguredWaf":
      return request.attack === true;
    default:
      throw new Error(`the test doesn't know ${node.name}`);
  }
}
