import { CloudError } from "../behaviour.js";
import type { Props } from "../behaviour.js";
import { matches, oneOf, refuseUnless } from "./common.js";
import { type } from "./references.js";

export const firewallType = "aws:networkfirewall/firewall:Firewall";
export const policyType = "aws:networkfirewall/firewallPolicy:FirewallPolicy";
export const groupType = "aws:networkfirewall/ruleGroup:RuleGroup";

/** What every part of Network Firewall shares: names, errors, the customer's key. */
export const named = (inputs: Props) => [
  ...matches(inputs, "name", /^[a-zA-Z0-9-]{1,128}$/, "1 to 128 letters, digits and hyphens"),
  ...oneOf(inputs, "encryptionConfiguration.type", ["CUSTOMER_KMS", "AWS_OWNED_KMS_KEY"]),
];
export const taken = () =>
  new CloudError("InvalidRequestException", "A resource with the specified name already exists");
export const inUse = () =>
  new CloudError("InvalidOperationException", "Unable to delete the object because it is still in use");
export const refuse = (holds: boolean, message: string) =>
  refuseUnless(holds, "InvalidRequestException", message);

export const customerKey = {
  "encryptionConfiguration.keyId": {
    types: [type.key],
    by: "arn",
    weak: true,
    code: "InvalidRequestException",
    message: (key: string) =>
      `parameter: [EncryptionConfiguration.KeyId], the KMS key does not exist: ${key}`,
    except: /^AWS_OWNED_KMS_KEY$|^alias\/|:alias\//,
  },
};
