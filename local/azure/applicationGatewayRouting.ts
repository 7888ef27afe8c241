import type { Props } from "../behaviour.js";
import { at, nameOf, number, objects, refuseUnless, text, texts } from "./common.js";

/** Rules, path maps and redirects. */
export function checkRouting(inputs: Props): void {
  const rules = objects(inputs, "requestRoutingRules");
  refuseUnless(
    rules.length > 0,
    "ApplicationGatewayRequestRoutingRulesMissing",
    "An application gateway needs a request routing rule.",
  );
  const priorities = new Set<number>();
  const listeners = new Set<string>();
  for (const rule of rules) {
    const name = text(rule, "name") ?? "";
    const priority = number(rule, "priority");
    refuseUnless(
      priority !== undefined || at(rule, "priority").length > 0,
      "ApplicationGatewayRequestRoutingRulePriorityCannotBeEmpty",
      `Request routing rule ${name} must have a priority.`,
    );
    refuseUnless(
      priority === undefined || (priority >= 1 && priority <= 20000 && !priorities.has(priority)),
      "ApplicationGatewayRequestRoutingRulePriorityInvalid",
      `The priority ${priority ?? ""} of rule ${name} must be 1 to 20000 and its own.`,
    );
    if (priority !== undefined) priorities.add(priority);
    const listener = text(rule, "httpListener.id");
    refuseUnless(
      listener !== undefined || at(rule, "httpListener.id").length > 0,
      "ApplicationGatewayRequestRoutingRuleHttpListenerMissing",
      `Request routing rule ${name} needs a listener.`,
    );
    refuseUnless(
      listener === undefined || !listeners.has(listener),
      "ApplicationGatewayHttpListenerUsedByMoreThanOneRule",
      `Listener ${nameOf(listener ?? "")} is used by more than one request routing rule.`,
    );
    if (listener !== undefined) listeners.add(listener);
    checkRule(rule, name);
  }
  for (const map of objects(inputs, "urlPathMaps")) checkPathMap(map);
  checkRedirects(inputs, rules);
}

/** Either a backend (a pool and its settings) or a redirect. */
function checkTarget(part: Props, of: string, prefix: "" | "default"): void {
  const key = (name: string) =>
    prefix === "" ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : `${prefix}${name}`;
  const [pool, settings, redirect] = [
    "BackendAddressPool",
    "BackendHttpSettings",
    "RedirectConfiguration",
  ].map((name) => at(part, key(name)).length > 0);
  refuseUnless(
    pool === settings && pool !== redirect,
    "ApplicationGatewayRuleTargetInvalid",
    `${of} needs either a backend address pool with HTTP settings, or a redirect configuration.`,
  );
}

function checkRule(rule: Props, name: string): void {
  const type = text(rule, "ruleType") ?? "Basic";
  const mapped = at(rule, "urlPathMap").length > 0;
  refuseUnless(
    ["Basic", "PathBasedRouting"].includes(type) && mapped === (type === "PathBasedRouting"),
    "ApplicationGatewayRequestRoutingRuleTypeMismatch",
    `Request routing rule ${name} of type ${type}: PathBasedRouting goes with a URL path map, Basic without.`,
  );
  if (!mapped) checkTarget(rule, `Request routing rule ${name}`, "");
}

function checkPathMap(map: Props): void {
  const name = text(map, "name") ?? "";
  checkTarget(map, `URL path map ${name}`, "default");
  const rules = objects(map, "pathRules");
  refuseUnless(
    rules.length > 0,
    "ApplicationGatewayUrlPathMapPathRulesMissing",
    `URL path map ${name} needs a path rule.`,
  );
  const names = rules.map((rule) => text(rule, "name"));
  refuseUnless(
    new Set(names).size === names.length,
    "DuplicateResourceName",
    `Two path rules of URL path map ${name} have the same name.`,
  );
  const taken = new Set<string>();
  for (const rule of rules) {
    const of = `Path rule ${text(rule, "name") ?? ""} of URL path map ${name}`;
    checkTarget(rule, of, "");
    refuseUnless(at(rule, "paths[]").length > 0, "ApplicationGatewayPathRuleNoPaths", `${of} has no paths.`);
    for (const path of texts(rule, "paths")) {
      // The one wildcard stands at the end, after a slash.
      refuseUnless(
        /^\/([^*?#]*\/)?\*?$|^\/[^*?#]*$/.test(path),
        "ApplicationGatewayPathRulePathInvalid",
        `${of}: the path '${path}' must start with '/', and may have '*' at its end only, after a '/'.`,
      );
      refuseUnless(
        !taken.has(path.toLowerCase()),
        "ApplicationGatewayPathRuleDuplicatePath",
        `${of}: the path '${path}' is in the map already.`,
      );
      taken.add(path.toLowerCase());
    }
  }
}

/** A redirect leads somewhere, and not back to where it came from. */
function checkRedirects(inputs: Props, rules: Props[]): void {
  const redirects = new Map<string, Props>();
  for (const redirect of objects(inputs, "redirectConfigurations")) {
    const name = text(redirect, "name") ?? "";
    refuseUnless(
      ["Permanent", "Found", "SeeOther", "Temporary"].includes(text(redirect, "redirectType") ?? ""),
      "ApplicationGatewayRedirectTypeInvalid",
      `Redirect configuration ${name} has no valid type.`,
    );
    refuseUnless(
      at(redirect, "targetListener").length > 0 !== at(redirect, "targetUrl").length > 0,
      "ApplicationGatewayRedirectTargetInvalid",
      `Redirect configuration ${name} needs either a target listener or a target URL.`,
    );
    redirects.set(name, redirect);
  }
  const next = (listener: string): string | undefined => {
    const rule = rules.find((each) => text(each, "httpListener.id") === listener);
    const redirect = redirects.get(nameOf(text(rule, "redirectConfiguration.id") ?? ""));
    return text(redirect, "targetListener.id");
  };
  for (const rule of rules) {
    const seen = new Set<string>();
    for (let at = text(rule, "httpListener.id"); at !== undefined; at = next(at)) {
      refuseUnless(
        !seen.has(at),
        "ApplicationGatewayRedirectLoop",
        `Request routing rule ${text(rule, "name") ?? ""} redirects in a circle, back to listener ${nameOf(at)}.`,
      );
      seen.add(at);
    }
  }
}
