import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import gateway from "../index.js";
import type { Props } from "../local/behaviour.js";
import { creationMinutes } from "../local/behaviour.js";
import { providers } from "../local/cloud.js";
import type { Outputs } from "../stacks/outputs.js";
import type { Run } from "../test/support/mocks.js";
import { run } from "../test/support/mocks.js";
import { configOf, loadSdks, secretsOf } from "../test/support/stacks.js";

/** One registration, as the engine gets it. */
export interface Node {
  urn: string;
  type: string;
  name: string;
  /** Published creation time. */
  minutes: number;
  /** URNs of all that the engine has to have done before: parent, provider, inputs' sources, `dependsOn`. */
  after: string[];
  /** The same without what a component's inputs come from: it makes nothing of them, yet its children wait for it. */
  stated: string[];
}

/** Runs a stack's program against the mocks and notes what each registration waits for. In order of registration. */
export async function graphOf(
  stack: string,
  changes: Record<string, unknown> = {},
): Promise<Run<Outputs> & { nodes: Node[] }> {
  const nodes: Node[] = [];
  const secrets = secretsOf(stack, changes);
  const config = configOf(stack, { ...secrets, ...changes });
  // Pulumi takes a stack trace with every promise, which is most of the time of a run. The SDKs need theirs as
  // they load.
  await loadSdks(config);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const done = await run(
      () => {
        watch(nodes);
        return gateway();
      },
      { stack, config, secretKeys: Object.keys(secrets) },
    );
    return { ...done, nodes };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

type Answer = (error: unknown, response: RegisterResourceResponse) => void;

function watch(nodes: Node[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterResourceRequest, answer: Answer): void;
  };
  const registerResource = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) => {
    const type = request.getType();
    const custom = request.getCustom();
    const provider = request.getProvider().split("::").slice(0, -1).join("::");
    const inputs = [...request.getPropertydependenciesMap().entries()].flatMap(([, each]) =>
      each.getUrnsList(),
    );
    const before = [request.getParent(), provider, ...inputs, ...request.getDependenciesList()];
    const after = [...new Set(before.filter((urn) => urn !== ""))];
    const aside = new Set(custom || type.startsWith("awsx:") ? [] : inputs);
    registerResource(request, (error, response) => {
      if (!error)
        nodes.push({
          urn: response.getUrn(),
          type,
          name: request.getName(),
          minutes: custom ? minutesOf(type, request.getObject()?.toJavaScript() ?? {}) : 0,
          after,
          stated: after.filter((urn) => !aside.has(urn)),
        });
      answer(error, response);
    });
  };
}

function minutesOf(type: string, inputs: Props): number {
  const behaviour = providers[type.split(":", 1)[0] ?? ""]?.types[type];
  return behaviour ? creationMinutes(behaviour, inputs) : 0;
}
