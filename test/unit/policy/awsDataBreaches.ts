import { denials } from "./awsStack.js";
import type { Breach, Rows } from "./cases.js";
import { document, toBreaches } from "./cases.js";

const alias = "alias/aws/rds";

/** Changes of the good stack that break the policies on what is stored, sent and logged. */
const rows: Rows = {
  "tls-in-transit": [
    [
      "https",
      /2016-08.*right is one from TLS 1\.2/,
      { set: { "https.sslPolicy": "ELBSecurityPolicy-2016-08" } },
    ],
    ["https", /TLS13-1-0/, { set: { "https.sslPolicy": "ELBSecurityPolicy-TLS13-1-0-2021-06" } }],
    ["https", /sslPolicy is nothing/, { set: { "https.sslPolicy": undefined } }],
    ["https", /protocol is "TCP"/, { set: { "https.protocol": "TCP" } }],
    ["http", /answers by "forward"/, { set: { "http.defaultActions.0.type": "forward" } }],
    [
      "http",
      /redirects to "#\{protocol\}"/,
      { set: { "http.defaultActions.0.redirect.protocol": "#{protocol}" } },
    ],
    ["rule", /answers by "forward"/, { set: { "rule.listenerArn": "arn:http" } }],
    ["parameters", /rds\.force_ssl is "0"/, { set: { "parameters.parameters.0.value": "0" } }],
    [
      "parameters",
      /ssl_min_protocol_version is "TLSv1"/,
      { set: { "parameters.parameters.1.value": "TLSv1" } },
    ],
    [
      "database",
      /names no parameter group/,
      { set: { "database.dbClusterParameterGroupName": "default.aurora-postgresql16" } },
    ],
    ["single", /names no parameter group/, { set: { "single.parameterGroupName": undefined } }],
    ["cache", /transitEncryptionEnabled is off/, { set: { "cache.transitEncryptionEnabled": false } }],
    ["cache", /"preferred"/, { set: { "cache.transitEncryptionMode": "preferred" } }],
    [
      "cache-node",
      /transitEncryptionEnabled is off/,
      { set: { "cache-node.replicationGroupId": undefined } },
    ],
    ["bucket-policy", /requests without TLS/, { set: { "bucket-policy.policy": document(denials[1]!) } }],
    ["bucket-policy", /older than 1\.2/, { set: { "bucket-policy.policy": document(denials[0]!) } }],
    ["bucket", /has no policy/, { drop: ["bucket-policy"] }],
  ],
  "private-stores": [
    ["instance", /publiclyAccessible is true/, { set: { "instance.publiclyAccessible": true } }],
    ["single", /publiclyAccessible is true/, { set: { "single.publiclyAccessible": true } }],
    ["database", /vpcSecurityGroupIds is empty/, { set: { "database.vpcSecurityGroupIds": [] } }],
    ["store-in", /admits "10\.0\.0\.0\/16"/, { set: { "store-in.cidrIpv4": "10.0.0.0/16" } }],
    ["store-in", /admits "pl-1"/, { set: { "store-in.prefixListId": "pl-1" } }],
    [
      "store-group",
      /admits "10\.0\.0\.0\/8"/,
      {
        set: {
          "store-group.ingress": [
            { protocol: "tcp", fromPort: 6379, toPort: 6379, cidrBlocks: ["10.0.0.0/8"] },
          ],
        },
      },
    ],
  ],
  "private-buckets": [
    ["block", /blockPublicPolicy is off/, { set: { "block.blockPublicPolicy": false } }],
    ["bucket", /no public access block/, { set: { "block.bucket": "another" } }],
  ],
  "encryption-at-rest": [
    ["database", /storageEncrypted is false/, { set: { "database.storageEncrypted": false } }],
    ["database", /kmsKeyId is nothing/, { set: { "database.kmsKeyId": undefined } }],
    ["single", /alias\/aws\/rds/, { set: { "single.kmsKeyId": alias } }],
    [
      "instance",
      /performanceInsightsKmsKeyId/,
      { set: { "instance.performanceInsightsKmsKeyId": undefined } },
    ],
    ["cache", /atRestEncryptionEnabled/, { set: { "cache.atRestEncryptionEnabled": undefined } }],
    ["cluster", /lacks secrets/, { set: { "cluster.encryptionConfig": undefined } }],
    ["template", /ebs\.encrypted/, { set: { "template.blockDeviceMappings.0.ebs.encrypted": undefined } }],
    ["template", /blockDeviceMappings is empty/, { set: { "template.blockDeviceMappings": [] } }],
    ["volume", /encrypted is false/, { set: { "volume.encrypted": false } }],
    ["log-group", /kmsKeyId/, { set: { "log-group.kmsKeyId": "" } }],
    ["secret", /kmsKeyId/, { set: { "secret.kmsKeyId": "alias/aws/secretsmanager" } }],
    ["secret", /kmsKeyId/, { set: { "secret.replicas": [{ region: "us-west-2" }] } }],
    [
      "bucket-encryption",
      /sseAlgorithm is "none"/,
      { set: { "bucket-encryption.rules.0.applyServerSideEncryptionByDefault.sseAlgorithm": "none" } },
    ],
    ["bucket", /encryption is not stated/, { drop: ["bucket-encryption"] }],
    [
      "firewall",
      /AWS_OWNED_KMS_KEY/,
      { set: { "firewall.encryptionConfiguration.type": "AWS_OWNED_KMS_KEY" } },
    ],
    ["key", /enableKeyRotation/, { set: { "key.enableKeyRotation": false } }],
  ],
  "logs-on": [
    [
      "cluster",
      /lacks audit, scheduler/,
      { set: { "cluster.enabledClusterLogTypes": ["api", "authenticator", "controllerManager"] } },
    ],
    ["alb", /accessLogs are off/, { set: { "alb.accessLogs.enabled": false } }],
    ["database", /LogsExports is empty/, { set: { "database.enabledCloudwatchLogsExports": [] } }],
    ["cache", /lacks the slow-log/, { set: { "cache.logDeliveryConfigurations.0.logType": "engine-log" } }],
    ["flow", /"REJECT"/, { set: { "flow.trafficType": "REJECT" } }],
    [
      "firewall-logs",
      /no FLOW log/,
      { set: { "firewall-logs.loggingConfiguration.logDestinationConfigs": [{ logType: "ALERT" }] } },
    ],
    ["log-group", /retentionInDays/, { set: { "log-group.retentionInDays": 0 } }],
    ["vpc", /no flow log/, { drop: ["flow"] }],
    ["vpc", /DNS queries/, { set: { "queries.resourceId": "vpc-2" } }],
    ["web-acl", /not logged/, { drop: ["waf-logs"] }],
    ["firewall", /not logged/, { drop: ["firewall-logs"] }],
  ],
};

export const awsDataBreaches: Breach[] = toBreaches(rows);
