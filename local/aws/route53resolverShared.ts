import type { Context, Props } from "../behaviour.js";
import { matches } from "./common.js";

/** Source: Route 53 Resolver API, type Name. */
export const named = (inputs: Props) => [
  ...matches(
    inputs,
    "name",
    /^(?!\d+$)[a-zA-Z0-9_' -]{1,64}$/,
    "1 to 64 letters, digits, spaces, - _ ' and not digits only",
  ),
];

/** An id with the resolver's kind before 16 hex digits, as in `rslvr-frg-0123456789abcdef`. */
export const resolverId = (kind: string) => (_: Props, context: Context) =>
  context.current?.id ?? `${kind}-${context.hex(16)}`;
