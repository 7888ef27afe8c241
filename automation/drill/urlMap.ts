import type { Props } from "../../local/behaviour.js";
import { number, objects, text, texts } from "../../local/rules.js";

/** Where a URL map sends a request: to a service, by an action. */
export interface Reached {
  service: unknown;
  action: unknown;
}

/**
 * Decides as an Application Load Balancer of Google's does: host rule, then the first rule by priority, then the
 * default. Known are exact hosts, and rules by prefix or full path.
 */
export function route(map: Props, host: string, path: string): Reached {
  const matcher = objects(map, "hostRules").find((rule) => texts(rule, "hosts").includes(host))?.[
    "pathMatcher"
  ];
  const own = objects(map, "pathMatchers").find((each) => each["name"] === matcher) ?? map;
  const rule = objects(own, "routeRules")
    .sort((a, b) => (number(a, "priority") ?? 0) - (number(b, "priority") ?? 0))
    .find((each) =>
      objects(each, "matchRules").some((one) => {
        const prefix = text(one, "prefixMatch");
        return prefix === undefined ? path === text(one, "fullPathMatch") : path.startsWith(prefix);
      }),
    );
  return rule
    ? { service: rule["service"], action: rule["routeAction"] }
    : { service: own["defaultService"], action: own["defaultRouteAction"] };
}
