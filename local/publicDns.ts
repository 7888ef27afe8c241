import type { World } from "./behaviour.js";
import { objects, text, texts } from "./rules.js";

/**
 * What the internet is told about a name, whichever cloud the zone is on: a certificate authority looks for its
 * proof here.
 */

/** A name as it is compared: lower case, without the dot at its end. */
export const plain = (name: string) => name.replace(/\.$/, "").toLowerCase();

type Type = "CNAME" | "TXT" | "CAA";
type Reader = (world: Pick<World, "list" | "find">, name: string, type: Type) => string[];

/** A record's values in every public zone; names of a CNAME in lower case, a TXT's text without quotation marks. */
export function publicAnswers(world: Pick<World, "list" | "find">, name: string, type: Type): string[] {
  return [onRoute53, onAzure, onCloudDns]
    .flatMap((read) => read(world, plain(name), type))
    .map((value) => (type === "CNAME" ? plain(value) : value.replace(/^"(.*)"$/, "$1")));
}

const onRoute53: Reader = (world, name, type) =>
  world
    .list("aws:route53/record:Record")
    .filter(({ state }) => state["type"] === type && state["fqdn"] === name)
    .flatMap(({ state }) => texts(state, "records"));

const onAzure: Reader = (world, name, type) =>
  world.list("azure-native:dns:RecordSet").flatMap(({ inputs }) => {
    const host = text(inputs, "relativeRecordSetName") ?? "@";
    const zone = plain(text(inputs, "zoneName") ?? "");
    if (inputs["recordType"] !== type || plain(host === "@" ? zone : `${host}.${zone}`) !== name) return [];
    // A TXT value is a list of strings of up to 255 characters, which resolvers join.
    if (type === "TXT") return objects(inputs, "txtRecords").map((each) => texts(each, "value").join(""));
    if (type === "CNAME") return [text(inputs, "cnameRecord.cname") ?? ""];
    return objects(inputs, "caaRecords").map(
      (each) => `${text(each, "flags") ?? "0"} ${text(each, "tag") ?? ""} "${text(each, "value") ?? ""}"`,
    );
  });

const onCloudDns: Reader = (world, name, type) =>
  world
    .list("gcp:dns/recordSet:RecordSet")
    .filter(({ state }) => state["type"] === type && plain(text(state, "name") ?? "") === name)
    .filter(({ id }) => {
      const zone = world.find("gcp:dns/managedZone:ManagedZone", id.replace(/\/rrsets\/.*/, ""));
      return zone?.state["visibility"] === "public";
    })
    .flatMap(({ state }) => texts(state, "rrdatas"));
