import type { Provider } from "../behaviour.js";
import { merge } from "./common.js";
import { projects } from "./projects.js";

/** All that the local cloud knows of Google Cloud. */
export const gcp: Provider = merge(projects);
