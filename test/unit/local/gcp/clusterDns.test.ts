import { expect } from "chai";
import type { Props } from "../../../../local/behaviour.js";
import { kubernetes } from "../../../../local/kubernetes/index.js";
import { Operations } from "../../../../local/operations.js";
import { text } from "../../../../local/rules.js";
import { byName, GcpCluster } from "../../../support/gcpCluster.js";

const labels = { app: "caller" };
const meta = (name: string) => ({ metadata: { name, namespace: "default" } });

/** Whether a Job of a GKE cluster completes that may send to pods in kube-system with these labels, and to its server. */
function completes(...dns: string[]): boolean {
  const cloud = new GcpCluster();
  const pool = cloud.pool({}, {}, byName);
  const { state } = cloud.world.find("gcp:container/cluster:Cluster", text(pool.inputs, "cluster") ?? "")!;
  const region = `https://${text(state, "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint")}`;
  const operations = new Operations({ kubernetes }, cloud.world);
  const make = (type: string, spec: Props, name = "server") => {
    const { inputs } = operations.check(type, name, { ...meta(name), spec }, undefined, new Uint8Array(8));
    return operations.create(type, name, inputs, { region });
  };
  const server = { app: "server" };
  const containers = [{ name: "s", image: "x/s:1", env: [{ name: "URL", value: "http://server:80" }] }];
  make("kubernetes:apps/v1:Deployment", {
    selector: { matchLabels: server },
    template: { metadata: { labels: server }, spec: { containers } },
  });
  make("kubernetes:core/v1:Service", { selector: server, ports: [{ port: 80, targetPort: 80 }] });
  make("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
    podSelector: { matchLabels: labels },
    policyTypes: ["Egress"],
    egress: [
      { to: [{ podSelector: { matchLabels: server } }] },
      ...dns.map((name) => ({
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { "k8s-app": name } } }],
      })),
    ],
  });
  try {
    const template = { metadata: { labels }, spec: { restartPolicy: "Never", containers } };
    make("kubernetes:batch/v1:Job", { template }, "caller");
    return true;
  } catch (error) {
    expect(String(error)).to.match(/EAI_AGAIN/);
    return false;
  }
}

describe("local cloud: names in a GKE cluster", () => {
  it("come from the cache on the node, which policies have to let pods reach", () => {
    expect(completes("kube-dns")).to.equal(false);
    expect(completes("kube-dns", "node-local-dns")).to.equal(true);
  });
});
