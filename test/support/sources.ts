import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A source file; paths are relative to the repository's root. */
export interface Source {
  path: string;
  tree: ts.SourceFile;
}

/** Every TypeScript file below these folders, or these files themselves. */
export function sources(...places: string[]): Source[] {
  return places.flatMap((place) => {
    if (place.endsWith(".ts")) return [parse(place)];
    return readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
      .sort()
      .map((file) => parse(join(place, file)));
  });
}

const parsed = new Map<string, Source>();
const how = {
  languageVersion: ts.ScriptTarget.Latest,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

function parse(path: string): Source {
  let found = parsed.get(path);
  if (!found) {
    const text = readFileSync(join(root, path), "utf8");
    found = { path, tree: ts.createSourceFile(path, text, how, true) };
    parsed.set(path, found);
  }
  return found;
}

/** A module that a file imports: a path from the root, or a package's name. */
export interface Import {
  module: string;
  /** `type` imports vanish; a `dynamic` one happens when its line runs. */
  kind: "static" | "dynamic" | "type";
}

export function imports({ path, tree }: Source): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, kind: Import["kind"]) => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    const module = text.startsWith(".")
      ? relative(root, resolve(root, dirname(path), text)).replace(/\.js$/, ".ts")
      : text;
    found.push({ module, kind });
  };
  for (const node of nodes(tree)) {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.isTypeOnly ? "type" : "static");
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? "type" : "static");
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], "dynamic");
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, "type");
  }
  return found;
}

/** A node and all below it. */
export function nodes(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

/** Component classes with the first argument of their `super` call: the type that they register. */
export function components(): { source: Source; name: string; call: ts.CallExpression | undefined }[] {
  return sources("components", "stacks").flatMap((source) =>
    nodes(source.tree)
      .filter(ts.isClassDeclaration)
      .filter((each) =>
        each.heritageClauses?.some((clause) => clause.getText().includes("ComponentResource")),
      )
      .map((each) => ({
        source,
        name: each.name?.text ?? "",
        call: nodes(each)
          .filter(ts.isCallExpression)
          .find((call) => call.expression.kind === ts.SyntaxKind.SuperKeyword),
      })),
  );
}

/** The types that the program's components register. */
export function componentTypes(): string[] {
  return components().flatMap(({ call }) => {
    const [type] = call?.arguments ?? [];
    return type && ts.isStringLiteral(type) ? [type.text] : [];
  });
}
