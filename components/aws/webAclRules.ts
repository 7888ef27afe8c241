/**
 * What the web ACL blocks and what it only counts, as data.
 */

/** Patterns of paths, lower case, that are not for every consumer. A path counts with all that is below it. */
export const paths = {
  /** Nobody from the internet: core's metrics, and what guard models name their own endpoints. */
  internal: "^/v1/(metrics|internal)(/|$)",
  /**
   * Admin networks only: the admin API, core's reload calls (`/v1/routes/<name>/reload` and the like), and the
   * MCP scanner, which connects to whatever address it is given.
   */
  admin: "^/v1/(admin|providers|routes|secrets|processors|ramparts)(/|$)",
} as const;

/** Headers that carry keys or sessions; never in logs or samples. */
export const credentialHeaders = ["authorization", "cookie", "x-javelin-apikey", "x-api-key"] as const;

/**
 * AWS's managed rule groups, with those of their rules that count and do not block.
 *
 * Bodies are prompts: they are long, and they quote code, exploits, markup and file paths. So every rule on the
 * body counts, those for known exploits too: a prompt about Log4Shell holds its pattern. The same patterns in
 * headers, query or path still block. `SizeRestrictions_QUERYSTRING` (2 KB) counts because identity providers
 * hand longer tokens back in the query. Names: "AWS Managed Rules rule groups list"; WAF ignores a name that a
 * version of the group does not have.
 */
export const countedRules: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "SizeRestrictions_QUERYSTRING",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "CrossSiteScripting_BODY",
  ],
};

/** An IP set takes every block but /0 (WAFv2 IPSet): two halves stand for it. */
export function withoutZeroPrefix(cidrs: readonly string[]): string[] {
  return [...new Set(cidrs.flatMap((cidr) => (cidr.endsWith("/0") ? ["0.0.0.0/1", "128.0.0.0/1"] : [cidr])))];
}
