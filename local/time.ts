import type { Behaviour, Props, Provider } from "./behaviour.js";

const duration = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

/** The longest part of a duration that is waited for here: whole minutes. */
const minutesOf = (inputs: Props): number =>
  Number(/^(\d+(?:\.\d+)?)m$/.exec(String(inputs["createDuration"] ?? ""))?.[1] ?? 0);

const sleep: Behaviour = {
  source: "provider docs of time.Sleep",
  replaces: ["triggers"],
  check: (inputs) =>
    ["createDuration", "destroyDuration"].flatMap((property) =>
      inputs[property] === undefined || duration.test(String(inputs[property]))
        ? []
        : [
            {
              property,
              reason: `must be a number and a unit, such as 30s; got: ${String(inputs[property])}`,
            },
          ],
    ),
  minutes: minutesOf,
  id: (_, context) => context.current?.id ?? context.now(),
};

/** The time provider: it waits, and keeps nothing anywhere. */
export const time: Provider = {
  stateOnly: true,
  types: { "time:index/sleep:Sleep": sleep },
  invokes: {},
};
