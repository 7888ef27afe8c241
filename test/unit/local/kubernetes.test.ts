import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import { FakeCluster } from "../../support/ground.js";
import { refuses } from "../../support/refusals.js";

const namespace = "kubernetes:core/v1:Namespace";
const secret = "kubernetes:core/v1:Secret";
const configMap = "kubernetes:core/v1:ConfigMap";
const serviceAccount = "kubernetes:core/v1:ServiceAccount";
const service = "kubernetes:core/v1:Service";
const deployment = "kubernetes:apps/v1:Deployment";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const budget = "kubernetes:policy/v1:PodDisruptionBudget";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const job = "kubernetes:batch/v1:Job";
const role = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
const binding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";

const labels = { app: "core" };
const safe = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
const meta = (name: string, more: Props = {}) => ({ metadata: { name, namespace: "app", ...more } });
const container = (change: Props = {}) => ({
  name: "core",
  image: "ghcr.io/x/core:1",
  securityContext: safe,
  ...change,
});
const workload = (pod: Props = {}, first: Props = {}, spec: Props = {}) => ({
  ...meta("core"),
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container(first)], ...pod } },
    ...spec,
  },
});

/** A cluster with a namespace under the restricted standard. */
function start(): FakeCluster {
  const cluster = new FakeCluster();
  cluster.make(namespace, {
    metadata: { name: "app", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
  return cluster;
}

describe("local cloud: Kubernetes", () => {
  it("gives ids, metadata and status, and counts changes", () => {
    const cluster = start();
    const made = cluster.make(deployment, workload({}, {}, { replicas: 2 }));
    expect(made.id).to.equal("app/core");
    const { uid, generation } = made.state["metadata"] as Props;
    expect(uid).to.match(/^[0-9a-f-]{36}$/);
    expect(made.state["status"]).to.include({ readyReplicas: 2 });
    const after = cluster.update(made, workload({}, {}, { replicas: 3 })).state["metadata"];
    expect(after).to.include({ uid, generation: Number(generation) + 1 });
  });

  it("names what has no name", () => {
    const { id, state } = start().make(configMap, { metadata: { namespace: "app" } });
    expect(id).to.match(/^app\/object-[0-9a-f]+$/);
    expect(state["metadata"]).to.include({ name: id.slice(4) });
  });

  it("makes a service account in every namespace, and takes all content along with it", () => {
    const cluster = start();
    const { world } = cluster.ground;
    cluster.make(deployment, workload());
    const [made] = world.list(namespace);
    expect(world.list(serviceAccount).map((each) => each.id)).to.deep.equal(["app/default"]);
    if (made) cluster.delete(made);
    for (const type of [deployment, serviceAccount, configMap])
      expect(world.list(type), type).to.have.length(0);
  });

  it("replaces for names, selectors and a Secret's content, and updates for the rest", () => {
    const cluster = start();
    const made = cluster.make(deployment, workload());
    expect(cluster.replaces(made, workload({}, { image: "x:2" }))).to.have.length(0);
    expect(cluster.replaces(made, { ...workload(), ...meta("other") })).to.deep.equal(["metadata.name"]);
    expect(
      cluster.replaces(made, workload({}, {}, { selector: { matchLabels: { app: "x" } } })),
    ).to.have.length(1);
    const content = cluster.make(secret, { ...meta("s"), stringData: { a: "1" } });
    expect(cluster.replaces(content, { ...meta("s"), stringData: { a: "2" } })).to.have.length(1);
  });

  it("stores a Secret's plain values encoded", () => {
    expect(start().make(secret, { ...meta("s"), stringData: { a: "1" } }).state["data"]).to.deep.equal({
      a: "MQ==",
    });
  });

  it("gives services addresses of the cluster's range and free node ports", () => {
    const cluster = start();
    const make = (name: string) =>
      cluster.make(service, {
        ...meta(name),
        spec: { type: "NodePort", selector: labels, ports: [{ port: 80 }] },
      }).state["spec"] as { clusterIP: string; ports: { nodePort: number; targetPort: number }[] };
    const [one, two] = [make("one"), make("two")];
    expect(one.clusterIP).to.match(/^172\.20\./);
    expect(one.clusterIP).to.not.equal(two.clusterIP);
    expect(one.ports[0]?.nodePort).to.be.within(30000, 32767).and.not.equal(two.ports[0]?.nodePort);
    expect(one.ports[0]?.targetPort).to.equal(80);
  });

  const deploy =
    (pod: Props = {}, first: Props = {}, spec: Props = {}) =>
    (cluster: FakeCluster) =>
      cluster.make(deployment, workload(pod, first, spec));
  const env = (valueFrom: Props) => deploy({}, { env: [{ name: "A", valueFrom }] });

  describe("unready pods", () => {
    refuses(start, [
      [
        "pods on a cluster without nodes",
        /no nodes available to schedule pods/,
        () => new FakeCluster({ bare: true }).make(deployment, { ...workload(), metadata: { name: "core" } }),
      ],
      [
        "pods that break the restricted standard",
        /violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false.*unrestricted capabilities.*runAsNonRoot != true.*seccompProfile/,
        deploy({}, { securityContext: {} }),
      ],
      ["a pod as root", /runAsUser=0/, deploy({}, { securityContext: { ...safe, runAsUser: 0 } })],
      [
        "host paths",
        /restricted volume types \(volume "v" uses restricted volume type "hostPath"\)/,
        deploy({ volumes: [{ name: "v", hostPath: { path: "/" } }] }),
      ],
      [
        "a service account that is not there",
        /serviceaccount "none" not found/,
        deploy({ serviceAccountName: "none" }),
      ],
      [
        "a pull secret that is not there",
        /Unable to retrieve some image pull secrets \(none\)/,
        deploy({ imagePullSecrets: [{ name: "none" }] }),
      ],
      [
        "a secret that is not there",
        /CreateContainerConfigError: .*secret "none" not found/,
        env({ secretKeyRef: { name: "none", key: "k" } }),
      ],
      [
        "a secret's key that is not there",
        /couldn't find key k in Secret app\/s/,
        (c) => (
          c.make(secret, { ...meta("s"), stringData: { a: "1" } }),
          env({ secretKeyRef: { name: "s", key: "k" } })(c)
        ),
      ],
      [
        "a config map that is not there",
        /configmap "none" not found/,
        deploy({}, { envFrom: [{ configMapRef: { name: "none" } }] }),
      ],
      [
        "a volume's secret that is not there",
        /MountVolume\.SetUp failed for volume "v" : secret "none" not found/,
        deploy({ volumes: [{ name: "v", secret: { secretName: "none" } }] }),
      ],
      [
        "a priority that is not there",
        /no PriorityClass with name high was found/,
        deploy({ priorityClassName: "high" }),
      ],
      [
        "more memory than a node has",
        /Insufficient memory/,
        deploy({}, { resources: { requests: { memory: "20Gi" } } }),
      ],
      [
        "more processors than all nodes have",
        /Insufficient cpu/,
        deploy({}, { resources: { requests: { cpu: "3" } } }, { replicas: 6 }),
      ],
      [
        "a GPU where there is none",
        /Insufficient nvidia\.com\/gpu/,
        deploy({}, { resources: { limits: { "nvidia.com/gpu": 1 } } }),
      ],
      [
        "a node selector that fits no node",
        /didn't match Pod's node affinity\/selector/,
        deploy({ nodeSelector: { gpu: "yes" } }),
      ],
      [
        "a probe of a port that has no such name",
        /couldn't find port: http/,
        deploy({}, { livenessProbe: { httpGet: { port: "http" } } }),
      ],
    ]);
  });

  describe("the API server", () => {
    const serve =
      (spec: Props, name = "web") =>
      (cluster: FakeCluster) =>
        cluster.make(service, { ...meta(name), spec: { selector: labels, ...spec } });
    const scale = (spec: Props) => (cluster: FakeCluster) => {
      cluster.make(deployment, workload());
      return cluster.make(autoscaler, {
        ...meta("core"),
        spec: { scaleTargetRef: { kind: "Deployment", name: "core" }, maxReplicas: 2, ...spec },
      });
    };
    const node = { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] };
    refuses(start, [
      [
        "a cluster that is not there",
        /configured Kubernetes cluster is unreachable/,
        (c) => c.make(configMap, meta("x"), "https://none"),
      ],
      [
        "a namespace that is not there",
        /namespaces "none" not found/,
        (c) => c.make(configMap, meta("x", { namespace: "none" })),
      ],
      [
        "a second object of the name",
        /configmaps "x" already exists/,
        (c) => (c.make(configMap, meta("x")), c.make(configMap, meta("x"))),
      ],
      ["a name with capitals", /lowercase RFC 1123 subdomain/, (c) => c.make(configMap, meta("Core"))],
      [
        "a namespace of 64 characters",
        /lowercase RFC 1123 label/,
        (c) => c.make(namespace, { metadata: { name: "n".repeat(64) } }),
      ],
      [
        "a label of 64 characters",
        /a valid label must be/,
        (c) => c.make(configMap, meta("x", { labels: { a: "l".repeat(64) } })),
      ],
      [
        "a Pod Security level that there is not",
        /must be one of privileged, baseline, restricted/,
        (c) =>
          c.make(namespace, {
            metadata: { name: "n", labels: { "pod-security.kubernetes.io/enforce": "strict" } },
          }),
      ],
      [
        "a selector that misses its pods",
        /`selector` does not match template `labels`/,
        deploy({}, {}, { selector: { matchLabels: { app: "other" } } }),
      ],
      [
        "a container without an image",
        /containers\[0\]\.image: Required value/,
        deploy({}, { image: undefined }),
      ],
      [
        "a mount of no volume",
        /volumeMounts\[0\]\.name: Not found: "v"/,
        deploy({}, { volumeMounts: [{ name: "v", mountPath: "/v" }] }),
      ],
      [
        "requests above limits",
        /must be less than or equal to cpu limit of 100m/,
        deploy({}, { resources: { requests: { cpu: "200m" }, limits: { cpu: "100m" } } }),
      ],
      [
        "a quantity that is none",
        /quantities must match/,
        deploy({}, { resources: { requests: { memory: "1 GB" } } }),
      ],
      [
        "a node port out of range",
        /The range of valid ports is 30000-32767/,
        serve({ type: "NodePort", ports: [{ port: 80, nodePort: 8080 }] }),
      ],
      [
        "a node port that is taken",
        /30080: provided port is already allocated/,
        (c) => (serve(node, "one")(c), serve(node, "two")(c)),
      ],
      [
        "a node port of a cluster address",
        /may not be used when `type` is 'ClusterIP'/,
        serve({ ports: [{ port: 80, nodePort: 30080 }] }),
      ],
      [
        "two ports without names",
        /ports\[0\]\.name: Required value/,
        serve({ ports: [{ port: 80 }, { port: 81 }] }),
      ],
      [
        "a load balancer of a controller's",
        /does not know services of type LoadBalancer/,
        serve({ type: "LoadBalancer", ports: [{ port: 80 }] }),
      ],
      [
        "data that is not encoded",
        /illegal base64 data/,
        (c) => c.make(secret, { ...meta("s"), data: { a: "not base64!" } }),
      ],
      [
        "a registry's credentials without their key",
        /\.dockerconfigjson\]: Required value/,
        (c) =>
          c.make(secret, { ...meta("s"), type: "kubernetes.io/dockerconfigjson", stringData: { a: "1" } }),
      ],
      [
        "an autoscaler of nothing",
        /deployments\.apps "none" not found/,
        (c) =>
          c.make(autoscaler, {
            ...meta("x"),
            spec: { scaleTargetRef: { kind: "Deployment", name: "none" }, maxReplicas: 2 },
          }),
      ],
      [
        "an autoscaler with its limits crossed",
        /must be greater than or equal to `minReplicas`/,
        scale({ minReplicas: 3 }),
      ],
      [
        "scaling by what the pods do not ask for",
        /missing request for cpu/,
        scale({
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
            },
          ],
        }),
      ],
      [
        "a budget with both bounds",
        /cannot be both set/,
        (c) => c.make(budget, { ...meta("b"), spec: { minAvailable: 1, maxUnavailable: 1 } }),
      ],
      [
        "a network policy with a bad block",
        /must be a valid CIDR value/,
        (c) =>
          c.make(networkPolicy, {
            ...meta("n"),
            spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.1/8" } }] }] },
          }),
      ],
      [
        "a network policy with a bad port",
        /egress\[0\]\.ports\[0\]\.port/,
        (c) =>
          c.make(networkPolicy, {
            ...meta("n"),
            spec: { podSelector: {}, egress: [{ ports: [{ port: 70000 }] }] },
          }),
      ],
      [
        "a job that restarts for ever",
        /restartPolicy: Required value/,
        (c) => c.make(job, { ...meta("j"), spec: { template: { spec: { containers: [container()] } } } }),
      ],
      [
        "a role without verbs",
        /verbs must contain at least one value/,
        (c) => c.make(role, { metadata: { name: "r" }, rules: [{ apiGroups: [""], resources: ["pods"] }] }),
      ],
      [
        "a binding to no role",
        /clusterroles\.rbac\.authorization\.k8s\.io "none" not found/,
        (c) =>
          c.make(binding, {
            metadata: { name: "b" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "none" },
          }),
      ],
    ]);
  });
});
