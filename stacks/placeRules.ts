import { cellMachines, cellNodes, cellSizing, cellZones } from "./cellDefaults.js";
import type { Cell } from "./cellSchema.js";
import type { Machines } from "./clouds/facts.js";
import { facts, regionsOf } from "./clouds.js";
import type { Cloud } from "./clouds.js";
import { didYouMean } from "./problems.js";
import type { Parsed, Refuse } from "./rules.js";
import type { Values } from "./schema.js";

/** Where the cells and the zone are: regions, zones, machines, accounts, existing networks. */
export function placeRules(parsed: Parsed, refuse: Refuse): void {
  for (const rule of [places, scopes, existingNetworks]) rule(parsed, refuse);
}

function places({ values, cells }: Parsed, refuse: Refuse): void {
  for (const [index, cell] of cells) {
    const cloud = facts[cell.cloud];
    const known = regionsOf(cell.cloud);
    if (!known.includes(cell.region)) {
      const hint = didYouMean(cell.region, known);
      refuse(
        ["cells", index, "region"],
        cell.region,
        `write a region of ${cell.cloud}${hint}: ${known.join(", ")}`,
      );
      continue;
    }
    const sizing = cellSizing(cell, values.size ?? "small");
    const { form, example } = cloud.zoneForm(cell.region);
    for (const [at, zone] of (cell.zones ?? []).entries()) {
      const path = ["cells", index, "zones", at];
      if (!form.test(zone)) {
        refuse(path, zone, `write a zone of ${cell.region}, such as ${example}`);
      } else if (cell.zones!.indexOf(zone) !== at) {
        refuse(path, zone, "the zone is named twice: write different zones");
      }
    }
    const zones = cellZones(cell, sizing);
    if (!cell.zones && zones.length < sizing.zones) {
      const remedy = `${cell.region} has ${zones.length} zones for an account, ${sizing.zones} are this size's default: write the two that yours has, such as [${zones.join(", ")}]`;
      refuse(["cells", index, "zones"], undefined, remedy);
    }
    machines(cell, values, refuse);
  }
}

/** Every type of machine has the form of the cell's cloud, and its region offers it. */
function machines(cell: Cell, values: Partial<Values>, refuse: Refuse): void {
  const { forms, offering } = facts[cell.cloud];
  const zones = cellZones(cell, cellSizing(cell, values.size ?? "small"));
  const defaults = cellMachines(cell, values);
  const { general, gpu } = cellNodes(cell, values);
  const choices: [keyof Machines, string, PropertyKey[]][] = [
    ["database", values.database?.instanceClass ?? defaults.database, ["database", "instanceClass"]],
    ["cache", values.cache?.nodeType ?? defaults.cache, ["cache", "nodeType"]],
  ];
  for (const [pool, types] of Object.entries({ nodes: general.instanceTypes, gpu: gpu?.instanceTypes ?? [] }))
    for (const type of types) choices.push(["node", type, ["kubernetes", pool, "instanceTypes"]]);
  for (const [kind, type, path] of choices) {
    const { form, example } = forms[kind];
    if (!form.test(type)) {
      const remedy = `${cell.cloud} has no such type: write one such as ${example}, or leave it out, and each cell takes its size's`;
      refuse(path, type, remedy);
    } else if (offering(type, cell.region, zones).length === 0) {
      refuse(path, type, `${cell.region} does not offer it: write a type that the region has`);
    }
  }
}

/** Where in a cloud a cell or the zone is, in the words of that cloud and no other. */
function scopes({ values, cells }: Parsed, refuse: Refuse): void {
  const check = (
    cloud: Cloud,
    path: PropertyKey[],
    key: string,
    of: Cloud,
    value: unknown,
    needed: boolean,
  ) => {
    if (value !== undefined && cloud !== of)
      refuse([...path, key], value, `${cloud} knows no ${key}: leave it out`);
    if (value === undefined && cloud === of && needed)
      refuse([...path, key], value, `write it: ${cloud} finds nothing without one`);
  };
  for (const [index, { cloud, project, subscription }] of cells) {
    const path = ["cells", index];
    check(cloud, path, "project", "gcp", project, true);
    check(cloud, path, "subscription", "azure", subscription, false);
  }
  const { dns } = values;
  if (!dns) return;
  check(dns.cloud, ["dns"], "project", "gcp", dns.project, true);
  check(dns.cloud, ["dns"], "resourceGroup", "azure", dns.resourceGroup, true);
  check(dns.cloud, ["dns"], "subscription", "azure", dns.subscription, false);
}

/** An existing network has every tier that the cell's cloud needs, and no other. */
function existingNetworks({ cells }: Parsed, refuse: Refuse): void {
  for (const [index, cell] of cells) {
    if (!cell.network) continue;
    const path = ["cells", index, "network"];
    const { tiers } = facts[cell.cloud];
    for (const tier of tiers) {
      const ids = cell.network.subnets[tier] ?? [];
      const perZone = cell.cloud === "aws";
      if (ids.length === 0) refuse([...path, "subnets", tier], undefined, `write the ${tier} subnet's id`);
      else if (perZone && (ids.length < 2 || ids.length > 3))
        refuse([...path, "subnets", tier], ids, "write two or three ids, one for each zone");
      else if (!perZone && ids.length > 1)
        refuse([...path, "subnets", tier], ids, "write one id: a subnet spans the region's zones");
    }
    for (const tier of Object.keys(cell.network.subnets).filter((each) => !tiers.includes(each))) {
      const remedy = `remove it${didYouMean(tier, tiers)}; known on ${cell.cloud} are ${tiers.join(", ")}`;
      refuse([...path, "subnets", tier], "an unknown tier", remedy);
    }
    for (const key of ["podRange", "serviceRange"] as const) {
      const value = cell.network[key];
      if (cell.cloud === "gcp" && value === undefined)
        refuse([...path, key], undefined, "write the name of the node subnet's secondary range");
      if (cell.cloud !== "gcp" && value !== undefined)
        refuse([...path, key], value, `${cell.cloud} has no secondary ranges: leave it out`);
    }
  }
}
