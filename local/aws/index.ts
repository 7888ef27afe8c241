import type { Provider } from "../behaviour.js";
import { account } from "./account.js";
import { acm } from "./acm.js";
import { autoscaling } from "./autoscaling.js";
import { cloudwatch } from "./cloudwatch.js";
import { cloudwatchAlarm } from "./cloudwatchAlarm.js";
import { merge } from "./common.js";
import { ec2 } from "./ec2.js";
import { eks } from "./eks.js";
import { elasticache } from "./elasticache.js";
import { globalaccelerator } from "./globalaccelerator.js";
import { iam } from "./iam.js";
import { kms } from "./kms.js";
import { lb } from "./lb.js";
import { networkfirewall } from "./networkfirewall.js";
import { rds } from "./rds.js";
import { route53 } from "./route53.js";
import { route53HealthCheck } from "./route53HealthCheck.js";
import { route53resolver } from "./route53resolver.js";
import { s3 } from "./s3.js";
import { secretsmanager } from "./secretsmanager.js";
import { wafv2 } from "./wafv2.js";

export { seed } from "./route53Zone.js";

/** All that the local cloud knows of AWS. */
export const aws: Provider = merge(
  account,
  acm,
  autoscaling,
  cloudwatch,
  cloudwatchAlarm,
  ec2,
  eks,
  elasticache,
  globalaccelerator,
  iam,
  kms,
  lb,
  networkfirewall,
  rds,
  route53,
  route53HealthCheck,
  route53resolver,
  s3,
  secretsmanager,
  wafv2,
);
