import type { Provider } from "../behaviour.js";
import { merge } from "./common.js";
import { resources } from "./resources.js";

/** All that the local cloud knows of Azure. */
export const azure: Provider = merge(resources);
