import { createHash } from "node:crypto";
import { CloudError } from "../behaviour.js";
import type { Invoke, World } from "../behaviour.js";
import { seeded } from "../world.js";
import { isTrue, refuseUnless, text } from "./common.js";
import { type } from "./references.js";

/** A name as it is compared: lower case, without the dot at its end. */
export const plain = (name: string) => name.replace(/\.$/, "").toLowerCase();

/** One zone, by its id or its name. */
export const getZone: Invoke = (args, { world }) => {
  const name = text(args, "name");
  const zoneId = text(args, "zoneId");
  refuseUnless(
    name !== undefined || zoneId !== undefined,
    "MissingArgument",
    "one of `name,zone_id` must be specified",
  );
  const found = world
    .list(type.zone)
    .filter(
      ({ id, state }) =>
        (zoneId === undefined || id === zoneId) &&
        (name === undefined || plain(text(state, "name") ?? "") === plain(name)) &&
        isTrue(state, "privateZone") === isTrue(args, "privateZone"),
    );
  const [zone] = found;
  if (zone === undefined) throw new CloudError("NotFound", "no matching Route 53 Hosted Zone found");
  refuseUnless(
    found.length === 1,
    "TooManyResults",
    "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone",
  );
  const records = world.list(type.record).filter(({ state }) => state.zoneId === zone.id).length;
  return { ...zone.state, id: zone.id, zoneId: zone.id, resourceRecordSetCount: 2 + records };
};

/** The public zone that every new world has, delegated as a domain's owner would have done. */
export function seed(world: World, name = "example.com"): void {
  if (world.list(type.zone).some(({ state }) => state.name === name)) return;
  const digest = createHash("sha256").update(`${world.account}/${name}`).digest("hex").toUpperCase();
  const id = `Z0${digest.slice(0, 19)}`;
  const suffixes = ["com", "net", "org", "co.uk"];
  const nameServers = suffixes.map((suffix, i) => {
    const number = i * 512 + (parseInt(digest.slice(20 + 4 * i, 24 + 4 * i), 16) % 512);
    return `ns-${number}.awsdns-${String(number >> 3).padStart(2, "0")}.${suffix}`;
  });
  const state = {
    zoneId: id,
    arn: `arn:aws:route53:::hostedzone/${id}`,
    name,
    callerReference: `seed ${name}`,
    comment: "The domain's own zone",
    linkedServiceDescription: "",
    linkedServicePrincipal: "",
    nameServers,
    primaryNameServer: nameServers[0],
    privateZone: false,
    tags: {},
  };
  world.add({ type: type.zone, id, region: "global", inputs: { name }, state, owner: seeded });
}
