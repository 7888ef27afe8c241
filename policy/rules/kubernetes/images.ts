import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, show } from "../../values.js";
import { containers, podSpec, workloadTypes } from "./workloads.js";

/** A digest, or a tag that is not one which moves by its name. */
function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const [, tag] = /:([^:/@]+)$/.exec(image) ?? [];
  return tag !== undefined && tag !== "latest";
}

function* judgeImages(resource: Resource): Iterable<string> {
  for (const container of containers(podSpec(resource))) {
    const image = at(container, "image");
    if (typeof image === "string" ? !isPinned(image) : image === undefined)
      yield `container ${show(at(container, "name"))} has image ${show(image)}; right is a version or a digest`;
  }
}

export const images: Rule = { each: forTypes(workloadTypes, judgeImages) };
