import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import { random } from "../../../local/random.js";
import { tls } from "../../../local/tls.js";
import { Operations } from "../../../local/operations.js";
import { Ground } from "../../support/ground.js";
import { refuses } from "../../support/refusals.js";

const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const key = "aws:kms/key:Key";
const alias = "aws:kms/alias:Alias";
const secret = "aws:secretsmanager/secret:Secret";
const version = "aws:secretsmanager/secretVersion:SecretVersion";

const document = (...statements: Props[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const trust = (Service: string) =>
  document({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });
const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" };
const root = { AWS: "arn:aws:iam::123456789012:root" };
const administer = { Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" };

describe("local cloud: IAM", () => {
  it("gives roles and policies ids and ARNs of IAM's form", () => {
    const ground = new Ground();
    const { id, state } = ground.make(role, {
      name: "core",
      path: "/javelin/",
      assumeRolePolicy: trust("ec2.amazonaws.com"),
    });
    expect(id).to.equal("core");
    expect(state["arn"]).to.equal("arn:aws:iam::123456789012:role/javelin/core");
    expect(state["uniqueId"]).to.match(/^AROA[A-Z2-7]{17}$/);
    const policy = ground.make("aws:iam/policy:Policy", { name: "p", policy: document(read) });
    expect(policy.id).to.equal("arn:aws:iam::123456789012:policy/p");
  });

  it("renders documents as the provider does", () => {
    const { json } = new Ground().invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          sid: "Read",
          actions: ["s3:GetObject", "s3:PutObject"],
          resources: ["arn:aws:s3:::b/*"],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
        },
        {
          effect: "Deny",
          actions: ["s3:*"],
          principals: [{ type: "*", identifiers: ["*"] }],
          resources: ["*"],
        },
      ],
    });
    expect(JSON.parse(String(json))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:GetObject"],
          Resource: "arn:aws:s3:::b/*",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        },
        { Effect: "Deny", Action: "s3:*", Resource: "*", Principal: "*" },
      ],
    });
  });

  const trusted = (assumeRolePolicy: unknown) => (g: Ground) => g.make(role, { assumeRolePolicy });
  const inline = (policy: unknown) => (g: Ground) => {
    g.role("core", "ec2.amazonaws.com");
    return g.make(rolePolicy, { role: "core", name: "p", policy });
  };
  const attach = (policyArn: string) => (g: Ground) => {
    g.role("core", "ec2.amazonaws.com");
    return g.make(attachment, { role: "core", policyArn });
  };
  refuses(
    () => new Ground(),
    [
      [
        "a role's name of 65 characters",
        /length of name/,
        (g) => g.make(role, { name: "r".repeat(65), assumeRolePolicy: trust("ec2.amazonaws.com") }),
      ],
      [
        "a trust policy that is no JSON",
        /MalformedPolicyDocument: This policy contains invalid Json/,
        trusted("{"),
      ],
      [
        "a service that does not exist",
        /Invalid principal in policy: "SERVICE":"podz\.eks\.amazonaws\.com"/,
        trusted(trust("podz.eks.amazonaws.com")),
      ],
      [
        "a principal that does not exist",
        /Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role\/none"/,
        trusted(
          document({
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:role/none" },
            Action: "sts:AssumeRole",
          }),
        ),
      ],
      [
        "resources in a trust policy",
        /Has prohibited field Resource/,
        trusted(
          document({
            Effect: "Allow",
            Principal: { Service: "ec2.amazonaws.com" },
            Action: "sts:AssumeRole",
            Resource: "*",
          }),
        ),
      ],
      [
        "a policy without resources",
        /must contain resources/,
        inline(document({ Effect: "Allow", Action: "s3:GetObject" })),
      ],
      [
        "a resource that is no ARN",
        /Resource bucket must be in ARN format/,
        inline(document({ ...read, Resource: "bucket" })),
      ],
      [
        "an action without its service",
        /must be prefaced by a vendor/,
        inline(document({ ...read, Action: "GetObject" })),
      ],
      ["a Sid with a hyphen", /must be alpha-numeric/, inline(document({ ...read, Sid: "read-it" }))],
      [
        "a condition that IAM does not have",
        /Invalid Condition type : StringIs/,
        inline(document({ ...read, Condition: { StringIs: { "aws:x": "y" } } })),
      ],
      [
        "a principal in a role's policy",
        /should not specify a principal/,
        inline(document({ ...read, Principal: root })),
      ],
      [
        "inline policies beyond 10,240 characters",
        /Maximum policy size of 10240 bytes exceeded/,
        inline(
          document({
            ...read,
            Resource: Array.from({ length: 300 }, (_, i) => `arn:aws:s3:::a-bucket-with-a-long-name-${i}/*`),
          }),
        ),
      ],
      [
        "a managed policy at the wrong path",
        /NoSuchEntity: Policy .*AmazonEBSCSIDriverPolicy does not exist/,
        attach("arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy"),
      ],
      [
        "a policy of the account that is not there",
        /NoSuchEntity/,
        attach("arn:aws:iam::123456789012:policy/none"),
      ],
      [
        "deleting a role with policies attached",
        /DeleteConflict: .*must detach all policies first/,
        (g) => (g.nodeRole(), g.delete(g.nodeRole())),
      ],
      [
        "deleting a role with an inline policy",
        /DeleteConflict: .*must delete policies first/,
        (g) => (inline(document(read))(g), g.delete(g.role("core", ""))),
      ],
    ],
  );
});

