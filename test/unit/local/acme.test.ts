import { expect } from "chai";
import { X509Certificate, createPrivateKey, generateKeyPairSync } from "node:crypto";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { FakeWorld } from "../../support/fakeWorld.js";
import { refuses } from "../../support/refusals.js";

const directory = "https://acme-v02.api.letsencrypt.org/directory";
const key = () =>
  generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey.export({ type: "sec1", format: "pem" });

class Authority extends FakeWorld {
  readonly accountKeyPem = key();

  constructor(serverUrl = directory) {
    super(serverUrl);
  }

  account(more: Props = {}): WorldObject {
    return this.make("acme:index/registration:Registration", { accountKeyPem: this.accountKeyPem, ...more });
  }

  /** A certificate asked for with an account, unless the change says otherwise. */
  certificate(change: Props = {}): WorldObject {
    this.account();
    return this.make("acme:index/certificate:Certificate", {
      accountKeyPem: this.accountKeyPem,
      subjectAlternativeNames: ["api.gw.example.com", "app.gw.example.com"],
      certificateP12Password: "secret",
      dnsChallenges: [this.azure()],
      ...change,
    });
  }

  challenge(provider: string, config: Props): WorldObject {
    return this.certificate({ dnsChallenges: [{ provider, config }] });
  }

  azure(config: Props = {}): Props {
    return {
      provider: "azuredns",
      config: { AZURE_RESOURCE_GROUP: "dns", AZURE_ZONE_NAME: "example.com", ...config },
    };
  }

  caa(relativeRecordSetName: string, tag: string, value: string): void {
    this.make("azure-native:dns:RecordSet", {
      resourceGroupName: "dns",
      zoneName: "example.com",
      relativeRecordSetName,
      recordType: "CAA",
      ttl: 60,
      caaRecords: [{ flags: 0, tag, value }],
    });
  }
}

describe("local cloud: ACME", () => {
  it("issues what X.509 readers accept: the names, the key, the authority's signature", () => {
    const { state } = new Authority().certificate();
    const certificate = new X509Certificate(String(state["certificatePem"]));
    const issuer = new X509Certificate(String(state["issuerPem"]));
    expect(certificate.checkHost("app.gw.example.com")).to.equal("app.gw.example.com");
    expect(certificate.checkHost("example.com")).to.equal(undefined);
    expect(certificate.checkPrivateKey(createPrivateKey(String(state["privateKeyPem"])))).to.equal(true);
    expect(certificate.verify(issuer.publicKey) && certificate.checkIssued(issuer)).to.equal(true);
    expect(BigInt(`0x${certificate.serialNumber}`)).to.equal(BigInt(String(state["certificateSerial"])));
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(days).to.equal(90);
  });

  it("keeps a certificate until its names change", () => {
    const authority = new Authority();
    const made = authority.certificate();
    expect(authority.replaces(made, { ...made.inputs, certificateP12Password: "another" })).to.deep.equal([]);
    const renamed = { ...made.inputs, subjectAlternativeNames: ["x.example.com"] };
    expect(authority.replaces(made, renamed)).to.not.deep.equal([]);
    expect(authority.update(made, { ...made.inputs, minDaysRemaining: 20 }).state["certificatePem"]).to.equal(
      made.state["certificatePem"],
    );
  });

  it("finds the zone on each of the clouds", () => {
    const authority = new Authority();
    const [zone] = authority.world.list("aws:route53/zone:Zone");
    expect(() =>
      authority.challenge("route53", { AWS_REGION: "us-east-1", AWS_HOSTED_ZONE_ID: zone?.id }),
    ).not.to.throw();
    expect(() => authority.challenge("gcloud", { GCE_PROJECT: "example-project" })).not.to.throw();
  });

  it("lets the authority issue that the nearest CAA record names", () => {
    const authority = new Authority();
    authority.caa("@", "issue", "amazon.com");
    authority.caa("gw", "issue", "letsencrypt.org; validationmethods=dns-01");
    expect(() => authority.certificate()).not.to.throw();
  });

  refuses(
    () => new Authority(),
    [
      ["what is no key", /no PEM data/, (a) => a.account({ accountKeyPem: "none" })],
      ["what is no address", /e-mail/, (a) => a.account({ emailAddress: "nobody" })],
      ["a key without an account", /accountDoesNotExist/, (a) => a.certificate({ accountKeyPem: key() })],
      [
        "a request instead of names",
        /reads no certificate request/,
        (a) => a.certificate({ subjectAlternativeNames: undefined, certificateRequestPem: "x" }),
      ],
      ["no names", /must be specified/, (a) => a.certificate({ subjectAlternativeNames: undefined })],
      [
        "a name with an underscore",
        /rejectedIdentifier/,
        (a) => a.certificate({ subjectAlternativeNames: ["a_b.example.com"] }),
      ],
      ["no challenge", /dnsChallenges/, (a) => a.certificate({ dnsChallenges: undefined })],
      ["an unknown key type", /keyType/, (a) => a.certificate({ keyType: "1024" })],
      ["an unknown DNS provider", /unrecognized DNS provider: bind/, (a) => a.challenge("bind", {})],
      [
        "a name of a foreign zone",
        /not related/,
        (a) => a.certificate({ subjectAlternativeNames: ["api.example.org"] }),
      ],
      [
        "a zone that is not in Azure",
        /zone example\.org not found/,
        (a) => a.certificate({ dnsChallenges: [a.azure({ AZURE_ZONE_NAME: "example.org" })] }),
      ],
      [
        "another group's zone",
        /zone example\.com not found/,
        (a) => a.certificate({ dnsChallenges: [a.azure({ AZURE_RESOURCE_GROUP: "other" })] }),
      ],
      ["Route 53 without a region", /Missing Region/, (a) => a.challenge("route53", {})],
      [
        "a zone that is not in Route 53",
        /NoSuchHostedZone/,
        (a) => a.challenge("route53", { AWS_REGION: "us-east-1", AWS_HOSTED_ZONE_ID: "Z1" }),
      ],
      ["Cloud DNS without a project", /project name missing/, (a) => a.challenge("gcloud", {})],
      [
        "another project's zone",
        /no matching domain/,
        (a) => a.challenge("gcloud", { GCE_PROJECT: "other" }),
      ],
      [
        "names that a CAA record leaves to another authority",
        /CAA record for api\.gw\.example\.com prevents issuance/,
        (a) => {
          a.caa("@", "issue", "amazon.com");
          a.certificate();
        },
      ],
    ],
  );

  refuses(
    () => new Authority("https://acme.zerossl.com/v2/DV90"),
    [["an account that is not bound", /externalAccountRequired/, (a) => a.account()]],
  );
  refuses(
    () => new Authority("https://ca.internal/directory"),
    [["an authority that is not there", /no such authority/, (a) => a.account()]],
  );
});
