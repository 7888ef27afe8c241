import { expect } from "chai";
import fc from "fast-check";
import { catalogue } from "../../../components/kubernetes/catalogue.js";
import type { ServiceName, WorkloadName } from "../../../components/kubernetes/catalogue.js";
import { selectorLabels } from "../../../components/kubernetes/pod.js";
import { allowDns, denyAll, policySpec } from "../../../components/kubernetes/policyRules.js";
import type { Peers } from "../../../components/kubernetes/policyRules.js";
import { edges, publicBackends, serviceNames, workloads } from "../../../components/kubernetes/selection.js";

const smallest: ServiceName[] = ["core", "admin", "webapp", "flag"];
const someServices = fc.subarray([...serviceNames]);

/** Plain, since everything that is compared here is known without an engine. */
type Plain = Record<string, unknown>;
const plain = <T>(value: unknown) => JSON.parse(JSON.stringify(value)) as T;

const peers: Peers = {
  clientCidrs: ["10.10.0.0/20", "10.10.64.0/20"],
  database: { cidrs: ["10.10.128.0/24"], port: 5432 },
  cache: { cidrs: ["10.10.129.0/24"], port: 6379 },
  clusterCidrs: ["10.10.0.0/16", "172.20.0.0/16"],
  endpointCidrs: ["10.10.192.0/24"],
  identityEndpoints: [{ cidr: "169.254.170.23/32", port: 80 }],
};

interface Rule {
  from?: Plain[];
  to?: Plain[];
  ports: { protocol: string; port: number }[];
}
interface Policy {
  podSelector: Plain;
  policyTypes: string[];
  ingress: Rule[];
  egress: Rule[];
}
const policyOf = (name: WorkloadName, services: ServiceName[], around: Peers = peers) =>
  plain<Policy>(policySpec(catalogue[name], edges(services), around));

describe("the network policies", () => {
  it("deny everything to every pod first", () => {
    expect(denyAll).to.deep.equal({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    });
  });

  it("let every pod ask the cluster's DNS and nobody else's", () => {
    const [rule, ...others] = plain<Policy>(allowDns).egress;
    expect(others).to.deep.equal([]);
    expect(rule?.to).to.deep.equal([
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
        // GKE's caches on the nodes stand in for kube-dns there.
        podSelector: {
          matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns", "node-local-dns"] }],
        },
      },
    ]);
    expect(rule?.ports.map((p) => `${p.protocol} ${p.port}`)).to.deep.equal(["UDP 53", "TCP 53"]);
  });

  it("hold one pair of rules per call, on the port of the called, and no other rule between pods", () => {
    fc.assert(
      fc.property(someServices, (services) => {
        const between = (side: "ingress" | "egress") =>
          workloads(services).flatMap(({ name }) =>
            policyOf(name, services)[side].flatMap((rule) =>
              (rule.from ?? rule.to ?? [])
                .filter((peer) => "podSelector" in peer)
                .map((peer) => [
                  plain(selectorLabels(name)),
                  (peer.podSelector as Plain).matchLabels,
                  rule.ports,
                ]),
            ),
          );
        const expected = edges(services).map(({ from, to, port }) => ({ from, to, port }));
        const tcp = (port: number) => [{ protocol: "TCP", port }];
        expect(between("egress")).to.have.deep.members(
          expected.map((e) => [selectorLabels(e.from), selectorLabels(e.to), tcp(e.port)]),
        );
        expect(between("ingress")).to.have.deep.members(
          expected.map((e) => [selectorLabels(e.to), selectorLabels(e.from), tcp(e.port)]),
        );
      }),
    );
  });

  it("give every rule a peer and a port, whatever the cell has", () => {
    const bare: Peers = { ...peers, clientCidrs: [], endpointCidrs: [], identityEndpoints: [] };
    for (const around of [peers, bare]) {
      for (const { name } of workloads(serviceNames)) {
        const { ingress, egress } = policyOf(name, [...serviceNames], around);
        for (const rule of [...ingress, ...egress]) {
          expect(rule.from ?? rule.to, name).to.have.length.greaterThan(0);
          expect(rule.ports, name).to.have.length(1);
        }
      }
    }
  });

  it("admit load balancers and nodes to public services only", () => {
    const open = workloads(serviceNames).filter((w) =>
      policyOf(w.name, [...serviceNames]).ingress.some((rule) =>
        rule.from?.some((peer) => "ipBlock" in peer),
      ),
    );
    expect(open.map((w) => w.name)).to.have.members(publicBackends(serviceNames).map((b) => b.name));
  });

  it("lead to the internet by 443, past neither the cluster's networks nor the instance metadata", () => {
    const reach = workloads(serviceNames).filter((w) => w.egress.includes("internet"));
    expect(reach.map((w) => w.name)).to.have.members([
      "core",
      "admin",
      "webapp",
      "ramparts-server",
      "redteam",
      "redteam-worker",
    ]);
    for (const { name } of reach) {
      const wide = policyOf(name, [...serviceNames]).egress.filter((rule) =>
        rule.to?.some((peer) => (peer.ipBlock as { cidr?: string } | undefined)?.cidr === "0.0.0.0/0"),
      );
      expect(wide).to.deep.equal([
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...peers.clusterCidrs, "169.254.0.0/16"] } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ]);
    }
  });

  it("lead core to the cache, the cloud and the credentials of its identity, but not to the database", () => {
    const cidrs = (name: WorkloadName) =>
      policyOf(name, smallest).egress.flatMap((rule) =>
        (rule.to ?? []).flatMap((peer) => {
          const cidr = (peer.ipBlock as { cidr: string } | undefined)?.cidr;
          return cidr ? [`${cidr} ${rule.ports[0]?.port}`] : [];
        }),
      );
    const cloud = ["10.10.192.0/24 443", "169.254.170.23/32 80", "0.0.0.0/0 443"];
    expect(cidrs("core")).to.have.members(["10.10.129.0/24 6379", ...cloud]);
    expect(cidrs("admin")).to.have.members(["10.10.128.0/24 5432", "10.10.129.0/24 6379", ...cloud]);
    expect(cidrs("flag")).to.deep.equal([]);
  });

  it("let a named namespace read metrics from core only", () => {
    const around = { ...peers, metricsReader: "monitoring" };
    const readable = workloads(serviceNames).filter((w) =>
      policyOf(w.name, [...serviceNames], around).ingress.some((r) =>
        r.from?.some((p) => "namespaceSelector" in p),
      ),
    );
    expect(readable.map((w) => w.name)).to.deep.equal(["core"]);
  });
});