describe("local cloud: KMS and Secrets Manager", () => {
  const policy =
    (...statements: Props[]) =>
    (g: Ground) =>
      g.make(key, { policy: document(...statements) });
  const user = (AWS: string) => ({ ...administer, Principal: { AWS }, Action: "kms:Decrypt" });

  it("knows a key by id, ARN and alias, until it is deleted", () => {
    const ground = new Ground();
    const made = ground.make(key, { policy: document(administer), deletionWindowInDays: 7 });
    const named = ground.make(alias, { name: "alias/javelin", targetKeyId: made.id });
    expect(named.state).to.include({ targetKeyArn: made.state["arn"] });
    let count = 0;
    const use = (kmsKeyId: unknown) => ground.make(secret, { name: `s${count++}`, kmsKeyId });
    use(made.id);
    use(made.state["arn"]);
    use("alias/javelin");
    ground.delete(named);
    ground.delete(made);
    expect(() => use(made.id)).to.throw(/is pending deletion/);
  });

  it("holds a deleted secret's name for its recovery window, and none at 0 days", () => {
    const ground = new Ground();
    ground.delete(ground.make(secret, { name: "held" }));
    expect(() => ground.make(secret, { name: "held" })).to.throw(/already scheduled for deletion/);
    ground.delete(ground.make(secret, { name: "free", recoveryWindowInDays: 0 }));
    expect(ground.make(secret, { name: "free" }).id).to.match(
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:free-\w{6}$/,
    );
  });

  it("makes a version of a secret, and another for another value", () => {
    const ground = new Ground();
    const owner = ground.make(secret, { name: "password" });
    const made = ground.make(version, { secretId: owner.id, secretString: "one" });
    expect(made.id).to.match(/^arn:.*\|[0-9a-f-]{36}$/);
    expect(ground.replaces(made, { secretId: owner.id, secretString: "two" })).to.deep.equal([
      "secretString",
    ]);
    expect(
      ground.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", { secretId: "password" }),
    ).to.include({ secretString: "one" });
  });

  refuses(
    () => new Ground(),
    [
      [
        "a key policy that locks everybody out",
        /will not allow you to update the key policy in the future/,
        policy({ ...administer, Action: "kms:Decrypt" }),
      ],
      [
        "an administrator under a condition only",
        /will not allow you to update/,
        policy({
          ...administer,
          Condition: { StringEquals: { "kms:ViaService": "rds.us-east-1.amazonaws.com" } },
        }),
      ],
      [
        "a key policy's principal that does not exist",
        /one or more invalid principals/,
        policy(administer, user("arn:aws:iam::123456789012:role/none")),
      ],
      [
        "a service-linked role that the account does not have yet",
        /one or more invalid principals/,
        policy(
          administer,
          user(
            "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
          ),
        ),
      ],
      ["a deletion window of six days", /range \(7 - 30\)/, (g) => g.make(key, { deletionWindowInDays: 6 })],
      [
        "rotation of a key pair",
        /UnsupportedOperationException/,
        (g) => g.make(key, { customerMasterKeySpec: "RSA_2048", enableKeyRotation: true }),
      ],
      [
        "an alias without its prefix",
        /must begin with 'alias\/'/,
        (g) => g.make(alias, { name: "javelin", targetKeyId: "x" }),
      ],
      [
        "an alias of AWS's own",
        /reserved/,
        (g) => g.make(alias, { name: "alias/aws/javelin", targetKeyId: "x" }),
      ],
      [
        "an alias of no key",
        /NotFoundException/,
        (g) => g.make(alias, { name: "alias/x", targetKeyId: "none" }),
      ],
      ["a secret's name with a space", /invalid value for name/, (g) => g.make(secret, { name: "a b" })],
      [
        "a recovery window of three days",
        /0 or in the range \(7 - 30\)/,
        (g) => g.make(secret, { recoveryWindowInDays: 3 }),
      ],
      [
        "a second secret of the name",
        /ResourceExistsException/,
        (g) => (g.make(secret, { name: "s" }), g.make(secret, { name: "s" })),
      ],
      [
        "a replica in its own region",
        /Invalid replica region us-east-1/,
        (g) => g.make(secret, { replicas: [{ region: "us-east-1" }] }),
      ],
      [
        "a value of no secret",
        /can't find the specified secret/,
        (g) => g.make(version, { secretId: "none", secretString: "x" }),
      ],
      [
        "a value beyond 64 KiB",
        /length between 1 and 65536/,
        (g) =>
          g.make(version, { secretId: g.make(secret, { name: "s" }).id, secretString: "x".repeat(65537) }),
      ],
    ],
  );
});

