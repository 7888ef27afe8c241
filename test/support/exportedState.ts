import type { Props } from "../../local/behaviour.js";
import type { Recorded } from "./mocks.js";
import type { StackRun } from "./runs.js";

/** A run as `pulumi stack export` would print it: secrets are sealed. */
export function exportedState(run: Pick<StackRun, "resources" | "parents">, stack: string): string {
  const named = new Map<string, Recorded[]>();
  for (const each of run.resources) named.set(each.name, [...(named.get(each.name) ?? []), each]);
  const parentOf = ({ type, name }: Recorded): Recorded | undefined => {
    const parent = run.parents.get(`${type} ${name}`) ?? foreignParent(run.resources, name, type);
    return named.get(parent ?? "")?.find((each) => each.type !== type);
  };
  const urn = (resource: Recorded): string => {
    const lineage = [];
    for (let at: Recorded | undefined = resource; at; at = parentOf(at)) lineage.unshift(at.type);
    return `urn:pulumi:${stack}::javelin::${lineage.join("$")}::${resource.name}`;
  };
  const resources = run.resources.map((resource) => {
    const parent = parentOf(resource);
    return {
      urn: urn(resource),
      type: resource.type,
      custom: resource.custom,
      ...(resource.id !== "" && { id: resource.id }),
      inputs: seal(resource, resource.inputs),
      outputs: seal(resource, resource.state),
      ...(parent && { parent: urn(parent) }),
    };
  });
  return JSON.stringify({ version: 3, deployment: { resources } });
}

/** What a remote component makes is not told to the mocks: by its name it is a child of that component. */
function foreignParent(resources: readonly Recorded[], name: string, type: string): string | undefined {
  if (!type.startsWith("aws:")) return undefined;
  return resources.find((each) => each.type === "awsx:ec2:Vpc" && name.startsWith(each.name))?.name;
}

const signature = "4dabf18193072939515e22adb298388d";
const sealed = { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "c2VhbGVk" };

/** Mocks are told of a whole property that it is secret. The engine seals what is: of pods, the containers. */
function seal({ type, raw }: Recorded, plain: Props): Props {
  const isSecret = ([key]: [string, unknown]) => isObject(raw[key]) && signature in raw[key];
  if (type === "kubernetes:apps/v1:Deployment") return sealContainers(plain) as Props;
  return Object.fromEntries(
    Object.entries(plain).map((entry) => [entry[0], isSecret(entry) ? sealed : entry[1]]),
  );
}

function sealContainers(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === "containers" ? sealed : sealContainers(each)]),
  );
}

function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
