import { expect } from "chai";
import { violations } from "../../../policy/evaluate.js";
import { identity, stackRun, stacks, variantNames } from "../../support/runs.js";

describe("the policies", () => {
  for (const stack of stacks)
    for (const variant of variantNames)
      for (const preview of [true, false])
        it(`hold for ${stack}, ${variant}, ${preview ? "as planned" : "as made"}`, async () => {
          const { resources } = await stackRun(variant, preview, stack);
          const found = violations(
            resources.map((each) => ({
              type: each.type,
              name: each.name,
              urn: identity(each),
              props: { ...each.inputs, ...each.state, ...(each.id && { id: each.id }) },
            })),
          );
          expect(found).to.deep.equal([]);
        });
});
