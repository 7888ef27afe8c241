import { plainLocation } from "./common.js";

/** Regions without availability zones. Source: Azure reliability documentation, "Azure regions list". */
const without = new Set(
  "australiacentral australiacentral2 australiasoutheast brazilsoutheast canadaeast francesouth germanynorth jioindiacentral jioindiawest koreasouth northcentralus norwaywest southafricawest southindia switzerlandwest uaecentral ukwest westcentralus westindia westus".split(
    " ",
  ),
);

/** Whether a region has availability zones, named "1" to "3". */
export function hasZones(location: string): boolean {
  return !without.has(plainLocation(location));
}
