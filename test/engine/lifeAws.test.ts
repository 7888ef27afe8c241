import { wholeLife } from "../support/wholeLife.js";

wholeLife({
  stack: "dev",
  secrets: {
    "aws:rds/cluster:Cluster": ({ inputs }) => inputs["masterPassword"],
    "aws:elasticache/replicationGroup:ReplicationGroup": ({ inputs }) => inputs["authToken"],
  },
  drift: { type: "aws:rds/cluster:Cluster", change: { backupRetentionPeriod: 1 } },
  lost: "aws:wafv2/webAclAssociation:WebAclAssociation",
});
