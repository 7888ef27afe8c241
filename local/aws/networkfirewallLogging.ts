import type { Behaviour } from "../behaviour.js";
import { at, oneOf, refuseUnless, text } from "./common.js";
import { firewallType } from "./networkfirewallShared.js";
import { type } from "./references.js";

const configs = "loggingConfiguration.logDestinationConfigs";

/** Where a firewall writes its logs. */
export const loggingConfiguration: Behaviour = {
  source: "Network Firewall UpdateLoggingConfiguration, LogDestinationConfig",
  required: ["firewallArn", "loggingConfiguration", configs],
  replaces: ["firewallArn"],
  check: (inputs) => [
    ...oneOf(inputs, `${configs}[].logType`, ["ALERT", "FLOW", "TLS"]),
    ...oneOf(inputs, `${configs}[].logDestinationType`, ["CloudWatchLogs", "KinesisDataFirehose", "S3"]),
  ],
  references: {
    firewallArn: {
      types: [firewallType],
      by: "arn",
      code: "ResourceNotFoundException",
      message: (id) => `Resource not found: ${id}`,
    },
    [`${configs}[].logDestination.logGroup`]: {
      types: [type.logGroup],
      weak: true,
      code: "InvalidRequestException",
      message: (name) => `The log destination is invalid: the log group ${name} does not exist`,
    },
    [`${configs}[].logDestination.bucketName`]: {
      types: [type.bucket],
      weak: true,
      anyRegion: true,
      code: "InvalidRequestException",
      message: (name) => `The log destination is invalid: the bucket ${name} does not exist`,
    },
  },
  admit: (inputs) => {
    const kinds = at(inputs, `${configs}[].logType`);
    refuseUnless(
      new Set(kinds).size === kinds.length,
      "InvalidRequestException",
      "Each log type can have one destination only",
    );
    const key = { CloudWatchLogs: "logGroup", S3: "bucketName", KinesisDataFirehose: "deliveryStream" };
    for (const config of at(inputs, `${configs}[]`)) {
      const property = Object.entries(key).find(([kind]) => kind === text(config, "logDestinationType"))?.[1];
      refuseUnless(
        text(config, `logDestination.${property}`) !== undefined,
        "InvalidRequestException",
        `The log destination needs the key ${property}`,
      );
    }
  },
  id: (inputs) => text(inputs, "firewallArn") ?? "",
  outputs: (_, { region }) => ({ region }),
};
