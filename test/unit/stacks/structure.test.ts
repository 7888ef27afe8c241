import { expect } from "chai";
import ts from "typescript";
import type { Source } from "../../support/sources.js";
import { components, imports, nodes, sources } from "../../support/sources.js";

const program = () => sources("index.ts", "components", "stacks");
const where = ({ path, tree }: Source, node: ts.Node) =>
  `${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;

/** Imports that break an arrow: `<file> → <module>`. */
function forbidden(from: Source[], module: RegExp): string[] {
  return from.flatMap((source) =>
    imports(source)
      .filter((each) => module.test(each.module))
      .map((each) => `${source.path} → ${each.module}`),
  );
}

describe("imports", () => {
  it("point from stacks to components, never back", () =>
    expect(forbidden(sources("components"), /^(stacks|index)/)).to.deep.equal([]));

  it("of the program know nothing of local, automation, policy, test or bench", () =>
    expect(forbidden(program(), /^(local|automation|policy|test|bench|docs)\//)).to.deep.equal([]));

  it("never lead from one cloud's folder into another's", () => {
    const clouds = {
      aws: /azure|gcp|google/,
      azure: /aws|gcp|google/,
      gcp: /aws|azure/,
      kubernetes: /aws|azure|gcp|google/,
      names: /aws\/|azure\/|gcp\//,
    };
    const folders = new Set(sources("components").map(({ path }) => path.split("/")[1] ?? ""));
    for (const folder of [...folders].filter((each) => !each.endsWith(".ts"))) {
      expect(Object.keys(clouds)).to.include(folder);
      expect(forbidden(sources(`components/${folder}`), clouds[folder as keyof typeof clouds])).to.deep.equal(
        [],
      );
    }
  });

  it("load no cloud's SDK before the config has chosen the cloud", () => {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      if (!path.endsWith(".ts")) return;
      for (const source of sources(path))
        for (const { module, kind } of imports(source)) if (kind === "static") visit(module);
    };
    visit("index.ts");
    const clouds = /^@pulumi\/(aws|awsx|azure|gcp|kubernetes)/;
    expect([...seen].filter((each) => clouds.test(each))).to.deep.equal([]);
    visit("stacks/singleRegion.ts");
    expect([...seen].filter((each) => clouds.test(each))).to.deep.equal([]);
    visit("stacks/awsCell.ts");
    expect([...seen].filter((each) => clouds.test(each))).to.have.members(
      ["aws", "awsx", "kubernetes"].map((each) => `@pulumi/${each}`),
    );
  });
});

describe("components", () => {
  it("hand type, name, args and options to super", () => {
    const found = components();
    expect(found.length).to.be.above(20);
    for (const { source, name, call } of found) {
      const [type, logicalName, args, options] = call?.arguments ?? [];
      const what = `${source.path} ${name}`;
      expect(call?.arguments.length, what).to.equal(4);
      const cloud =
        /^components\/(\w+)\//.exec(source.path)?.[1] ??
        /^stacks\/(\w+)Cell\.ts$/.exec(source.path)?.[1] ??
        "(dns|data)";
      expect(type?.getText(), what).to.match(new RegExp(`^"javelin:${cloud}:[A-Z][A-Za-z]+"$`));
      expect(logicalName?.getText(), what).to.equal("name");
      expect(args?.getText(), what).to.not.match(/^(undefined|opts)$/);
      expect(options?.getText(), what).to.equal("opts");
    }
    const types = found.map(({ call }) => call?.arguments[0]?.getText());
    expect(new Set(types).size).to.equal(types.length);
  });

  it("register their outputs", () => {
    const without = components().filter(({ source, name }) => {
      const own = nodes(source.tree).find((each) => ts.isClassDeclaration(each) && each.name?.text === name);
      return !own?.getText().includes("this.registerOutputs(");
    });
    expect(without.map(({ name }) => name)).to.deep.equal([]);
  });

  it("read no config and no stack of their own accord", () => {
    const ambient =
      /^(pulumi\.(Config|getStack|getProject|getOrganization)|(aws|gcp|azure)\.config\b|process\.env\b)/;
    const found = sources("components").flatMap((source) =>
      nodes(source.tree)
        .filter((node) => ts.isPropertyAccessExpression(node) && ambient.test(node.getText()))
        .map((node) => `${where(source, node)} ${node.getText()}`),
    );
    expect(found).to.deep.equal([]);
  });
});

/** SDKs whose `new` registers a resource; so does every component, and every function that does it for others. */
const sdk = /^(aws|awsx|k8s|random|tls|azure|gcp)\./;
const deferring = new Set(["apply", "then"]);

/** Names of functions and classes in whose bodies a resource is registered, directly or by another of them. */
function makers(from: Source[]): Set<string> {
  const known = new Set(components().map(({ name }) => name));
  const bodies = from.flatMap(({ tree }) =>
    nodes(tree).flatMap((node): { name: string; node: ts.Node }[] => {
      if (ts.isFunctionDeclaration(node) && node.name) return [{ name: node.name.text, node }];
      const isFunction = (each: ts.Node | undefined) =>
        each !== undefined && (ts.isArrowFunction(each) || ts.isFunctionExpression(each));
      return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && isFunction(node.initializer)
        ? [{ name: node.name.text, node }]
        : [];
    }),
  );
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const { name, node } of bodies) if (nodes(node).some((each) => makes(each, known))) known.add(name);
  }
  return known;
}

function makes(node: ts.Node, known: ReadonlySet<string>): boolean {
  if (ts.isNewExpression(node))
    return sdk.test(node.expression.getText()) || known.has(node.expression.getText());
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && known.has(node.expression.text);
}

/** Whether a node stands in a function that is handed to `.apply(…)` of an output, or `.then(…)` of a promise. */
function isDeferred(node: ts.Node): boolean {
  for (let each = node; each.parent; each = each.parent) {
    const call = each.parent;
    const isCallback = ts.isCallExpression(call) && call.arguments.includes(each as ts.Expression);
    if (!isCallback || !ts.isPropertyAccessExpression(call.expression)) continue;
    if (deferring.has(call.expression.name.text)) return true;
  }
  return false;
}

function deferredResources(from: Source[], known: ReadonlySet<string>): string[] {
  return from.flatMap((source) =>
    nodes(source.tree)
      .filter((node) => makes(node, known) && isDeferred(node))
      .map((node) => where(source, node)),
  );
}

describe("resources", () => {
  it("are never created inside apply", () => {
    const known = makers(program());
    expect([...known]).to.include.members([
      "createNodeGroup",
      "createAddon",
      "finalSnapshotName",
      "generatedPassword",
    ]);
    expect(deferredResources(program(), known)).to.deep.equal([]);
  });

  for (const [what, text, lines] of [
    ["in an apply", "vpc.id.apply((id) => new aws.ec2.Subnet(`a`, { id }));", 1],
    ["by a function in an apply", "all([a]).apply(([a]) => {\n  if (a) createNodeGroup(a);\n});", 2],
    ["in a loop in an apply", "ids.apply((ids) =>\n ids.map((id) => new aws.ec2.Eip(id)));", 2],
    ["in a then", "promise.then((id) => new Network(id));", 1],
  ] as const)
    it(`would be found ${what}`, () => {
      const tree = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
      const known = new Set(["createNodeGroup", "Network"]);
      expect(deferredResources([{ path: "x.ts", tree }], known)).to.deep.equal([`x.ts:${lines}`]);
    });

  it("get their physical names from physicalName", () => {
    const keys =
      /^(name|identifier|clusterIdentifier|replicationGroupId|bucket|nodeGroupName|policyName|roleName)$/;
    const found = sources("components/aws", "stacks").flatMap((source) =>
      nodes(source.tree)
        .filter(ts.isPropertyAssignment)
        .filter((each) => keys.test(each.name.getText()) && isAwsArgument(each))
        .filter(({ initializer }) => {
          const text = initializer.getText();
          const isText =
            ts.isStringLiteralLike(initializer) || nodes(initializer).some(ts.isTemplateExpression);
          return isText && !text.includes("physicalName(");
        })
        .map((each) => `${where(source, each)} ${each.getText()}`),
    );
    // The names of inline policies are their role's own; RDS dictates its log group's, after the cluster.
    const fine = / name: ("access"|"write-flow-logs"|`\/aws\/rds\/cluster\/\$\{identifier\}\/postgresql`)$/;
    expect(found.filter((each) => !fine.test(each))).to.deep.equal([]);
  });
});

/** Whether a property stands at the top of the arguments of a `new aws.…(name, {…})`. */
function isAwsArgument(property: ts.PropertyAssignment): boolean {
  const call = property.parent.parent;
  return ts.isNewExpression(call) && /^aws\./.test(call.expression.getText());
}