describe("local cloud: random and TLS", () => {
  const operations = () => new Operations({ random, tls }, new Ground().world);
  const make = (type: string, given: Props) => {
    const each = operations();
    const { inputs, failures } = each.check(type, "x", given, undefined, new Uint8Array(8));
    if (failures[0]) throw new Error(failures[0].reason);
    return each.create(type, "x", inputs, { region: "" });
  };
  const password = "random:index/randomPassword:RandomPassword";

  it("makes passwords of the wanted length and kinds", () => {
    const { id, state } = make(password, {
      length: 40,
      overrideSpecial: "!#$",
      minSpecial: 3,
      minNumeric: 2,
      minUpper: 1,
    });
    expect(id).to.equal("none");
    const result = String(state["result"]);
    expect(result).to.match(/^[A-Za-z0-9!#$]{40}$/);
    expect(result.replace(/[^!#$]/g, "").length).to.be.at.least(3);
    expect(result.replace(/\D/g, "").length).to.be.at.least(2);
  });

  it("leaves out what is switched off", () => {
    expect(
      make(password, { length: 64, special: false, upper: false, numeric: false }).state["result"],
    ).to.match(/^[a-z]{64}$/);
  });

  it("makes ids, bytes and UUIDs of their forms", () => {
    expect(make("random:index/randomId:RandomId", { byteLength: 4, prefix: "p-" }).state["hex"]).to.match(
      /^p-[0-9a-f]{8}$/,
    );
    expect(
      Buffer.from(
        String(make("random:index/randomBytes:RandomBytes", { length: 32 }).state["base64"]),
        "base64",
      ),
    ).to.have.length(32);
    expect(make("random:index/randomUuid:RandomUuid", {}).state["result"]).to.match(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
  });

  it("makes a key pair", () => {
    expect(
      make("tls:index/privateKey:PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" }).state[
        "privateKeyPem"
      ],
    ).to.match(/^-----BEGIN EC PRIVATE KEY-----/);
  });

  refuses(
    () => password,
    [
      [
        "a password shorter than its parts",
        /must be at least sum/,
        (type) => make(type, { length: 3, minUpper: 4 }),
      ],
      [
        "a password of nothing",
        /At least one attribute/,
        (type) => make(type, { length: 3, upper: false, lower: false, numeric: false, special: false }),
      ],
    ],
  );
});
