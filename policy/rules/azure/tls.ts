import type { Finding, Resource, Rule } from "../../policy.js";
import { names, ofTypes } from "../../links.js";
import { at, differs, list, lower, missing, present, show, unknown } from "../../values.js";

/** Predefined policies that begin at TLS 1.2. Source: "TLS policy overview", Application Gateway. */
const modern = ["AppGwSslPolicy20170401S", "AppGwSslPolicy20220101", "AppGwSslPolicy20220101S"];
const modernProtocols = ["TLSv1_2", "TLSv1_3"];

function* judgeSslPolicy(policy: unknown, where: string): Iterable<string> {
  if (policy === unknown) return;
  const type = at(policy, "policyType");
  const [key, right] =
    type === "Custom" || type === "CustomV2"
      ? (["minProtocolVersion", modernProtocols] as const)
      : (["policyName", modern] as const);
  // Left out, older API versions take a policy of 2015, which begins at TLS 1.0.
  if (type !== unknown && differs(at(policy, key), ...right))
    yield `${where}.${key} is ${show(at(policy, key))}; right is one from TLS 1.2 on, such as ${right[1]}`;
}

function* judgeGateway({ props }: Resource): Iterable<string> {
  yield* judgeSslPolicy(at(props, "sslPolicy"), "sslPolicy");
  for (const profile of list(at(props, "sslProfiles")))
    if (present(at(profile, "sslPolicy")))
      yield* judgeSslPolicy(at(profile, "sslPolicy"), `sslPolicy of profile ${show(at(profile, "name"))}`);
  for (const listener of list(at(props, "listeners")))
    if (differs(lower(at(listener, "protocol")), "tls"))
      yield `listener ${show(at(listener, "name"))} takes plain TCP; right is an HTTPS listener`;
  yield* judgePlainListeners(props);
}

/** A part of a gateway, which its other parts name by an id that ends with the part's name. */
function part(props: unknown, kind: string, reference: unknown): unknown {
  const id = at(reference, "id");
  if (id === unknown) return unknown;
  const name = String(id).split("/").at(-1);
  const parts = list(at(props, kind));
  const found = parts.find((one) => at(one, "name") === name);
  return found ?? (parts.some((one) => at(one, "name") === unknown) ? unknown : undefined);
}

function* judgePlainListeners(props: unknown): Iterable<string> {
  for (const rule of list(at(props, "requestRoutingRules"))) {
    const listener = part(props, "httpListeners", at(rule, "httpListener"));
    if (lower(at(listener, "protocol")) !== "http") continue;
    const named = `plain HTTP listener ${show(at(listener, "name"))}`;
    const redirect = at(rule, "redirectConfiguration");
    if (missing(redirect)) {
      yield `${named} does not redirect; right is a redirect to HTTPS`;
      continue;
    }
    const configuration = part(props, "redirectConfigurations", redirect);
    const url = at(configuration, "targetUrl");
    const target = at(configuration, "targetListener");
    const protocol = lower(at(part(props, "httpListeners", target), "protocol"));
    const byUrl = url === unknown || (typeof url === "string" && url.toLowerCase().startsWith("https://"));
    const byListener = target === unknown || (present(target) && !differs(protocol, "https"));
    if (configuration !== unknown && !byUrl && !byListener)
      yield `${named} redirects to ${show(url ?? at(target, "id"))}; right is an HTTPS listener`;
  }
}

/** Stated, because it is what `rds.force_ssl` is elsewhere; the server's own default can be switched off by hand. */
const parameters: Record<string, string[]> = {
  require_secure_transport: ["on"],
  ssl_min_protocol_version: ["tlsv1.2", "tlsv1.3"],
};

function* judgeParameter({ props }: Resource): Iterable<string> {
  const name = at(props, "configurationName") ?? at(props, "name");
  const right = parameters[String(name)];
  const value = at(props, "value");
  if (right && differs(lower(value), ...right))
    yield `parameter ${String(name)} is ${show(value)}; right is ${right.join(" or ")}`;
}

function* judgeDatabases(resources: Resource[]): Iterable<Finding> {
  const to = { property: "serverName", by: ["name", "serverName"] };
  const settings = ofTypes(resources, "azure-native:dbforpostgresql:Configuration");
  for (const resource of ofTypes(resources, "azure-native:dbforpostgresql:Server"))
    for (const parameter of Object.keys(parameters)) {
      const stated = settings.some(
        (one) =>
          names(one, to, resource) !== false &&
          !differs(at(one.props, "configurationName") ?? at(one.props, "name"), parameter),
      );
      if (!stated)
        yield {
          resource,
          message: `parameter ${parameter} is not stated; right is a Configuration that sets it`,
        };
    }
}

function* judgeAccount({ props }: Resource): Iterable<string> {
  const version = at(props, "minimumTlsVersion");
  if (differs(version, "TLS1_2", "TLS1_3")) yield `minimumTlsVersion is ${show(version)}; right is TLS1_2`;
  if (at(props, "enableHttpsTrafficOnly") === false)
    yield "enableHttpsTrafficOnly is false; right is true: clients could send keys in plain text";
}

/** A check that a version of TLS is named under this key, and none before 1.2. */
function from12(key: string) {
  return function* ({ props }: Resource): Iterable<string> {
    if (differs(at(props, key), "1.2", "1.3")) yield `${key} is ${show(at(props, key))}; right is 1.2`;
  };
}

function* judgeRedis(resource: Resource): Iterable<string> {
  yield* from12("minimumTlsVersion")(resource);
  if (differs(at(resource.props, "enableNonSslPort"), false, undefined, null))
    yield "enableNonSslPort is on; right is off: port 6379 speaks plain text";
}

function* judgeRedisDatabase({ props }: Resource): Iterable<string> {
  const protocol = at(props, "clientProtocol");
  if (differs(protocol, "Encrypted", undefined, null))
    yield `clientProtocol is ${show(protocol)}; right is Encrypted`;
}

export const tls: Rule = {
  each: {
    "azure-native:network:ApplicationGateway": judgeGateway,
    "azure-native:dbforpostgresql:Configuration": judgeParameter,
    "azure-native:redisenterprise:RedisEnterprise": from12("minimumTlsVersion"),
    "azure-native:redisenterprise:Database": judgeRedisDatabase,
    "azure-native:redis:Redis": judgeRedis,
    "azure-native:storage:StorageAccount": judgeAccount,
    "azure-native:sql:Server": from12("minimalTlsVersion"),
  },
  together: judgeDatabases,
};
