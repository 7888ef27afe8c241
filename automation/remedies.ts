/** What always helps once the cause is gone: the state holds what was made before the failure. */
export const retry = "Then run the same command again: it goes on where it stopped.";

/**
 * Error codes and wordings of the clouds and of Pulumi, and what to do about each. Codes: the "Common errors"
 * of the AWS API references, Kubernetes API conventions ("reason" of a Status), Pulumi's engine.
 */
const remedies: [RegExp, string][] = [
  [/^\w+ cancell?ed$/, "Nothing is lost: run the same command again, and it goes on where it stopped."],
  [/engine was killed/, "Run the same command again: it finds out what was made and goes on from there."],
  [
    /ExpiredToken|InvalidClientTokenId|no valid credential|NoCredentialProviders|get credentials|UnrecognizedClient/i,
    'The cloud does not accept the credentials: sign in again ("aws sso login", or new keys in the environment).',
  ],
  [
    /AccessDenied|UnauthorizedOperation|not authorized to perform|forbidden/i,
    "The credentials lack a permission: grant the action that the message names to the role that deploys.",
  ],
  [
    /LimitExceeded|Quota|InsufficientInstanceCapacity|MaximumNumber|TooMany(?!Requests)/i,
    "A limit of the account is reached: ask for more in the cloud's quota console, or choose a smaller size.",
  ],
  [
    /Throttl|SlowDown|RequestLimitExceeded|TooManyRequests|Rate exceeded/i,
    "The cloud asked to slow down: wait a minute.",
  ],
  [
    /deletion ?protection|protected|--?protect/i,
    'It is protected against deletion: set "javelin:protect" to false, run up, and repeat.',
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

const otherwise = "Put right what the message names.";

/** What to do about a message of a cloud, of Pulumi or of the program. */
export function remedyFor(message: string): string {
  return remedies.find(([pattern]) => pattern.test(message))?.[1] ?? otherwise;
}
