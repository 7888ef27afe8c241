import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, missing, present, show, unknown } from "../../values.js";

function* judgeSslPolicy({ props }: Resource): Iterable<string> {
  const version = at(props, "minTlsVersion");
  // The defaults are TLS 1.0, and ciphers for clients of that time.
  if (differs(version, "TLS_1_2", "TLS_1_3")) yield `minTlsVersion is ${show(version)}; right is TLS_1_2`;
  const profile = at(props, "profile");
  if (missing(profile) || profile === "COMPATIBLE")
    yield `profile is ${show(profile)}; right is MODERN or RESTRICTED`;
}

function* judgeProxy({ props }: Resource): Iterable<string> {
  if (missing(at(props, "sslPolicy")))
    yield "sslPolicy is nothing, which admits TLS 1.0; right is an SSL policy from TLS_1_2 on";
}

function* judgeTcpProxy(): Iterable<string> {
  yield "a TCP proxy passes on whatever comes; right is a target HTTPS proxy";
}

const plainProxies: Record<string, string> = {
  "gcp:compute/targetHttpProxy:TargetHttpProxy": "gcp:compute/uRLMap:URLMap",
  "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy": "gcp:compute/regionUrlMap:RegionUrlMap",
};

/** What a URL map, or a part of it, does with a request: an unknown answer counts as a redirect. */
function redirects(part: unknown, prefix: string): boolean {
  const redirect = at(part, prefix === "" ? "urlRedirect" : "defaultUrlRedirect");
  const services = ["service", "routeAction", "defaultService", "defaultRouteAction"].map((key) =>
    at(part, key),
  );
  return redirect === unknown || (!differs(at(redirect, "httpsRedirect"), true) && !services.some(present));
}

function redirectsOnly({ props }: Resource): boolean {
  const matchers = list(at(props, "pathMatchers"));
  const rules = matchers.flatMap((one) => [...list(at(one, "pathRules")), ...list(at(one, "routeRules"))]);
  return (
    [props, ...matchers].every((part) => part === unknown || redirects(part, "default")) &&
    rules.every((rule) => rule === unknown || redirects(rule, ""))
  );
}

function* judgePlainProxies(resources: Resource[]): Iterable<Finding> {
  for (const [type, mapType] of Object.entries(plainProxies))
    for (const resource of ofTypes(resources, type)) {
      const to = { property: "urlMap", by: ["id", "selfLink", "name"] };
      for (const map of ofTypes(resources, mapType))
        if (names(resource, to, map) === true && !redirectsOnly(map))
          yield {
            resource,
            message:
              "plain HTTP does not only redirect; right is a URL map with httpsRedirect and nothing else",
          };
    }
}

/** A check that a setting is one of those that admit TLS only. */
function only(right: readonly string[], ...path: string[]) {
  return function* ({ props }: Resource): Iterable<string> {
    const value = at(props, ...path);
    if (differs(value, ...right)) yield `${path.join(".")} is ${show(value)}; right is ${right[0]}`;
  };
}

function* judgeAlloy({ props }: Resource): Iterable<string> {
  const mode = at(props, "clientConnectionConfig", "sslConfig", "sslMode");
  if (!missing(mode) && differs(mode, "ENCRYPTED_ONLY"))
    yield `clientConnectionConfig.sslConfig.sslMode is ${show(mode)}; right is ENCRYPTED_ONLY`;
}

export const tls: Rule = {
  each: {
    ...forTypes(
      ["gcp:compute/sSLPolicy:SSLPolicy", "gcp:compute/regionSslPolicy:RegionSslPolicy"],
      judgeSslPolicy,
    ),
    ...forTypes(
      [
        "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
        "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",
        "gcp:compute/targetSSLProxy:TargetSSLProxy",
      ],
      judgeProxy,
    ),
    ...forTypes(
      ["gcp:compute/targetTCPProxy:TargetTCPProxy", "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy"],
      judgeTcpProxy,
    ),
    "gcp:sql/databaseInstance:DatabaseInstance": only(
      ["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"],
      "settings",
      "ipConfiguration",
      "sslMode",
    ),
    "gcp:alloydb/instance:Instance": judgeAlloy,
    ...forTypes(
      ["gcp:redis/instance:Instance", "gcp:memorystore/instance:Instance"],
      only(["SERVER_AUTHENTICATION"], "transitEncryptionMode"),
    ),
    "gcp:redis/cluster:Cluster": only(
      ["TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"],
      "transitEncryptionMode",
    ),
  },
  together: judgePlainProxies,
};
