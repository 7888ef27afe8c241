import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { cloudArmorRules } from "./cloudArmorRules.js";
import type { CloudArmorRuleArgs } from "./cloudArmorRules.js";

export interface CloudArmorArgs extends CloudArmorRuleArgs {
  prefix: string;
}

/**
 * The Cloud Armor security policy of the load balancer's backends: hidden paths, admin paths by source, Google's
 * rule sets on requests without a body, the rate of each address, and nobody from outside the allowed networks.
 * What it decides is in the load balancer's log.
 */
export class CloudArmor extends pulumi.ComponentResource {
  readonly policyId: pulumi.Output<string>;
  readonly selfLink: pulumi.Output<string>;

  constructor(name: string, args: CloudArmorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:gcp:CloudArmor", name, args, opts);
    const policy = new gcp.compute.SecurityPolicy(
      `${name}-policy`,
      {
        name: physicalName("gcp:securityPolicy", args.prefix),
        description: "Ingress of the gateway",
        type: "CLOUD_ARMOR",
        rules: cloudArmorRules(args),
        advancedOptionsConfig: {
          // What is reported of a body is then a field of it, and not an accident of its punctuation.
          jsonParsing: "STANDARD",
          // VERBOSE would write what matched, parts of prompts and keys, into the log.
          logLevel: "NORMAL",
        },
      },
      { parent: this },
    );
    this.policyId = policy.id;
    this.selfLink = policy.selfLink;
    this.registerOutputs({ policyId: this.policyId, selfLink: this.selfLink });
  }
}
