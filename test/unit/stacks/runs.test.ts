import { expect } from "chai";
import { UNKNOWN } from "../../../local/behaviour.js";
import { isSecret } from "../../support/needles.js";
import type { StackName, StackRun } from "../../support/runs.js";
import { freshRun, identity, stackRun, variantNames } from "../../support/runs.js";
import { configOf } from "../../support/stacks.js";

const names = ({ resources }: StackRun) => resources.map(identity).sort();

/** Where two values differ, apart from what the first does not know yet. */
function differences(known: unknown, later: unknown, path: string): string[] {
  if (known === UNKNOWN || isSecret(known)) return [];
  if (known === null || typeof known !== "object") return known === later ? [] : [path];
  const keys = new Set([...Object.keys(known), ...Object.keys(later ?? {})]);
  const at = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key];
  return [...keys].flatMap((key) => differences(at(known, key), at(later, key), `${path}.${key}`));
}

describe("a cell in an existing network", () => {
  const azureId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/none";
  const one = (...tiers: string[]) => Object.fromEntries(tiers.map((tier) => [tier, [`${tier}-1`]]));
  const networks: [StackName, unknown, RegExp][] = [
    [
      "prod-azure",
      { id: azureId, subnets: one("gateway", "node", "data", "endpoint") },
      /javelin:cells\[1\]\.network\.id.*virtualNetworks\/none/,
    ],
    [
      "dev-gcp",
      { id: "none", subnets: one("node", "endpoint"), podRange: "pods", serviceRange: "services" },
      /javelin:cells\[0\]\.network\.id.*none/,
    ],
  ];
  for (const [stack, network, wording] of networks)
    it(`is refused on ${stack} when the network does not fit`, async () => {
      const cells = JSON.parse(configOf(stack)["javelin:cells"] ?? "") as object[];
      const changed = { "javelin:cells": [...cells.slice(0, -1), { ...cells.at(-1), network }] };
      expect(await freshRun(changed, false, stack).then(() => "made", String)).to.match(wording);
    });
});

for (const variant of variantNames)
  describe(`dev, ${variant}`, () => {
    let up: StackRun;
    let preview: StackRun;
    before(async () => {
      preview = await stackRun(variant, true);
      up = await stackRun(variant);
    });

    it("previews exactly the resources that up creates", () => {
      expect(names(preview)).to.deep.equal(names(up));
      expect(new Set(names(up)).size).to.equal(up.resources.length);
    });

    it("previews every input as up gives it, as far as it is known", () => {
      const later = new Map(up.resources.map((each) => [identity(each), each.inputs]));
      const wrong = preview.resources.flatMap((each) =>
        differences(each.inputs, later.get(identity(each)), identity(each)),
      );
      expect(wrong).to.deep.equal([]);
    });

    it("creates every custom resource, and over 120 of them", () => {
      const custom = up.resources.filter(
        ({ custom, type }) => custom && !type.startsWith("pulumi:providers:"),
      );
      expect(custom.filter(({ id }) => id === "")).to.deep.equal([]);
      expect(custom.length).to.be.above(120);
    });

    it("points the names at the cell once it can serve", () => {
      const waits = up.dependencies.get("aws:route53/record:Record dns-api.gw.example.com");
      expect(waits).to.include.members(["us-east-1-loadBalancer-core", "us-east-1-gateway-core-deployment"]);
    });

    it("gives every resource a component for a parent, and a name that starts with the parent's", () => {
      const components = new Set(up.resources.filter(({ custom }) => !custom).map(({ name }) => name));
      // The stack's own: the cell, its names, and the provider of these. awsx's children have awsx's parents.
      const top = [
        ...["javelin:aws:Cell us-east-1", "javelin:aws:DnsZone dns", "javelin:dns:Proofs dns-proofs"],
        "pulumi:providers:aws dns",
      ];
      const wrong = up.resources.filter(({ type, name }) => {
        const parent = up.parents.get(`${type} ${name}`);
        if (parent !== undefined) return !components.has(parent) || !name.startsWith(`${parent}-`);
        return !top.includes(`${type} ${name}`) && !name.startsWith("us-east-1-network-vpc");
      });
      expect(wrong.map(identity)).to.deep.equal([]);
    });
  });
