import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import { gcpResource, objects, relative, text } from "./common.js";
import { toNetwork } from "./network.js";

const policyType = "gcp:dns/policy:Policy";

const policy: Behaviour = gcpResource({
  source: "dns.v1 discovery, Policy; Cloud DNS, DNS server policies; provider docs of gcp.dns.Policy",
  path: "projects/{project}/policies/{name}",
  api: "dns.googleapis.com",
  defaults: () => ({ description: "Managed by Pulumi" }),
  references: { "networks[].networkUrl": toNetwork },
  admit: (inputs, context) => {
    for (const { networkUrl } of objects(inputs, "networks")) {
      const network = relative(String(networkUrl));
      const other = context.world
        .list(policyType)
        .find(
          (o) =>
            o.id !== context.current?.id &&
            objects(o.inputs, "networks").some((n) => relative(text(n, "networkUrl") ?? "") === network),
        );
      if (other)
        throw new CloudError(
          "invalid",
          `googleapi: Error 400: Network '${network}' cannot be bound to this policy because it is already bound to another policy, '${other.id}'`,
        );
    }
  },
});

export const dnsPolicies: Provider = { types: { [policyType]: policy }, invokes: {} };
