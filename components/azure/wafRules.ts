/**
 * What the web application firewall blocks, as data. Patterns are matched against the path and query in lower case,
 * as the client wrote them.
 */

/** Where a path ends: at its end, at its next part, or at the query. */
const end = String.raw`(/|\?|$)`;

/** Patterns of paths that are not for every consumer. A path counts with all that is below it. */
export const paths = {
  /**
   * Spellings of a path that a server behind may read as another one: empty and dotted parts, backslashes, and
   * escapes of dot, slash, backslash, percent, question mark, hash and NUL. Application Gateway's WAF does not
   * resolve them before it compares.
   */
  unclean: String.raw`^[^?]*(//|/\.{1,2}(/|\?|$)|\\|%(00|23|25|2e|2f|3f|5c))`,
  /** Nobody from the internet: core's metrics, and what guard models name their own endpoints. */
  internal: `^/v1/(metrics|internal)${end}`,
  /**
   * Admin networks only: the admin API, core's reload calls (`/v1/routes/<name>/reload` and the like), and the
   * MCP scanner, which connects to whatever address it is given.
   */
  admin: `^/v1/(admin|providers|routes|secrets|processors|ramparts)${end}`,
} as const;

/** Headers that carry keys or sessions; never in logs, and never taken for attacks, which random letters resemble. */
export const credentialHeaders = ["authorization", "cookie", "x-javelin-apikey", "x-api-key"] as const;

/**
 * Beginnings of the names of cookies and query arguments in which the web app's identity provider keeps its tokens
 * (`__session`, `__client_uat`, `__clerk_handshake`): long base64, in which `--` reads as the start of an SQL comment.
 */
export const tokenPrefixes = ["__session", "__client", "__clerk"] as const;

/** Addresses and ranges that one condition takes (Azure limits, Application Gateway, for current rule sets). */
export const maxAddresses = 600;
