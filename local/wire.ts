import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Props } from "./behaviour.js";
import { UNKNOWN } from "./behaviour.js";

// The engine's markers for values that are not known yet, one for each kind of value, and for special
// values (sdk/go/common/resource/plugin/rpc.go and property_value.go of pulumi/pulumi).
const unknowns = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);
const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Properties from the wire: every kind of unknown becomes {@link UNKNOWN}, secrets and outputs their value. */
export function decode(struct: Struct | undefined): Props {
  return struct ? (simplify(struct.toJavaScript()) as Props) : {};
}

export function encode(props: Props): Struct {
  // JSON drops what is undefined, which a Struct cannot hold.
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(props)) as Record<string, never>);
}

function simplify(value: unknown): unknown {
  if (typeof value === "string") return unknowns.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(simplify);
  if (value === null || typeof value !== "object") return value;
  const props = value as Props;
  if (props[signature] === secret) return simplify(props["value"]);
  if (props[signature] === output) return props["value"] === undefined ? UNKNOWN : simplify(props["value"]);
  return Object.fromEntries(Object.entries(props).map(([key, v]) => [key, simplify(v)]));
}
