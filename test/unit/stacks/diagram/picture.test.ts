import { expect } from "chai";
import { diagramOf } from "../../../../automation/diagram/diagram.js";
import { layOut } from "../../../../automation/diagram/layout.js";
import type { Place } from "../../../../automation/diagram/layout.js";
import { svgOf } from "../../../../automation/diagram/svg.js";
import { changed, drawn, laidOut, stateOf } from "../../../support/diagrams.js";
import { stackRun } from "../../../support/runs.js";
import type { StackName } from "../../../support/runs.js";
import { customerSecrets } from "../../../support/stacks.js";

const pictures: readonly StackName[] = ["dev", "dev-azure", "dev-gcp", "prod-multicloud"];

const drawing = async (stack: StackName): Promise<string> =>
  svgOf(await drawn(stack, "small"), await laidOut(stack, "small"));

async function picture(stack: string, state: string): Promise<string> {
  const diagram = diagramOf(stack, state);
  return svgOf(diagram, await layOut(diagram));
}

const apart = (one: Place, other: Place): boolean =>
  one.x + one.width <= other.x ||
  other.x + other.width <= one.x ||
  one.y + one.height <= other.y ||
  other.y + other.height <= one.y;

const inside = (inner: Place, outer: Place): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

describe("the picture", function () {
  this.timeout(60_000);
  it("is the same bytes for the same state, in whatever order the engine made it", async () => {
    const state = await stateOf("prod-multicloud", "small");
    const backwards = changed(state, (resources) => [...resources].reverse());
    const again = await picture("prod-multicloud", backwards);
    expect(again === (await drawing("prod-multicloud"))).to.equal(true);
  });

  for (const stack of pictures) {
    it(`has a place for every box of ${stack}, clear of the others and within its frame`, async () => {
      const { boxes, frames } = await laidOut(stack, "small");
      expect(boxes).to.have.length((await drawn(stack, "small")).boxes.length);
      for (const one of boxes)
        for (const other of boxes) if (one !== other) expect(apart(one, other)).to.equal(true);
      for (const { box, ...place } of boxes) {
        const own = frames.find(({ frame }) =>
          frame === "dns" ? box.tier === "dns" : frame.name === box.cell,
        );
        if (own) expect(inside(place, own), box.id).to.equal(true);
        else expect(box.tier, box.id).to.be.oneOf(["consumers", "outside"]);
      }
    });

    it(`draws every arrow of ${stack} from the edge of one box to the edge of the other`, async () => {
      const { boxes, arrows } = await laidOut(stack, "small");
      const near = (place: Place, { x, y }: { x: number; y: number }) =>
        inside(
          { x, y, width: 0, height: 0 },
          { x: place.x - 1, y: place.y - 1, width: place.width + 2, height: place.height + 2 },
        );
      expect(arrows.length).to.be.greaterThan(20);
      for (const { arrow, points } of arrows) {
        const ends = [arrow.from, arrow.to].map((id) => boxes.find(({ box }) => box.id === id)!);
        expect(near(ends[0]!, points[0]!), `${arrow.from} → ${arrow.to}`).to.equal(true);
        expect(near(ends[1]!, points.at(-1)!), `${arrow.from} → ${arrow.to}`).to.equal(true);
      }
    });
  }

  it("says what it is to who cannot see it, and is well-formed", async () => {
    const svg = await drawing("dev");
    expect(svg).to.match(/<svg [^>]*role="img" aria-labelledby="title desc"/);
    expect(svg).to.contain('<title id="title">Stack dev of the Javelin AI Gateway, as deployed</title>');
    expect(svg).to.match(/<desc id="desc">One cell: us-east-1 \(AWS, us-east-1\)\. \d+ paths/);
    expect(svg).not.to.match(/undefined|NaN/);
    const open = svg.match(/<(svg|g|text|title|desc|style|defs|marker)\b/g) ?? [];
    const closed = svg.match(/<\/(svg|g|text|title|desc|style|defs|marker)>/g) ?? [];
    expect(open.length).to.equal(closed.length);
  });

  it("has a palette for light and one for dark, with the same colours named", async () => {
    const svg = await drawing("dev");
    const [light = "", dark = ""] = [...svg.matchAll(/svg \{([^}]*)\}/g)].map(([, block]) => block ?? "");
    const named = (block: string) => [...block.matchAll(/--\w+/g)].map(([name]) => name);
    expect(named(dark)).to.deep.equal(named(light));
    for (const [, name] of svg.matchAll(/var\((--\w+)\)/g)) expect(named(light)).to.include(name);
  });

  it("names nothing by code: what a resource is called is text", async () => {
    const state = (await stateOf("dev", "small")).replaceAll("javelin-flag", "<script>&");
    const svg = await picture("dev", state);
    expect(svg).to.contain("&lt;script&gt;&amp;").and.not.to.contain("<script");
  });

  for (const stack of ["dev", "dev-azure", "dev-gcp"] as const)
    it(`holds no secret of ${stack}, even of a state that shows them`, async () => {
      const { resources } = await stackRun("small", false, stack);
      const plain = JSON.stringify({
        deployment: {
          resources: resources.map(({ type, name, inputs, state, id }) => ({
            urn: `urn:pulumi:${stack}::javelin::javelin:${stack === "dev" ? "aws" : stack.slice(4)}:Cell$${type}::${name}`,
            type,
            id,
            parent: `urn:pulumi:${stack}::javelin::javelin:${stack === "dev" ? "aws" : stack.slice(4)}:Cell::cell`,
            inputs,
            outputs: state,
          })),
        },
      });
      const diagram = diagramOf(stack, plain);
      expect(diagram.boxes.length).to.be.greaterThan(10);
      const shown = JSON.stringify(diagram) + svgOf(diagram, await layOut(diagram));
      const generated = resources.flatMap(({ state }) =>
        ["result", "authString", "masterPassword"].map((key) => state[key]),
      );
      const given = Object.values(customerSecrets).flatMap((secret) => Object.values(secret));
      const secrets = [...generated, ...given].filter(
        (text): text is string => typeof text === "string" && text.length > 7,
      );
      expect(secrets.length).to.be.greaterThan(6);
      for (const secret of secrets) {
        expect(plain).to.contain(JSON.stringify(secret).slice(1, -1));
        expect(shown.includes(secret)).to.equal(false);
      }
    });
});
