import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect } from "chai";

const clouds = ["aws", "azure", "gcp"] as const;
const file = (path: string) => new URL(`../../${path}`, import.meta.url);

/** The rows of the first table of docs/clouds.md: role, and a text for each cloud. */
const rows = readFileSync(file("docs/clouds.md"), "utf8")
  .split("\n## ")[0]!
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));

describe("the three clouds", () => {
  it("are compared role by role", () => expect(rows).to.have.length.of.at.least(11));

  for (const [, role = "", ...texts] of rows)
    for (const [index, cloud] of clouds.entries())
      it(`have ${role} on ${cloud}`, () => {
        expect(existsSync(file(`components/${cloud}/${role}.ts`))).to.equal(true);
        expect(texts[index], "in docs/clouds.md").to.match(/\w{3}/);
      });

  it("have no role in common that the table leaves out", () => {
    const [first, ...others] = clouds.map((cloud) => readdirSync(file(`components/${cloud}`)));
    const common = first!.filter((name) => others.every((names) => names.includes(name)));
    const exports = common
      .filter((name) => /^export class/m.test(readFileSync(file(`components/aws/${name}`), "utf8")))
      .map((name) => name.replace(".ts", ""));
    expect(exports.filter((role) => !rows.some(([, named]) => named === role))).to.deep.equal([]);
  });
});
