import { expect } from "chai";
import { Log } from "../../automation/events.js";
import { describe as explanation, explain } from "../../automation/failure.js";
import { afterCancel, remedyFor, retry } from "../../automation/remedies.js";

describe("the javelin command's remedies", () => {
  const cases: Record<string, [RegExp, string[]]> = {
    "a permission": [
      /lack a permission/,
      [
        "UnauthorizedOperation: You are not authorized to perform this operation.",
        'deployments.apps is forbidden: User "ci" cannot create resource "deployments" in API group "apps"',
        'roles "x" is forbidden: user "ci" (groups=[]) is attempting to grant RBAC permissions not currently held',
        'resourcequotas is forbidden: User "ci" cannot list resource "resourcequotas" in API group ""',
        "googleapi: Error 403: Required 'compute.networks.create' permission for 'x', forbidden",
        "googleapi: Error 403: Forbidden",
        "https response error StatusCode: 403, RequestID: 1, api error Forbidden: Forbidden",
      ],
    ],
    credentials: [/sign in/, ["ExpiredToken: The security token included in the request is expired"]],
    "a limit of the account": [
      /quota console/,
      [
        "VpcLimitExceeded: The maximum number of VPCs has been reached.",
        "TooManyBuckets: You have attempted to create more buckets than allowed",
        "googleapi: Error 403: Quota 'CPUS' exceeded. Limit: 24.0 in region us-central1., quotaExceeded",
      ],
    ],
    throttling: [
      /wait a minute/,
      [
        "ThrottlingException: Rate exceeded",
        "RequestLimitExceeded: Request limit exceeded.",
        "googleapi: Error 403: Rate Limit Exceeded, rateLimitExceeded",
        "googleapi: Error 429: Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service",
        "the server has received too many requests and has asked us to try again later",
      ],
    ],
    "a limit of a namespace": [
      /Kubernetes namespace/,
      [
        'pods "core-0" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10',
        'pods "core-0" is forbidden: failed quota: compute: must specify limits.cpu',
        'pods "core-0" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
      ],
    ],
    "a policy of the cluster": [
      /policy of the cluster/,
      [
        'pods "core-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
        'admission webhook "validation.gatekeeper.sh" denied the request: no latest tag',
      ],
    ],
    "what can't be changed": [
      /in place/,
      [
        'Deployment.apps "core" is invalid: spec.selector: Forbidden: field is immutable',
        'StatefulSet.apps "core" is invalid: spec: Forbidden: updates to statefulset spec for fields other than replicas are forbidden',
      ],
    ],
    "what Kubernetes forbids otherwise": [
      /^Put right/,
      [
        'Service "core" is invalid: spec.clusterIP: Forbidden: may not be set when type is ExternalName',
        'pods "core-0" is forbidden: error looking up service account javelin/core',
      ],
    ],
    "a file of this machine": [
      /file of this machine/,
      [
        "EEXIST: file already exists, mkdir '/tmp/world'",
        "EISDIR: illegal operation on a directory, open '/tmp'",
        "ENOTDIR: not a directory, mkdir '/tmp/world/state'",
        "EACCES: permission denied, open '/protected/throttled.svg'",
        "ENOENT: no such file or directory, open '/nowhere/out.svg'",
      ],
    ],
    "a full disk": [/disk/, ["ENOSPC: no space left on device, write"]],
    "a taken name": [/name is taken/, ["EntityAlreadyExists: Role with name x already exists."]],
    "a copy's password": [
      /javelin promote/,
      ["InvalidDBClusterStateFault: The password of a secondary cluster can't be changed"],
    ],
    protection: [
      /javelin:protect/,
      ["InvalidParameterCombination: Cannot delete protected Cluster, please disable deletion protection"],
    ],
    "protection against being made anew": [
      /made anew/,
      [
        'unable to replace resource "urn" as it is currently marked for protection. To unprotect the resource, remove the `protect` flag',
      ],
    ],
    "a thing in use": [/still uses it/, ["DependencyViolation: resource sg-1 has a dependent object"]],
    "what a VPC still holds": [
      /Taking down/,
      ["DependencyViolation: The vpc 'vpc-1' has dependencies and cannot be deleted."],
    ],
    "an unknown type": [/local\//, ["UnknownType: the local cloud does not know the type aws:x/y:Z"]],
    "a lock": [/pulumi cancel/, ["the stack is currently locked by 1 lock(s)"]],
    "a backend": [
      /pulumi login/,
      ["PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"],
    ],
    "the network": [
      /network/,
      ["dial tcp: lookup ec2.us-east-1.amazonaws.com: no such host", "connect ECONNREFUSED 127.0.0.1:443"],
    ],
  };
  for (const [what, [remedy, messages]] of Object.entries(cases))
    it(`tell ${what}`, () => {
      for (const message of messages) expect(remedyFor(message), message).to.match(remedy);
    });

  describe("after a cancelled run", () => {
    const vpc = "urn:pulumi:dev::javelin::javelin:aws:Network$awsx:ec2:Vpc::vpc";
    const cutOff = "awsx:ec2:Vpc resource 'vpc' has a problem: grpc: the client connection is closing";

    function logOf(messages: [message: string, urn?: string][], failed: string[] = []): Log {
      const log = new Log();
      for (const [message, urn] of messages) log.diagnostics.push({ urn, severity: "error", message });
      for (const urn of failed)
        log.failed.push({ urn, type: "awsx:ec2:Vpc", name: "vpc", operation: "create", since: 0 });
      return log;
    }
    const explained = (...given: Parameters<typeof logOf>) =>
      explain(logOf(...given), new Error("code: 255"), (text) => text);

    it("say that nothing is lost, whatever it cut off", () => {
      for (const messages of [
        [["update canceled"]],
        [["update canceled"], [cutOff]],
        [[cutOff], ["update canceled"]],
      ] as const) {
        const { problems, remedy } = explained(messages.map(([text]) => [text]));
        expect(problems).to.deep.equal(["update canceled"]);
        expect(remedy).to.equal(afterCancel);
      }
      expect(explain(logOf([]), new Error("error: update canceled"), String).remedy).to.equal(afterCancel);
    });

    it("keep what was cut off where nothing was cancelled", () => {
      expect(explained([[cutOff]]).problems).to.deep.equal([cutOff]);
    });

    it("keep the cause of a run that was stuck, and had to be cancelled", () => {
      const { problems, remedy } = explained([
        ["no matching Route 53 Hosted Zone found"],
        ["update canceled"],
      ]);
      expect(problems).to.have.length(2);
      expect(remedy).to.include("javelin:dns");
    });

    it("are the cancel's for a resource that it cut off, and a resource's own otherwise", () => {
      const broken = explained([["update canceled"], [cutOff, vpc]], [vpc]);
      expect(broken.resources.map(({ remedy }) => remedy)).to.deep.equal([afterCancel]);
      expect(explanation(broken)).not.to.include(retry);
      const refused = explained([["update canceled"], ["VpcLimitExceeded: too many", vpc]], [vpc]);
      expect(refused.resources[0]?.remedy).to.include("quota");
      expect(explanation(refused)).to.include(retry);
    });
  });
});
