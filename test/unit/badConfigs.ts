import { badClouds } from "./badClouds.js";
import { badData } from "./badData.js";
import { badFailover } from "./badFailover.js";
import { badForms } from "./badForms.js";
import { badLimits } from "./badLimits.js";
import { badPlaces } from "./badPlaces.js";
import { badRoutes } from "./badRoutes.js";
import { badServices } from "./badServices.js";
import type { RawConfig } from "./configBase.js";

/** What is done to a good config, the path that must be named, and words that the remedy must hold. */
export type BadConfig = [what: string, spoil: (config: RawConfig) => void, path: string, words: string[]];

export const badConfigs: BadConfig[] = [
  ...badForms,
  ...badPlaces,
  ...badServices,
  ...badRoutes,
  ...badClouds,
  ...badLimits,
  ...badData,
  ...badFailover,
];
