import { guardedPaths, writes } from "../ingress.js";

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
  internal: guardedPaths.internal + end,
  admin: guardedPaths.admin + end,
  writes: writes.path + end,
} as const;

/**
 * Beginnings of the names of cookies and query arguments in which the web app's identity provider keeps its tokens
 * (`__session`, `__client_uat`, `__clerk_handshake`): long base64, in which `--` reads as the start of an SQL comment.
 */
export const tokenPrefixes = ["__session", "__client", "__clerk"] as const;

/** Addresses and ranges that one condition takes (Azure limits, Application Gateway, for current rule sets). */
export const maxAddresses = 600;
