import { expect } from "chai";
import fc from "fast-check";
import { catalogue } from "../../../components/kubernetes/catalogue.js";
import type { ServiceName } from "../../../components/kubernetes/catalogue.js";
import { dockerConfig } from "../../../components/kubernetes/secrets.js";
import {
  cloudWorkloads,
  gpus,
  hiddenPaths,
  nodePorts,
  podPorts,
  publicBackends,
  serviceNames,
  sourcesOf,
  workloads,
} from "../../../components/kubernetes/selection.js";

const smallest: ServiceName[] = ["core", "admin", "webapp", "flag"];
const someServices = fc.subarray([...serviceNames]);

describe("the service catalogue", () => {
  it("names each workload by its key and gives it a port, a node port and a priority of its own", () => {
    const all = Object.entries(catalogue);
    for (const [key, workload] of all) expect(workload.name).to.equal(key);
    const distinct = (found: unknown[]) => expect(new Set(found).size, String(found)).to.equal(found.length);
    distinct(all.flatMap(([, w]) => w.http?.port ?? []));
    distinct(all.flatMap(([, w]) => w.exposure?.nodePort ?? []));
    distinct(all.flatMap(([, w]) => w.exposure?.priority ?? []));
  });

  it("takes node ports from the band that Kubernetes never hands out by itself", () => {
    for (const port of nodePorts(serviceNames)) expect(port).to.be.within(30000, 30085);
  });

  it("says who needs the database, the cache and the clouds consistently", () => {
    for (const workload of Object.values(catalogue)) {
      const read = sourcesOf(workload);
      expect(workload.egress.includes("database"), workload.name).to.equal(read.includes("database"));
      expect(workload.egress.includes("cache"), workload.name).to.equal(read.includes("cache"));
      for (const { to } of workload.calls)
        expect(catalogue[to].http, `${workload.name} → ${to}`).to.not.equal(undefined);
    }
    expect(cloudWorkloads(serviceNames)).to.deep.equal(["core", "admin"]);
    expect(
      Object.values(catalogue)
        .filter((w) => w.egress.includes("database"))
        .map((w) => w.name),
    ).to.deep.equal(["admin", "redteam", "redteam-worker"]);
  });

  it("limits no workload below its request", () => {
    const amount = (quantity: string) => {
      const [, number, unit = ""] = /^(\d+)(m|Mi|Gi)$/.exec(quantity) ?? [];
      return Number(number) * (unit === "Gi" ? 1024 : 1);
    };
    for (const { name, requests, limits } of Object.values(catalogue)) {
      expect(amount(limits.cpu), name).to.be.at.least(amount(requests.cpu));
      expect(amount(limits.memory), name).to.be.at.least(amount(requests.memory));
    }
  });
});

describe("the choice of services", () => {
  it("brings a service's worker along and never offers it by itself", () => {
    expect(workloads(["redteam"]).map((w) => w.name)).to.deep.equal(["redteam", "redteam-worker"]);
    expect(serviceNames).to.not.include("redteam-worker");
    expect(workloads(["flag", "core", "flag"]).map((w) => w.name)).to.deep.equal(["core", "flag"]);
  });

  it("routes the more specific path first", () => {
    const chosen: ServiceName[] = ["core", "ramparts-server", "admin", "eval", "webapp", "flag"];
    expect(
      publicBackends(chosen).map((b) => `${b.priority} ${b.host} ${b.paths.join()} ${b.port} ${b.name}`),
    ).to.deep.equal([
      "100 api /v1/admin/* 30020 admin",
      "200 api /v1/ramparts/* 30050 ramparts-server",
      "300 api /v1/* 30010 core",
      "400 app  30030 webapp",
      "500 eval  30040 eval",
    ]);
    expect(publicBackends(["admin"])).to.deep.equal([
      {
        name: "admin",
        port: 30020,
        containerPort: 8040,
        healthPath: "/v1/admin/healthz",
        host: "api",
        paths: ["/v1/admin/*"],
        priority: 100,
      },
    ]);
  });

  it("hides core's metrics, where core runs", () => {
    expect(hiddenPaths(serviceNames)).to.deep.equal(["/v1/metrics", "/v1/metrics/*"]);
    expect(hiddenPaths(["admin"])).to.deep.equal([]);
  });

  it("puts a pattern before every pattern that contains it, and leaves the rest alone when services change", () => {
    fc.assert(
      fc.property(someServices, (services) => {
        const backends = publicBackends(services);
        backends.forEach((later, index) => {
          for (const earlier of backends.slice(0, index)) {
            if (earlier.host !== later.host) continue;
            for (const path of later.paths) {
              expect(earlier.paths.some((p) => path.startsWith(p.slice(0, -1)))).to.equal(false);
            }
          }
          expect(publicBackends(serviceNames)).to.deep.include(later);
        });
      }),
    );
  });

  it("counts ports and GPUs of what runs only", () => {
    expect(podPorts(smallest)).to.deep.equal([1031, 3000, 8000, 8040]);
    expect(nodePorts(smallest)).to.deep.equal([30010, 30020, 30030]);
    expect(gpus(smallest)).to.equal(0);
    expect(gpus(["guard", "guard-cm", "guard-lang"])).to.equal(2);
  });
});

describe("the pull secret", () => {
  it("is what a container runtime reads", () => {
    expect(JSON.parse(dockerConfig("ghcr.io", { username: "acme", token: "t0ken" }))).to.deep.equal({
      auths: { "ghcr.io": { username: "acme", password: "t0ken", auth: "YWNtZTp0MGtlbg==" } },
    });
  });
});
