import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  at,
  gcpResource,
  inRange,
  isKnown,
  matches,
  number,
  objects,
  oneOf,
  repeated,
  rfc1035,
  stateOf,
  text,
  texts,
  toGcp,
} from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { backendService } from "./loadBalancingBackends.js";
import { created } from "./network.js";

export const urlMap = "gcp:compute/uRLMap:URLMap";

const weighted = "weightedBackendServices[].backendService";
/** Where a map names backend services. */
const servicePaths = [
  "defaultService",
  `defaultRouteAction.${weighted}`,
  "pathMatchers[].defaultService",
  `pathMatchers[].defaultRouteAction.${weighted}`,
  ...["pathRules", "routeRules"].flatMap((rules) => [
    `pathMatchers[].${rules}[].service`,
    `pathMatchers[].${rules}[].routeAction.${weighted}`,
  ]),
];

/** Every backend service that a map leads to, as it names them. */
export const servicesOf = (map: Props): string[] => [
  ...new Set(servicePaths.flatMap((path) => at(map, path)).filter((each) => typeof each === "string")),
];

/** What a map or a rule may do, of which exactly one is needed. */
function refuseAction(
  of: Props,
  field: string,
  names: { service: string; action: string; redirect: string },
): void {
  const ends = [
    ...(of[names.service] === undefined ? [] : [names.service]),
    ...(of[names.redirect] === undefined ? [] : [names.redirect]),
    ...(objects(of, `${names.action}.weightedBackendServices`).length > 0
      ? [`${names.action}.weightedBackendServices`]
      : []),
  ];
  if (ends.length !== 1)
    throw invalid(
      field,
      ends.join(", "),
      `Exactly one of ${names.service}, ${names.redirect} and weighted backend services must be set.`,
    );
  if (of[names.redirect] !== undefined && of[names.action] !== undefined)
    throw invalid(field, names.action, `It cannot be set together with ${names.redirect}.`);
}

const defaults = { service: "defaultService", action: "defaultRouteAction", redirect: "defaultUrlRedirect" };
const ofRule = { service: "service", action: "routeAction", redirect: "urlRedirect" };

