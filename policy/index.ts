import { PolicyPack } from "@pulumi/policy";
import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { judgeEach, judgeTogether } from "./evaluate.js";
import { policies } from "./policies.js";
import type { Policy, Resource } from "./policy.js";

new PolicyPack("javelin", {
  displayName: "Javelin gateway",
  description: "What every stack of the Javelin gateway has to keep to, on every cloud",
  enforcementLevel: "mandatory",
  policies: policies.map(served),
});

/** One policy of the pack: each resource before it is made, and the stack at the end of a preview or an update. */
function served(policy: Policy): ResourceValidationPolicy & StackValidationPolicy {
  return {
    name: policy.name,
    displayName: policy.title,
    description: policy.description,
    remediationSteps: policy.remediation,
    validateResource: ({ type, name, urn, props }, report) => {
      for (const message of judgeEach(policy, { type, name, urn, props })) report(message);
    },
    validateStack: ({ resources }, report) => {
      for (const { resource, message } of judgeTogether(policy, resources.map(seen)))
        report(message, resource.urn);
    },
  };
}

function seen({ type, name, urn, props, propertyDependencies, provider }: PolicyResource): Resource {
  return {
    type,
    name,
    urn,
    props,
    dependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, on]) => [property, on.map((one) => one.urn)]),
    ),
    ...(provider && { provider: provider.urn }),
  };
}
