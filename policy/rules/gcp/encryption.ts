import { follow } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { at, differs, missing, show, unknown } from "../../values.js";

function* judgeCluster({ props }: Resource): Iterable<string> {
  const encryption = at(props, "databaseEncryption");
  if (encryption === unknown) return;
  const state = at(encryption, "state");
  // GKE has a newer state for what it had to encrypt anew.
  if (differs(state, "ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"))
    yield `databaseEncryption.state is ${show(state)}; right is ENCRYPTED`;
  if (missing(at(encryption, "keyName")))
    yield "databaseEncryption.keyName is nothing; right is a KMS key of your own";
}

/** Longest time between two rotations. Source: CIS Google Cloud Platform Foundation Benchmark, KMS keys: 90 days. */
const longestDays = 90;

function* judgeKey({ props }: Resource): Iterable<string> {
  const purpose = at(props, "purpose");
  // KMS rotates no other keys by itself.
  if (purpose === unknown || differs(purpose, "ENCRYPT_DECRYPT", undefined, null)) return;
  const period = at(props, "rotationPeriod");
  if (missing(period) || (typeof period === "string" && parseFloat(period) > longestDays * 86400))
    yield `rotationPeriod is ${show(period)}; right is at most ${longestDays} days, 7776000s`;
}

function* judgeKeyed(values: unknown[], where: string): Iterable<string> {
  for (const key of values) if (missing(key)) yield `${where} is nothing; right is a KMS key of your own`;
}

function* judgeSecret({ props }: Resource): Iterable<string> {
  const replication = at(props, "replication");
  const places = [
    ...follow(at(replication, "userManaged"), ["replicas"]),
    ...follow(at(replication, "auto"), []),
  ];
  yield* judgeKeyed(
    places.map((place) => at(place, "customerManagedEncryption", "kmsKeyName")),
    "replication's customerManagedEncryption",
  );
}

/** What Google stores it always encrypts: there is no switch to judge. */
export const encryption: Rule = {
  each: {
    "gcp:container/cluster:Cluster": judgeCluster,
    "gcp:kms/cryptoKey:CryptoKey": judgeKey,
    "gcp:secretmanager/secret:Secret": judgeSecret,
    "gcp:secretmanager/regionalSecret:RegionalSecret": ({ props }) =>
      judgeKeyed([at(props, "customerManagedEncryption", "kmsKeyName")], "customerManagedEncryption"),
  },
};
