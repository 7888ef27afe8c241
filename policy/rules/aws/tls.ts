import { names, ofTypes, unaccompanied } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, isObject, list, missing, show, unknown } from "../../values.js";
import { bucketLink, statements } from "./documents.js";

const listener = "aws:lb/listener:Listener";

/** Security policies that begin at TLS 1.2. Source: "Security policies for your Application Load Balancer", ELB. */
const modern = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

function* judgeListener({ props }: Resource): Iterable<string> {
  const protocol = at(props, "protocol");
  if (protocol === "HTTP") {
    for (const action of list(at(props, "defaultActions"))) yield* judgePlainAction(action);
  } else if (protocol === "HTTPS" || protocol === "TLS") {
    const policy = at(props, "sslPolicy");
    // Left out, ELB takes a policy of 2016, which begins at TLS 1.0.
    if (missing(policy) || (typeof policy === "string" && !modern.test(policy)))
      yield `sslPolicy is ${show(policy)}; right is one from TLS 1.2 on, such as ELBSecurityPolicy-TLS13-1-2-2021-06`;
  } else if (protocol !== unknown) {
    yield `protocol is ${show(protocol)}; right is HTTPS, or HTTP that redirects to it`;
  }
}

function* judgePlainAction(action: unknown): Iterable<string> {
  const type = at(action, "type");
  if (differs(type, "redirect"))
    yield `a plain HTTP listener answers by ${show(type)}; right is a redirect to HTTPS`;
  // "#{protocol}" is the default of a redirect: it would lead back here.
  else if (type !== unknown && differs(at(action, "redirect", "protocol"), "HTTPS"))
    yield `a plain HTTP listener redirects to ${show(at(action, "redirect", "protocol"))}; right is HTTPS`;
}

function* judgePlainRules(resources: Resource[]): Iterable<Finding> {
  const plain = ofTypes(resources, listener).filter(({ props }) => at(props, "protocol") === "HTTP");
  for (const resource of ofTypes(resources, "aws:lb/listenerRule:ListenerRule")) {
    const on = { property: "listenerArn", by: ["arn", "id"] };
    if (!plain.some((one) => names(resource, on, one) === true)) continue;
    for (const action of list(at(resource.props, "actions")))
      for (const message of judgePlainAction(action)) yield { resource, message };
  }
}

const parameterGroups = [
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  "aws:rds/parameterGroup:ParameterGroup",
];

/** Both are stated, because their defaults differ from one major version to the next. */
const parameters: Record<string, string[]> = {
  "rds.force_ssl": ["1"],
  ssl_min_protocol_version: ["TLSv1.2", "TLSv1.3"],
};

function* judgeParameters({ props }: Resource): Iterable<string> {
  const set = list(at(props, "parameters"));
  if (set.some((one) => one === unknown || at(one, "name") === unknown)) return;
  for (const [name, right] of Object.entries(parameters)) {
    const value = at(
      set.find((one) => at(one, "name") === name),
      "value",
    );
    if (differs(value, ...right)) yield `parameter ${name} is ${show(value)}; right is ${right.join(" or ")}`;
  }
}

function* judgeDatabases(resources: Resource[]): Iterable<Finding> {
  const groups = ofTypes(resources, ...parameterGroups);
  const uses: Record<string, string> = {
    "aws:rds/cluster:Cluster": "dbClusterParameterGroupName",
    "aws:rds/instance:Instance": "parameterGroupName",
  };
  for (const [type, property] of Object.entries(uses))
    for (const resource of ofTypes(resources, type)) {
      const to = { property, by: ["name", "id"] };
      if (groups.every((group) => names(resource, to, group) === false))
        yield {
          resource,
          message: `${property} names no parameter group of this stack; right is one that sets rds.force_ssl`,
        };
    }
}

function* judgeReplicationGroup({ props }: Resource): Iterable<string> {
  if (differs(at(props, "transitEncryptionEnabled"), true, "true"))
    yield "transitEncryptionEnabled is off; right is true";
  const mode = at(props, "transitEncryptionMode");
  if (differs(mode, "required"))
    yield `transitEncryptionMode is ${show(mode)}; right is required: preferred admits plain text`;
}

function* judgeCacheCluster({ props }: Resource): Iterable<string> {
  const member = !missing(at(props, "replicationGroupId"));
  if (!member && differs(at(props, "transitEncryptionEnabled"), true, "true"))
    yield "transitEncryptionEnabled is off; right is true";
}

/** What S3 has to refuse, as operator, key and value of a Deny. */
const refused = [
  { what: "requests without TLS", operator: "Bool", key: "aws:SecureTransport", values: ["false", false] },
  { what: "TLS older than 1.2", operator: "NumericLessThan", key: "s3:TlsVersion", values: ["1.2", 1.2] },
];

function* judgeBucketPolicy({ props }: Resource): Iterable<string> {
  const document = statements(at(props, "policy"));
  if (document === unknown) return;
  for (const { what, operator, key, values } of refused) {
    const denied = document.some(({ effect, actions, anyone, statement }) => {
      const condition = at(statement, "Condition");
      const only = isObject(condition) && Object.keys(condition).length === 1;
      const value = at(condition, operator, key);
      return (
        effect === "Deny" &&
        anyone &&
        actions.includes("s3:*") &&
        only &&
        list(value).some((one) => values.some((right) => right === one))
      );
    });
    if (!denied)
      yield `the bucket's policy does not deny ${what}; right is a Deny of s3:* to * on ${operator} ${key}`;
  }
}

export const tls: Rule = {
  each: {
    ...forTypes([listener, "aws:alb/listener:Listener"], judgeListener),
    ...forTypes(parameterGroups, judgeParameters),
    "aws:elasticache/replicationGroup:ReplicationGroup": judgeReplicationGroup,
    "aws:elasticache/cluster:Cluster": judgeCacheCluster,
    "aws:s3/bucketPolicy:BucketPolicy": judgeBucketPolicy,
  },
  *together(resources) {
    yield* judgePlainRules(resources);
    yield* judgeDatabases(resources);
    yield* unaccompanied(
      resources,
      "aws:s3/bucket:Bucket",
      { type: "aws:s3/bucketPolicy:BucketPolicy", ...bucketLink },
      "the bucket has no policy; right is one that denies what comes without TLS 1.2",
    );
  },
};
