import type { Behaviour, Props, Provider } from "./behaviour.js";
import { UNKNOWN } from "./behaviour.js";

const duration = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

const text = (inputs: Props, property: string): string => {
  const value = inputs[property];
  return typeof value === "string" ? value : "";
};

/** Minutes alone: the program writes no others. */
const minutesOf = (inputs: Props): number =>
  Number(/^(\d+(?:\.\d+)?)m$/.exec(text(inputs, "createDuration"))?.[1] ?? 0);

const sleep: Behaviour = {
  source: "provider docs of time.Sleep",
  required: ["createDuration"],
  replaces: ["triggers"],
  check: (inputs) => {
    const given = text(inputs, "createDuration");
    const reason = `must be a number and a unit, such as 30s; got: ${given}`;
    return given === UNKNOWN || duration.test(given) ? [] : [{ property: "createDuration", reason }];
  },
  minutes: minutesOf,
  id: (_, context) => context.current?.id ?? context.now(),
};

/** The time provider: it waits, and keeps nothing anywhere. */
export const time: Provider = {
  stateOnly: true,
  types: { "time:index/sleep:Sleep": sleep },
  invokes: {},
};
