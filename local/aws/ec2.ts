import { merge } from "./common.js";
import { ec2Dhcp } from "./ec2Dhcp.js";
import { ec2Endpoints } from "./ec2Endpoints.js";
import { ec2FlowLog } from "./ec2FlowLog.js";
import { ec2Gateways } from "./ec2Gateways.js";
import { ec2LaunchTemplate } from "./ec2LaunchTemplate.js";
import { ec2Routes } from "./ec2Routes.js";
import { ec2SecurityGroups } from "./ec2SecurityGroups.js";
import { ec2Vpc } from "./ec2Vpc.js";

export const ec2 = merge(
  ec2Vpc,
  ec2Dhcp,
  ec2Routes,
  ec2Gateways,
  ec2Endpoints,
  ec2FlowLog,
  ec2SecurityGroups,
  ec2LaunchTemplate,
);
