/**
 * The language of Cloud Armor's rules, a subset of CEL. Source: Cloud Armor, "Configure custom rules language
 * attributes".
 */

export type Node =
  | { kind: "literal"; value: string | number | boolean }
  | { kind: "list"; items: Node[] }
  | { kind: "map"; entries: [Node, Node][] }
  /** `origin.ip`; `request.headers['host']` with its index. */
  | { kind: "attribute"; name: string; index?: Node }
  /** A function, or a method of `target`. */
  | { kind: "call"; name: string; target?: Node; args: Node[] }
  | { kind: "operator"; operator: string; operands: Node[] };

const tokens =
  /\s*(?:([rR]?"(?:[^"\\]|\\.)*"|[rR]?'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[-!<>+().,[\]{}:]))/y;

type Token = { kind: "text" | "number" | "name" | "sign"; text: string };

function tokenize(expression: string): Token[] {
  const found: Token[] = [];
  tokens.lastIndex = 0;
  const end = expression.trimEnd().length;
  while (tokens.lastIndex < end) {
    const at = tokens.lastIndex;
    const [, literal, digits, name, sign] = tokens.exec(expression) ?? [];
    if (literal !== undefined) found.push({ kind: "text", text: unquote(literal) });
    else if (digits !== undefined) found.push({ kind: "number", text: digits });
    else if (name !== undefined) found.push({ kind: "name", text: name });
    else if (sign !== undefined) found.push({ kind: "sign", text: sign });
    else throw new Error(`token recognition error at: '${expression.slice(at, at + 10)}'`);
  }
  return found;
}

function unquote(literal: string): string {
  const raw = /^[rR]/.test(literal);
  const body = literal.slice(raw ? 2 : 1, -1);
  return raw ? body : body.replace(/\\(.)/g, "$1");
}

const precedence = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"]];

/** @throws for what is no expression */
export function parse(expression: string): Node {
  const all = tokenize(expression);
  let place = 0;
  const peek = (sign: string) => all[place]?.kind === "sign" && all[place]?.text === sign;
  const take = (sign: string): boolean => {
    if (!peek(sign)) return false;
    place++;
    return true;
  };
  const expect = (sign: string): void => {
    if (!take(sign))
      throw new Error(`expected '${sign}', found '${all[place]?.text ?? "end of expression"}'`);
  };
  const listUntil = <T>(end: string, item: () => T): T[] => {
    const items: T[] = [];
    if (take(end)) return items;
    do items.push(item());
    while (take(","));
    expect(end);
    return items;
  };

  const binary = (level: number): Node => {
    const operators = precedence[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = operators.find(peek);
      if (operator === undefined) return left;
      place++;
      left = { kind: "operator", operator, operands: [left, binary(level + 1)] };
    }
  };
  const unary = (): Node =>
    take("!") ? { kind: "operator", operator: "!", operands: [unary()] } : postfix(primary());
  const postfix = (node: Node): Node => {
    for (;;) {
      if (take(".")) {
        const name = all[place++]?.text ?? "";
        if (take("(")) node = { kind: "call", name, target: node, args: listUntil(")", whole) };
        else if (node.kind === "attribute" && !node.index)
          node = { kind: "attribute", name: `${node.name}.${name}` };
        else throw new Error(`undefined field '${name}'`);
      } else if (node.kind === "attribute" && take("[")) {
        node = { ...node, index: whole() };
        expect("]");
      } else return node;
    }
  };
  const primary = (): Node => {
    const token = all[place++];
    if (token?.kind === "text") return { kind: "literal", value: token.text };
    if (token?.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token?.kind === "name") {
      if (token.text === "true" || token.text === "false")
        return { kind: "literal", value: token.text === "true" };
      if (take("(")) return { kind: "call", name: token.text, args: listUntil(")", whole) };
      return { kind: "attribute", name: token.text };
    }
    if (token?.text === "(") {
      const inner = whole();
      expect(")");
      return inner;
    }
    if (token?.text === "[") return { kind: "list", items: listUntil("]", whole) };
    if (token?.text === "{")
      return {
        kind: "map",
        entries: listUntil("}", (): [Node, Node] => {
          const key = whole();
          expect(":");
          return [key, whole()];
        }),
      };
    throw new Error(`mismatched input '${token?.text ?? "end of expression"}'`);
  };
  const whole = () => binary(0);

  const node = whole();
  if (place < all.length) throw new Error(`extraneous input '${all[place]?.text ?? ""}'`);
  return node;
}

/** The node and all below it. */
export function nodes(node: Node): Node[] {
  const below = {
    literal: () => [],
    list: () => (node.kind === "list" ? node.items : []),
    map: () => (node.kind === "map" ? node.entries.flat() : []),
    attribute: () => (node.kind === "attribute" && node.index ? [node.index] : []),
    call: () => (node.kind === "call" ? [...(node.target ? [node.target] : []), ...node.args] : []),
    operator: () => (node.kind === "operator" ? node.operands : []),
  }[node.kind]();
  return [node, ...below.flatMap(nodes)];
}

/** The conditions that `&&`, `||` and `!` join. */
export function subexpressions(node: Node): Node[] {
  return node.kind === "operator" && ["&&", "||", "!"].includes(node.operator)
    ? node.operands.flatMap(subexpressions)
    : [node];
}
