import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** What a URL needs no escaping for (RFC 3986, unreserved), beside letters and digits. */
const unreserved = "-_.~";

/**
 * A generated password of all four kinds of characters. Secret. By default the databases of all three clouds accept it
 * (RDS refuses / @ " and space and takes at most 41 characters), and a connection URL takes it as it stands.
 *
 * @param specials the special characters. Default: those that a URL needs no escaping for.
 */
export function generatedPassword(
  name: string,
  opts?: pulumi.CustomResourceOptions,
  { length = 40, specials = unreserved } = {},
): pulumi.Output<string> {
  const rules = { length, overrideSpecial: specials, minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 };
  return pulumi.secret(new random.RandomPassword(name, rules, opts).result);
}
