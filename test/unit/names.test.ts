import { expect } from "chai";
import fc from "fast-check";
import { nameRules, physicalName, type NameKind } from "../../components/names.js";

const kinds = Object.keys(nameRules) as NameKind[];

/** The limits of facts that clouds publish, spelt out again so that a slip in the table shows. */
const limits: [NameKind, number, RegExp][] = [
  ["aws:lb", 32, /^(?!internal-)[A-Za-z0-9](-?[A-Za-z0-9])*$/],
  ["aws:targetGroup", 32, /^[A-Za-z0-9](-?[A-Za-z0-9])*$/],
  ["aws:cluster", 100, /^[0-9A-Za-z][A-Za-z0-9_-]*$/],
  ["aws:nodeGroup", 63, /^[0-9A-Za-z][A-Za-z0-9_-]*$/],
  ["aws:launchTemplate", 128, /^[a-zA-Z0-9().\-/_]{3,}$/],
  ["aws:role", 64, /^[\w+=,.@-]+$/],
  ["aws:policy", 128, /^[\w+=,.@-]+$/],
  ["aws:securityGroup", 255, /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/],
  ["aws:dbCluster", 63, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/],
  ["aws:dbInstance", 63, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/],
  ["aws:dbGroup", 255, /^[a-z][a-z0-9. _-]*$/],
  ["aws:cache", 40, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/],
  ["aws:cacheGroup", 255, /^[a-z0-9-]+$/],
  ["aws:bucket", 63, /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]+[a-z0-9]$/],
  ["aws:secret", 512, /^[A-Za-z0-9/_+=.@-]+(?<!-[A-Za-z0-9]{6})$/],
  ["aws:alias", 256, /^[a-zA-Z0-9:/_-]+$/],
  ["aws:logGroup", 512, /^[.\-_/#A-Za-z0-9]+$/],
  ["aws:firewall", 128, /^[a-zA-Z0-9-]+$/],
  ["aws:webAcl", 128, /^[\w-]+$/],
  ["aws:accelerator", 64, /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/],
  ["aws:alarm", 255, /^[A-Za-z0-9 ._-]+$/],
  ["aws:resolver", 64, /^(?![0-9]+$)[a-zA-Z0-9\-_' ]+$/],
  ["gcp:cluster", 40, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["gcp:nodePool", 40, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["gcp:serviceAccount", 30, /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/],
  ["gcp:role", 55, /^[a-zA-Z][a-zA-Z0-9-]{2,}$/],
  ["gcp:keyRing", 54, /^[a-zA-Z0-9-]+$/],
  ["gcp:secret", 255, /^[a-zA-Z0-9-]+$/],
  ["azure:postgresServer", 63, /^[a-z0-9][-a-z0-9]{2,}(?<!-)$/],
  ["azure:redisEnterprise", 60, /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/],
  ["azure:privateEndpoint", 64, /^[a-zA-Z0-9][\w.-]*\w$/],
  ["azure:networkInterface", 80, /^[a-zA-Z0-9]([\w.-]*\w)?$/],
  ["azure:applicationGateway", 80, /^[a-zA-Z0-9]([\w.-]*\w)?$/],
  ["azure:publicIPAddress", 80, /^[a-zA-Z0-9]([\w.-]*\w)?$/],
  ["azure:cluster", 63, /^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/],
  ["azure:clusterDns", 54, /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/],
  ["azure:nodeResourceGroup", 80, /^[-\w]+$/],
  ["azure:identity", 128, /^[a-zA-Z0-9][-_a-zA-Z0-9]{2,}$/],
  ["azure:federatedCredential", 120, /^[a-zA-Z0-9][-_a-zA-Z0-9]{2,}$/],
  ["azure:vault", 15, /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]+[a-zA-Z0-9]$/],
  ["azure:vaultObject", 118, /^[a-zA-Z0-9-]+$/],
  ["azure:dataCollectionRule", 64, /^[a-zA-Z0-9][a-zA-Z0-9-]*$/],
  ["azure:diskEncryptionSet", 80, /^[-\w]+$/],
  ["gcp:network", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:subnetwork", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:router", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:firewall", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:firewallPolicy", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:securityPolicy", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:managedZone", 63, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
  ["gcp:address", 63, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["gcp:loadBalancer", 63, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["gcp:certificate", 63, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["gcp:alert", 512, /^[A-Za-z0-9-]+$/],
  ["gcp:database", 58, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["gcp:cache", 40, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
  ["aws:globalCluster", 63, /^[a-z](-?[a-z0-9])*$/],
  ["azure:trafficManager", 63, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/],
  ["azure:resourceGroup", 90, /^[\w().-]*[\w()-]$/],
  ["azure:virtualNetwork", 64, /^[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/],
  ["azure:networkResource", 80, /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/],
  ["azure:firewall", 56, /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/],
  ["azure:wafPolicy", 128, /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/],
  ["azure:metricAlert", 260, /^[A-Za-z0-9-]+$/],
  ["azure:workspace", 63, /^[a-zA-Z0-9][a-zA-Z0-9-]{2,}[a-zA-Z0-9]$/],
  ["azure:privateZoneLabel", 63, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/],
  ["azure:storageAccount", 24, /^[a-z0-9]{3,}$/],
];

/** A name made of letters, with single hyphens, of exactly this length. */
const ofLength = (length: number, separator: string) =>
  ["javelin", "dev", "a".repeat(length - 10 - 2 * separator.length)].join(separator);

/** Any at all. fast-check's own `binary` unit lists a million of them first, which takes two seconds. */
const character = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point));

describe("physical names", () => {
  it("cover every kind of the table", () => {
    expect(kinds.filter((kind) => !limits.some(([known]) => known === kind))).to.deep.equal([]);
  });

  for (const [kind, max, accepted] of limits) {
    it(`${kind}: at ${max} characters stays, beyond is cut to ${max} and hashed`, () => {
      expect(nameRules[kind].max).to.equal(max);
      const separator = nameRules[kind].filler ?? "-";
      expect(physicalName(kind, ofLength(max, separator))).to.equal(ofLength(max, separator));
      const cut = physicalName(kind, ofLength(max + 1, separator));
      expect(cut)
        .to.have.length(max)
        .and.match(new RegExp(`${separator}[0-9a-f]{8}$`));
      expect(cut).not.to.equal(physicalName(kind, ofLength(max + 2, separator)));
    });

    it(`${kind}: whatever goes in, the cloud takes what comes out`, () => {
      const part = fc.oneof(
        fc.string({ unit: character, maxLength: max + 9 }),
        fc.stringMatching(/^[A-Za-z0-9_.-]{0,80}$/),
        fc.constantFrom(
          "internal-a",
          "sg-1",
          "xn--a",
          "sthree-a",
          "x-s3alias",
          "a--ol-s3",
          "a-abcdef",
          "1",
          "a",
          "-",
          "x".repeat(max),
        ),
      );
      fc.assert(
        fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
          fc.pre(/[A-Za-z0-9]/.test(parts.join("")));
          const name = physicalName(kind, ...parts);
          expect(name).to.match(accepted);
          expect(name.length).to.be.at.most(max);
          expect(physicalName(kind, ...parts)).to.equal(name);
        }),
      );
    });

    it(`${kind}: two inputs never give one name`, () => {
      // Close relatives: the same letters in another case, with other separators, or with another end.
      const relative = fc
        .tuple(
          fc.constantFrom("a", "A", "aa", "a".repeat(max)),
          fc.constantFrom("", "-", "--", ".", "_", "é", " "),
          fc.constantFrom("", "b", "B", "1"),
        )
        .map((pieces) => pieces.join(""));
      fc.assert(
        fc.property(relative, relative, (one, other) => {
          fc.pre(one !== other);
          expect(physicalName(kind, "javelin", one)).not.to.equal(physicalName(kind, "javelin", other));
        }),
        { numRuns: 60 },
      );
    });
  }

  for (const [kind, parts, name] of [
    ["aws:lb", ["javelin-dev-us-east-1"], "javelin-dev-us-east-1"],
    ["aws:secret", ["javelin-dev-us-east-1", "gateway"], "javelin-dev-us-east-1/gateway"],
    ["aws:logGroup", ["/aws/eks/javelin-dev/cluster"], "/aws/eks/javelin-dev/cluster"],
    ["aws:alias", ["alias/javelin-dev"], "alias/javelin-dev"],
  ] as [NameKind, string[], string][]) {
    it(`${kind}: ${name} stays as it is`, () => expect(physicalName(kind, ...parts)).to.equal(name));
  }

  it("a secret's name does not end like the suffix that Secrets Manager adds", () => {
    expect(physicalName("aws:secret", "javelin", "a-secret")).to.match(/^javelin\/a-secret-[0-9a-f]{8}$/);
  });

  it("refuse to be made of nothing", () => {
    expect(() => physicalName("aws:lb", "--", "é")).to.throw("no letter or digit");
  });
});
