import { faultSweep } from "../support/faultSweep.js";

faultSweep("dev-azure");
