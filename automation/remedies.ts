/** What always helps once the cause is gone: the state holds what was made before the failure. */
export const retry = "Then run the same command again: it goes on where it stopped.";

/** After a cancelled run. */
export const afterCancel = "Nothing is lost: run the same command again, and it goes on where it stopped.";

/**
 * Error codes and wordings of the clouds and of Pulumi, and what to do about each; the first that fits counts. Codes:
 * the "Common errors" of the AWS API references, Kubernetes API conventions ("reason" of a Status), Pulumi's engine.
 */
const remedies: [RegExp, string][] = [
  // Node's own errors begin with their code; a path in them may hold any other word of this list.
  [/^(ENOSPC|EDQUOT): /m, "The disk of this machine is full: make room on it."],
  [
    /^E(EXIST|ISDIR|NOTDIR|ACCES|PERM|ROFS|NOENT|LOOP|MFILE): /m,
    "A file of this machine is in the way, or out of reach: look at the path, which may come from JAVELIN_LOCAL_DIR or --out.",
  ],
  [/engine was killed/, "Run the same command again: it finds out what was made and goes on from there."],
  [
    /ExpiredToken|InvalidClientTokenId|no valid credential|NoCredentialProviders|get credentials|UnrecognizedClient/i,
    'The cloud does not accept the credentials: sign in again ("aws sso login", or new keys in the environment).',
  ],
  // Kubernetes says "forbidden" of its own rules too: only where it names a user is a permission missing.
  [
    /field is immutable|: Forbidden: updates to/,
    "It can't be changed in place: put it back as it was, or have it made anew (pulumi up --replace <its URN>).",
  ],
  [
    /is forbidden: ((exceeded|failed) quota|(maximum|minimum) )/,
    "A limit of the Kubernetes namespace is reached: raise its quota or limit range, or choose a smaller size.",
  ],
  [
    /violates PodSecurity|admission webhook .* denied/,
    "A policy of the cluster refuses it: change what the message names, or the policy.",
  ],
  [
    /AccessDenied|UnauthorizedOperation|not authorized to perform|(?<!is |: )forbidden|forbidden(?!: )|forbidden: user /i,
    "The credentials lack a permission: grant the action that the message names to the role that deploys.",
  ],
  // Before the account's limits: clouds call a limit of calls in a time a quota as well.
  [
    /Throttl|SlowDown|RequestLimitExceeded|too ?many ?requests|rate[ _]?(limit[ _]?)?exceeded|quota .*per ?(second|minute)/i,
    "The cloud asked to slow down: wait a minute.",
  ],
  [
    /LimitExceeded|Quota|InsufficientInstanceCapacity|MaximumNumber|TooMany/i,
    "A limit of the account is reached: ask for more in the cloud's quota console, or choose a smaller size.",
  ],
  [
    /marked for protection/,
    "It would be made anew, and what it holds lost: put back in the config what asks for that; or, if that is meant, set javelin:protect to false and run up before.",
  ],
  [
    /deletion ?protection|protected|--?protect/i,
    'It is protected against deletion: with it back in the config, set "javelin:protect" to false, run up, and repeat.',
  ],
  [
    /InvalidDBClusterStateFault.*secondary/i,
    'The cell stands first, and its database is a copy: "javelin promote" that cell, or put the cells back in their order.',
  ],
  [
    /AlreadyExists|already exists|EntityAlreadyExists|BucketAlreadyOwnedByYou|NameConflict|DuplicateName/i,
    "The name is taken by something that this stack did not make: delete or rename that, or bring it in with pulumi import.",
  ],
  [
    /DependencyViolation.*\bvpc\b/i,
    'Something is left in the VPC that no stack holds: docs/aws.md says what that can be and how it goes, under "Taking down".',
  ],
  [
    /DependencyViolation|ResourceInUse|DeleteConflict|still in use|has dependent|cannot be deleted/i,
    "Something else still uses it: what the message names has to go first, by hand when no stack holds it.",
  ],
  [
    /UnknownType|UnknownFunction|UnknownProvider|local cloud does not know/,
    "The local cloud stands in for the types that the program uses: describe this one in local/, with the source of its rules.",
  ],
  [
    /HostedZone|no matching Route ?53/i,
    'The DNS zone has to exist before: create it, delegate it, and name it in "javelin:dns".',
  ],
  [
    /stack is currently locked|ConcurrentUpdate|another update is currently in progress/i,
    'Another run is at work on this stack, or was killed: wait for it, or clear its lock with "pulumi cancel".',
  ],
  [
    /incorrect passphrase|PULUMI_CONFIG_PASSPHRASE|failed to decrypt/i,
    "The state's secrets cannot be opened: set PULUMI_CONFIG_PASSPHRASE, or sign in to the key's cloud.",
  ],
  [
    /PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i,
    'There is no backend for the state: "pulumi login", or PULUMI_BACKEND_URL. Without an account, try --local.',
  ],
  [
    /no resource plugin|could not (find|load) plugin|plugin .*not found/i,
    "A provider plugin is missing and could not be fetched: run pulumi plugin install where the network is open.",
  ],
  [
    /no such host|ECONNREFUSED|connection refused|ETIMEDOUT|i\/o timeout|send request failed|no answer/i,
    "The cloud could not be reached: check the network, the proxy and the region's status page.",
  ],
  [
    /InternalFailure|InternalError|ServiceUnavailable|try again/i,
    "The cloud failed for a reason of its own.",
  ],
];

/**
 * What to do about a message of a cloud, of Pulumi or of the program.
 *
 * @param otherwise what to do about one that is not known
 */
export function remedyFor(message: string, otherwise = "Put right what the message names."): string {
  return remedies.find(([pattern]) => pattern.test(message))?.[1] ?? otherwise;
}
