/**
 * What the web ACL blocks and what it only counts, as data.
 */

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
