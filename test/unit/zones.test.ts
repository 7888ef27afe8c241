import { expect } from "chai";
import { text } from "../../local/rules.js";
import type { StackName } from "../support/runs.js";
import { freshRun, ofType } from "../support/runs.js";
import { configOf } from "../support/stacks.js";

/** The zone on each cloud, and the type of its records. */
const zones = {
  aws: { config: { cloud: "aws", zone: "example.com" }, record: "aws:route53/record:Record" },
  azure: {
    config: { cloud: "azure", zone: "example.com", resourceGroup: "dns" },
    record: "azure-native:dns:RecordSet",
  },
  gcp: {
    config: { cloud: "gcp", zone: "example.com", project: "example-project" },
    record: "gcp:dns/recordSet:RecordSet",
  },
} as const;

const elsewhere: [StackName, keyof typeof zones][] = [
  ["dev", "azure"],
  ["dev", "gcp"],
  ["dev-azure", "aws"],
  ["dev-azure", "gcp"],
  ["dev-gcp", "aws"],
  ["dev-gcp", "azure"],
];

describe("a zone on another cloud than the cell", () => {
  for (const [stack, cloud] of elsewhere)
    it(`${stack}, zone on ${cloud}: proves the certificate and holds the names there`, async () => {
      const { config, record } = zones[cloud];
      const up = await freshRun({ "javelin:dns": config }, false, stack);
      const names = ofType(up.resources, record).map(({ name }) => name);
      const proofs = names.filter((name) => name.startsWith("dns-proofs-"));
      // ACME answers its challenges itself.
      expect(proofs).to.have.length(stack === "dev-azure" ? 0 : 3);
      expect(names.filter((name) => /^dns-(api|app)\./.test(name))).to.have.length(2);
      const others = Object.values(zones).filter((zone) => zone.record !== record);
      // Google's private zones are the network's, not the public zone's.
      const strays = others.flatMap((zone) => ofType(up.resources, zone.record));
      expect(strays.filter(({ name }) => name.startsWith("dns-"))).to.deep.equal([]);
    });
});

describe("two cells on Google Cloud", () => {
  for (const [where, second, proofs] of [
    // api and app, and the origin of each cell.
    ["one project share the proofs of the names that they share", "example-project", 4],
    ["two projects prove their names each", "example-second", 6],
  ] as const)
    it(`in ${where}`, async () => {
      const cells = JSON.parse(configOf("prod-gcp")["javelin:cells"] ?? "[]") as Record<string, unknown>[];
      const { resources } = await freshRun(
        { "javelin:cells": [cells[0], { ...cells[1], project: second }] },
        false,
        "prod-gcp",
      );
      const records = ofType(resources, zones.gcp.record).filter(({ name }) =>
        name.startsWith("dns-proofs-"),
      );
      expect(records).to.have.length(proofs);
      const certificates = ofType(resources, "gcp:certificatemanager/certificate:Certificate");
      expect(certificates.map(({ state }) => text(state, "managed.state"))).to.deep.equal([
        "ACTIVE",
        "ACTIVE",
      ]);
    });
});
