import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { expect } from "chai";
import gateway from "../../index.js";
import { run } from "../support/mocks.js";
import { configOf, loadSdks, secretsOf } from "../support/stacks.js";

type Answer = (error: unknown, response: { getUrn(): string }) => void;
interface Registrations {
  registerResource(request: RegisterResourceRequest, answer: Answer): void;
}

const service = "gcp:projects/service:Service";
const nameIn = (urn: string) => urn.split("::").slice(2).join("::");

/** What each resource of a stack waits for, by `<types>::<name>`, and which of them are made by a cell's provider. */
async function dependencies(stack: "dev-gcp") {
  const secrets = secretsOf(stack, {});
  const config = configOf(stack, secrets);
  await loadSdks(config);
  const waits = new Map<string, string[]>();
  const ofCell: string[] = [];
  await run(
    () => {
      const monitor = pulumi.runtime.getMonitor() as unknown as Registrations;
      const register = monitor.registerResource.bind(monitor);
      monitor.registerResource = (request, answer) => {
        register(request, (error, response) => {
          const made = nameIn(response.getUrn());
          // A child is made after its parent, which itself waits.
          waits.set(made, [...request.getDependenciesList(), request.getParent()].map(nameIn));
          if (/-gcp::/.test(nameIn(request.getProvider()))) ofCell.push(made);
          answer(error, response);
        });
      };
      return gateway();
    },
    { stack, config, secretKeys: Object.keys(secrets) },
  );
  return { waits, ofCell };
}

describe("Google Cloud's APIs", () => {
  it("are enabled before anything of a cell asks for them", async () => {
    const { waits, ofCell } = await dependencies("dev-gcp");
    const isApi = (name: string) => name.includes(service);
    const afterApis = (name: string): boolean =>
      (waits.get(name) ?? []).some((before) => isApi(before) || afterApis(before));
    expect(ofCell.filter(isApi)).to.have.length.above(10);
    const early = ofCell.filter((name) => name.includes("gcp:") && !isApi(name) && !afterApis(name));
    expect(early.map((name) => name.split("$").at(-1))).to.deep.equal([]);
  });
});
