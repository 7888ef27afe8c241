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
  ["aws:resolver", 64, /^(?![0-9]+$)[a-zA-Z0-9\-_' ]+$/],
];

/** A name made of letters, with single hyphens, of exactly this length. */
const ofLength = (length: number) => `javelin-dev-${"a".repeat(length - 12)}`;

/** Any at all. fast-check's own `binary` unit lists a million of them first, which takes two seconds. */
const character = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point));

describe("physical names", () => {
  it("cover every kind of the table", () => {
    expect(kinds.filter((kind) => !limits.some(([known]) => known === kind))).to.deep.equal([]);
  });

  for (const [kind, max, accepted] of limits) {
    it(`${kind}: at ${max} characters stays, beyond is cut to ${max} and hashed`, () => {
      expect(nameRules[kind].max).to.equal(max);
      expect(physicalName(kind, ofLength(max))).to.equal(ofLength(max));
      const cut = physicalName(kind, ofLength(max + 1));
      expect(cut)
        .to.have.length(max)
        .and.match(/-[0-9a-f]{8}$/);
      expect(cut).not.to.equal(physicalName(kind, ofLength(max + 2)));
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
