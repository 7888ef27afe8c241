import { cellName } from "./cellDefaults.js";
import type { Parsed, Refuse } from "./rules.js";

/** Names that the gateway's own hosts take, which a cell's origin would collide with. */
const reserved = /^(api|app|eval|global|shared|active(-\d+)?)$/;

/** The names of stack and cells, and the DNS names that they make. */
export function nameRules({ stack, values, cells }: Parsed, refuse: Refuse): void {
  // They start every physical name; longer ones would end in hashes everywhere.
  if (!/^(?=.{1,24}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(stack)) {
    const remedy = "name the stack with lower-case letters, digits and single hyphens, at most 24 characters";
    refuse([], stack, remedy);
  }
  const seen = new Map<string, number>();
  for (const [index, cell] of cells) {
    const name = cellName(cell);
    const first = seen.get(name);
    if (first !== undefined) {
      const remedy = `cells[${first}] has the same name: give one of them a name of its own`;
      refuse(["cells", index, "name"], name, remedy);
    } else if (reserved.test(name)) {
      refuse(["cells", index, "name"], name, `${name}.<domain> is the gateway's own: write another name`);
    }
    seen.set(name, first ?? index);
  }
  // What a cell's resources are called starts with its name: the redirect of `one` is `one-redirect`, and a cell of that
  // name would want it for something else. What stands before all cells is called `global`.
  const starts = ["global", ...seen.keys()];
  for (const [index, cell] of cells) {
    const name = cellName(cell);
    const start = starts.find((each) => name.startsWith(`${each}-`));
    if (start === undefined) continue;
    const remedy = `its resources and those of "${start}" could get one name: write a name that does not begin with ${start}-`;
    refuse(["cells", index, "name"], name, remedy);
  }
  const { domain, dns } = values;
  if (domain === undefined) return;
  if (dns && domain !== dns.zone && !domain.endsWith(`.${dns.zone}`)) {
    refuse(
      ["domain"],
      domain,
      `write a domain in the zone ${dns.zone} (javelin:dns.zone), or the zone that it lies in`,
    );
  }
  // ACM: the first name of a certificate is its common name, at most 64 characters (RFC 5280).
  if (`api.${domain}`.length > 64) {
    refuse(
      ["domain"],
      domain,
      "write a domain of at most 60 characters: api.<domain> is the certificate's common name, at most 64",
    );
  }
}
