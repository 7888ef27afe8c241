import type { Recorded } from "./mocks.js";
import type { StackRun } from "./runs.js";

/** A run as `pulumi stack export` would print it: secrets sealed, as the engine seals them. */
export function exportedState(run: Pick<StackRun, "resources" | "parents">, stack: string): string {
  const types = new Map(run.resources.map(({ type, name }) => [name, type]));
  const parentOf = ({ type, name }: Recorded): Recorded | undefined => {
    const parent = run.parents.get(`${type} ${name}`) ?? foreignParent(run.resources, name, type);
    return run.resources.find((each) => each.name === parent && each.type !== type);
  };
  const urn = (resource: Recorded): string => {
    const lineage = [];
    for (let at: Recorded | undefined = resource; at; at = parentOf(at)) lineage.unshift(at.type);
    return `urn:pulumi:${stack}::javelin::${lineage.join("$")}::${resource.name}`;
  };
  void types;
  const resources = run.resources.map((resource) => {
    const parent = parentOf(resource);
    return {
      urn: urn(resource),
      type: resource.type,
      custom: resource.custom,
      ...(resource.id !== "" && { id: resource.id }),
      inputs: sealed(resource.raw, resource.inputs),
      outputs: sealed(resource.raw, resource.state),
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
const sealedMark = { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "c2VhbGVk" };

function sealed(raw: Record<string, unknown>, plain: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plain).map(([key, value]) => [key, isSecret(raw[key]) ? sealedMark : value]),
  );
}

function isSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isSecret);
  if (typeof value !== "object" || value === null) return false;
  return signature in value || Object.values(value).some(isSecret);
}
