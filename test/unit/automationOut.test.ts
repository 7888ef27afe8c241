import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { printDiagram } from "../../automation/diagram/command.js";
import { runDrill } from "../../automation/drill/command.js";
import { WrongUse } from "../../automation/errors.js";
import type { Project } from "../../automation/operate.js";
import { checkOut, writeOut } from "../../automation/out.js";

describe("the javelin command's --out", () => {
  const directory = mkdtempSync(join(tmpdir(), "javelin-out-"));
  const file = join(directory, "file.svg");
  const bad = {
    "a directory": directory,
    "a directory to be": join(directory, "new/"),
    "below a file": join(file, "new", "x.svg"),
    empty: "",
  };
  before(() => {
    writeFileSync(file, "old");
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  // It has no stack: whoever looks for one first says so.
  const project: Project = {
    root: directory,
    localDirectory: join(directory, "local"),
    program: () => Promise.reject(new Error("not run")),
  };
  const commands = {
    diagram: (out: string) => printDiagram(project, "prod", { local: true, json: false, out }),
    drill: (out: string) => runDrill(project, "prod", { local: true, json: false, mode: "slow", out }),
  };
  for (const [command, start] of Object.entries(commands))
    for (const [what, out] of Object.entries(bad))
      it(`of ${command} is refused before anything else when it is ${what}`, async () => {
        const error: unknown = await start(out).then(String, (thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(WrongUse);
        expect(error)
          .to.have.property("message")
          .that.matches(/^--out .*directory\.$/);
      });

  it("is looked at without a trace, and written with the directories that lead to it", () => {
    const deep = join(directory, "new", "deep", "x.svg");
    checkOut(file);
    checkOut(deep);
    expect(readFileSync(file, "utf8")).to.equal("old");
    expect(existsSync(join(directory, "new"))).to.equal(false);
    writeOut(deep, "picture");
    expect(readFileSync(deep, "utf8")).to.equal("picture");
  });

  // To root nothing is forbidden.
  if (process.getuid?.() !== 0)
    it("is refused where nothing may be written", () => {
      chmodSync(file, 0o400);
      expect(() => {
        checkOut(file);
      }).to.throw(WrongUse, "permission");
    });
});