function refusePaths(rules: Props[]): void {
  const paths = rules.flatMap((rule) => texts(rule, "paths"));
  for (const path of paths)
    if (!/^\/([^*?#]*\/)?\*$|^\/[^*?#]*$/.test(path))
      throw invalid(
        "pathMatchers.pathRules.paths",
        path,
        "A path starts with / and has a * at its end only, after a /.",
      );
  const twice = repeated(paths);
  if (twice !== undefined)
    throw invalid("pathMatchers.pathRules.paths", twice, "A path may be given once only.");
}

const matchers = ["prefixMatch", "fullPathMatch", "regexMatch", "pathTemplateMatch"];

function refuseRules(rules: Props[]): void {
  const twice = repeated(rules.map((rule) => number(rule, "priority")));
  if (twice !== undefined)
    throw invalid(
      "pathMatchers.routeRules.priority",
      String(twice),
      "No two rules may have the same priority.",
    );
  for (const rule of rules) {
    const conditions = objects(rule, "matchRules");
    if (conditions.length === 0)
      throw invalid("pathMatchers.routeRules.matchRules", "", "At least one is needed.");
    for (const each of conditions) {
      const given = matchers.filter((one) => each[one] !== undefined);
      const [by = ""] = given;
      if (given.length !== 1)
        throw invalid(
          "pathMatchers.routeRules.matchRules",
          given.join(", "),
          `Exactly one of ${matchers.join(", ")} must be set.`,
        );
      const value = text(each, by);
      if (by === "regexMatch")
        throw invalid(
          "pathMatchers.routeRules.matchRules.regexMatch",
          value ?? "",
          "An external load balancer knows no such match.",
        );
      if (value !== undefined && (!value.startsWith("/") || value.length > 1024))
        throw invalid(
          `pathMatchers.routeRules.matchRules.${by}`,
          value,
          "It must start with / and have 1 to 1024 characters.",
        );
      if (by === "fullPathMatch" && value !== undefined && /[?#]/.test(value))
        throw invalid(
          "pathMatchers.routeRules.matchRules.fullPathMatch",
          value,
          "It may hold no query and no fragment.",
        );
    }
  }
}

function refuseMatcher(matcher: Props): void {
  refuseAction(matcher, `pathMatchers['${text(matcher, "name") ?? ""}']`, defaults);
  const [paths, routes] = [objects(matcher, "pathRules"), objects(matcher, "routeRules")];
  if (paths.length > 0 && routes.length > 0)
    throw invalid(
      "pathMatchers",
      text(matcher, "name") ?? "",
      "Only one of pathRules and routeRules can be set.",
    );
  for (const rule of [...paths, ...routes]) refuseAction(rule, "pathMatchers.rules", ofRule);
  refusePaths(paths);
  refuseRules(routes);
}

/** A host name with an optional port, or a star in front of a dot, a hyphen or nothing. */
const host = /^(\*|(\*[.-])?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?)$/i;

function admit(inputs: Props, context: Context): void {
  refuseAction(inputs, "defaultService", defaults);
  const [hosts, all] = [objects(inputs, "hostRules"), objects(inputs, "pathMatchers")];
  const names = all.map((matcher) => text(matcher, "name") ?? "");
  const double = repeated(names);
  if (double !== undefined)
    throw invalid("pathMatchers.name", double, "The name must be unique in the URL map.");
  for (const rule of hosts) {
    const matcher = text(rule, "pathMatcher") ?? "";
    if (!names.includes(matcher))
      throw invalid("hostRules.pathMatcher", matcher, "The URL map has no path matcher of this name.");
    for (const each of texts(rule, "hosts"))
      if (!host.test(each)) throw invalid("hostRules.hosts", each, "It is not a valid host pattern.");
  }
  const twice = repeated(hosts.flatMap((rule) => texts(rule, "hosts")));
  if (twice !== undefined) throw invalid("hostRules.hosts", twice, "A host may be in one rule only.");
  all.forEach(refuseMatcher);

  const schemes = new Set(
    servicesOf(inputs).flatMap(
      (id) => text(stateOf(context, [backendService], id), "loadBalancingScheme") ?? [],
    ),
  );
  if (schemes.size > 1)
    throw invalid(
      "defaultService",
      [...schemes].join(", "),
      "All backend services must have the same load balancing scheme.",
    );
  if (schemes.has("EXTERNAL") && advanced(inputs, all))
    throw invalid(
      "pathMatchers",
      "",
      "Advanced traffic management needs the load balancing scheme EXTERNAL_MANAGED.",
    );
}

/** Whether a map does what the classic load balancer does not. */
const advanced = (inputs: Props, all: Props[]): boolean =>
  [inputs, ...all].some((each) => isKnown(each["defaultRouteAction"])) ||
  all.some(
    (each) => objects(each, "routeRules").length > 0 || at(each, "pathRules[].routeAction").length > 0,
  );

const places = ["", "pathMatchers[].", "pathMatchers[].routeRules[].", "pathMatchers[].pathRules[]."];
const actions = places.map(
  (place) => `${place}${place.endsWith("Rules[].") ? "routeAction" : "defaultRouteAction"}`,
);
const redirects = places.map(
  (place) => `${place}${place.endsWith("Rules[].") ? "urlRedirect" : "defaultUrlRedirect"}`,
);

const map: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, UrlMap; Load balancing, URL maps and traffic management; provider docs of gcp.compute.URLMap",
  path: "projects/{project}/global/urlMaps/{name}",
  api: "compute.googleapis.com",
  check: (inputs) => [
    ...matches(inputs, "pathMatchers[].name", rfc1035, `must match ${rfc1035.source}`),
    ...inRange(inputs, "pathMatchers[].routeRules[].priority", 0, 2_147_483_647),
    ...actions.flatMap((path) => [
      ...inRange(inputs, `${path}.faultInjectionPolicy.abort.httpStatus`, 200, 599),
      ...inRange(inputs, `${path}.faultInjectionPolicy.abort.percentage`, 0, 100),
    ]),
    ...redirects.flatMap((path) =>
      oneOf(inputs, `${path}.redirectResponseCode`, [
        ...["FOUND", "MOVED_PERMANENTLY_DEFAULT", "PERMANENT_REDIRECT", "SEE_OTHER", "TEMPORARY_REDIRECT"],
      ]),
    ),
  ],
  references: Object.fromEntries(
    servicePaths.map((path) => [path, toGcp([backendService, "gcp:compute/backendBucket:BackendBucket"])]),
  ),
  admit,
  outputs: (_, context) => ({
    creationTimestamp: created(context),
    fingerprint: context.hex(8),
    mapId: Number(text(context.current?.state, "mapId") ?? Number.parseInt(context.hex(7, "map"), 16)),
  }),
  volatile: ["fingerprint"],
  inUse,
});

export const urlMaps: Provider = { types: { [urlMap]: map }, invokes: {} };
