import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import { FakeCluster } from "../../support/ground.js";
import { refuses } from "../../support/refusals.js";

const job = "kubernetes:batch/v1:Job";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const meta = (name: string, namespace = "default") => ({ metadata: { name, namespace } });
const caller = { app: "caller" };
const server = { app: "server" };

const run = (cluster: FakeCluster, spec: Props = {}, pod: Props = {}, name = "caller") => {
  const container = { name: "c", image: "x/y:1", env: [{ name: "URL", value: "http://server:80/v1" }] };
  const template = {
    metadata: { labels: caller },
    spec: { restartPolicy: "Never", containers: [container], ...pod },
  };
  return cluster.make(job, { ...meta(name), spec: { template, ...spec } });
};
const policy = (cluster: FakeCluster, name: string, spec: Props) =>
  cluster.make(networkPolicy, { ...meta(name), spec });
const rule = (side: "to" | "from", labels: Props, port = 8080) => ({
  [side]: [{ podSelector: { matchLabels: labels } }],
  ports: [{ protocol: "TCP", port }],
});
const dns = {
  to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
  ports: [{ protocol: "UDP", port: 53 }],
};
const out = (cluster: FakeCluster, ...egress: Props[]) =>
  policy(cluster, "out", { podSelector: { matchLabels: caller }, policyTypes: ["Egress"], egress });
const into = (cluster: FakeCluster, ...ingress: Props[]) =>
  policy(cluster, "in", { podSelector: { matchLabels: server }, policyTypes: ["Ingress"], ingress });

/** A cluster with a server behind a service: port 80, which the pods have at 8080. */
function start(): FakeCluster {
  const cluster = new FakeCluster();
  cluster.make("kubernetes:apps/v1:Deployment", {
    ...meta("server"),
    spec: {
      selector: { matchLabels: server },
      template: { metadata: { labels: server }, spec: { containers: [{ name: "s", image: "x/s:1" }] } },
    },
  });
  cluster.make("kubernetes:core/v1:Service", {
    ...meta("server"),
    spec: { selector: server, ports: [{ port: 80, targetPort: 8080 }] },
  });
  return cluster;
}

describe("local cloud: Jobs", () => {
  it("complete where nothing keeps their pods from what they call", () => {
    const { state } = run(start());
    expect(state["status"]).to.include({ succeeded: 1 });
  });

  it("complete where the policies of both sides admit them", () => {
    const cluster = start();
    out(cluster, dns, rule("to", server));
    into(cluster, rule("from", { app: "other" }), rule("from", caller));
    expect(run(cluster).id).to.equal("default/caller");
  });

  it("take no room once they are done", () => {
    const cluster = start();
    const large = { name: "c", image: "x/y:1", resources: { requests: { cpu: "3" } } };
    for (let i = 0; i < 9; i++) run(cluster, {}, { containers: [large] }, `caller-${i}`);
  });

  it("are replaced for another template", () => {
    const cluster = start();
    const made = run(cluster);
    const spec = { template: { spec: { restartPolicy: "OnFailure" } } };
    expect(cluster.replaces(made, { ...meta("caller"), spec })).to.have.length.above(0);
  });

  refuses(start, [
    ["a name of 64 characters", /lowercase RFC 1123 label/, (c) => run(c, {}, {}, "j".repeat(64))],
    [
      "a negative deadline",
      /spec.activeDeadlineSeconds: Invalid value: -1/,
      (c) => run(c, { activeDeadlineSeconds: -1 }),
    ],
    [
      "to complete without the service that it calls",
      /backoff limit: http:\/\/none:80: getaddrinfo ENOTFOUND/,
      (c) =>
        run(
          c,
          {},
          { containers: [{ name: "c", image: "x/y:1", env: [{ name: "URL", value: "http://none:80" }] }] },
        ),
    ],
    ["to complete without DNS", /EAI_AGAIN/, (c) => (out(c, rule("to", server)), run(c))],
    [
      "to complete when it may not go there",
      /ETIMEDOUT/,
      (c) => (out(c, dns, rule("to", server, 80)), run(c)),
    ],
    [
      "to complete when it is not let in",
      /ETIMEDOUT/,
      (c) => (into(c, rule("from", { app: "other" })), run(c)),
    ],
    [
      "to complete past a policy for every pod",
      /EAI_AGAIN/,
      (c) => (policy(c, "deny", { podSelector: {}, policyTypes: ["Egress"] }), run(c)),
    ],
  ]);
});
