import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { catalogue } from "../../../components/kubernetes/catalogue.js";
import type { ServiceName, Workload, WorkloadName } from "../../../components/kubernetes/catalogue.js";
import { environment } from "../../../components/kubernetes/environment.js";
import type { Sources, Values } from "../../../components/kubernetes/environment.js";
import { labels, podTemplate } from "../../../components/kubernetes/pod.js";
import { edges } from "../../../components/kubernetes/selection.js";

const smallest: ServiceName[] = ["core", "admin", "webapp", "flag"];

/** Plain, since everything that is compared here is known without an engine. */
type Plain = Record<string, unknown>;
const plain = <T>(value: unknown) => JSON.parse(JSON.stringify(value)) as T;

const checksum = pulumi.output("0123");
const sources: Sources = {
  database: { kind: "secret", objectName: "javelin-database", checksum },
  cache: { kind: "secret", objectName: "javelin-cache", checksum },
  licence: { kind: "secret", objectName: "javelin-licence", checksum },
  clerk: { kind: "secret", objectName: "javelin-clerk", checksum },
  google: { kind: "secret", objectName: "javelin-google", checksum },
  flags: { kind: "configMap", objectName: "javelin-flags", checksum },
};
const values: Values = {
  accountId: "acme",
  appUrl: "https://app.gw.example.com/",
  cacheHost: "cache.internal",
  databaseHost: "db.internal",
};
const variables = (name: WorkloadName, services: ServiceName[], extra?: Record<string, string>) =>
  new Map(
    environment(catalogue[name], { edges: edges(services), values, sources, extra }).map((v) => {
      const { name: key, value, valueFrom } = v as { name: string; value?: string; valueFrom?: unknown };
      return [key, value ?? valueFrom];
    }),
  );

interface Container {
  image: string;
  ports?: { containerPort: number }[];
  resources: Record<"requests" | "limits", Record<string, string>>;
  securityContext: Plain;
  lifecycle: { preStop: { sleep: { seconds: number } } };
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean; subPath?: string }[];
  startupProbe?: { periodSeconds: number; failureThreshold: number; httpGet: Plain };
  readinessProbe?: { httpGet: Plain };
  livenessProbe?: { httpGet: Plain };
}
interface Pod {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: {
    automountServiceAccountToken: boolean;
    terminationGracePeriodSeconds: number;
    securityContext: Plain;
    tolerations?: Plain[];
    topologySpreadConstraints: { topologyKey: string; whenUnsatisfiable: string; nodeTaintsPolicy: string }[];
    containers: [Container];
    volumes: Plain[];
  };
}
const podOf = (workload: Workload, zones = 3, held: Sources = {}) => {
  const template = podTemplate(workload, { image: "ghcr.io/acme/x:1", env: [], sources: held, zones });
  return plain<Pod>(template);
};

describe("the environment of a service", () => {
  it("names the services that run in this cell, and no other", () => {
    const core = variables("core", smallest);
    expect(core.get("JAVELIN_ADMIN_URL")).to.equal("http://javelin-admin:8040");
    expect(core.get("JAVELIN_FF_URL")).to.equal("http://javelin-flag:1031/");
    expect([...core.keys()].filter((key) => /^JAVELIN_.*_URL$/.test(key))).to.have.length(2);
    expect(variables("core", ["core", "guard-lang"]).get("JAVELIN_GUARD_LANGUAGE_URL")).to.equal(
      "http://javelin-guard-lang:8020",
    );
  });

  it("sends the web app to core inside the cluster", () => {
    expect(variables("webapp", smallest).get("NEXT_PUBLIC_CORE_INT_URL")).to.equal(
      "http://javelin-core:8000/",
    );
  });

  it("asks for TLS to the database and the cache, and takes passwords from Secrets", () => {
    const admin = variables("admin", smallest);
    expect(admin.get("DB_SSL_MODE")).to.equal("require");
    expect(admin.get("REDIS_TLS")).to.equal("true");
    expect(admin.get("DB_PASSWORD")).to.deep.equal({
      secretKeyRef: { name: "javelin-database", key: "password" },
    });
    expect(admin.get("REDIS_PASS")).to.deep.equal({
      secretKeyRef: { name: "javelin-cache", key: "password" },
    });
    expect([...variables("core", smallest).keys()].filter((key) => key.startsWith("DB_"))).to.deep.equal([]);
  });

  it("lets the cell add and override, and leaves out what the cell does not have", () => {
    const core = variables("core", smallest, { AWS_REGION: "us-east-1", DEPLOY_TYPE: "dev" });
    expect(core.get("AWS_REGION")).to.equal("us-east-1");
    expect(core.get("DEPLOY_TYPE")).to.equal("dev");
    expect(variables("core", smallest).get("DEPLOY_TYPE")).to.equal("prod");
    expect(variables("admin", smallest).has("DB_READ_ONLY")).to.equal(false);
  });
});

describe("the pods", () => {
  const everyPod = Object.values(catalogue).map((workload) => ({ workload, pod: podOf(workload) }));

  it("are within the Pod Security level restricted, on a read-only root file system", () => {
    for (const { workload, pod } of everyPod) {
      expect(pod.spec.securityContext, workload.name).to.include({ runAsNonRoot: true });
      expect(pod.spec.securityContext.runAsUser).to.be.greaterThan(0);
      expect(pod.spec.securityContext.seccompProfile).to.deep.equal({ type: "RuntimeDefault" });
      expect(pod.spec.containers[0].securityContext).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(pod.spec.automountServiceAccountToken).to.equal(false);
      expect(pod.spec.containers[0].volumeMounts.map((m) => m.mountPath)).to.include("/tmp");
    }
  });

  it("probe the health path of every service, with time to start", () => {
    for (const { workload, pod } of everyPod) {
      const { startupProbe, readinessProbe, livenessProbe } = pod.spec.containers[0];
      if (!workload.http) {
        expect([startupProbe, readinessProbe, livenessProbe]).to.deep.equal([
          undefined,
          undefined,
          undefined,
        ]);
        continue;
      }
      const httpGet = { path: workload.http.healthPath, port: workload.http.port };
      for (const probe of [startupProbe, readinessProbe, livenessProbe])
        expect(probe?.httpGet).to.deep.equal(httpGet);
      const patience = (startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0);
      expect(patience, workload.name).to.equal(workload.startupSeconds);
    }
  });

  it("have time to finish a stream after they leave the Service", () => {
    for (const { pod } of everyPod) {
      const leave = pod.spec.containers[0].lifecycle.preStop.sleep.seconds;
      expect(pod.spec.terminationGracePeriodSeconds - leave).to.be.at.least(300);
    }
  });

  it("request and limit CPU and memory, and a GPU where the model needs one", () => {
    for (const { workload, pod } of everyPod) {
      const { requests, limits } = pod.spec.containers[0].resources;
      expect(Object.keys(requests).sort()).to.deep.equal(Object.keys(limits).sort());
      expect(limits["nvidia.com/gpu"]).to.equal(workload.gpu ? "1" : undefined);
      expect(pod.spec.tolerations?.length ?? 0).to.equal(workload.gpu ? 1 : 0);
    }
  });

  it("spread over zones where there are several, and never count a failed zone", () => {
    const keys = (zones: number) =>
      podOf(catalogue.core, zones).spec.topologySpreadConstraints.map(
        (c) => `${c.topologyKey} ${c.whenUnsatisfiable}`,
      );
    expect(keys(3)).to.deep.equal([
      "topology.kubernetes.io/zone DoNotSchedule",
      "kubernetes.io/hostname ScheduleAnyway",
    ]);
    expect(keys(1)).to.deep.equal(["kubernetes.io/hostname ScheduleAnyway"]);
    for (const constraint of podOf(catalogue.core).spec.topologySpreadConstraints) {
      expect(constraint.nodeTaintsPolicy).to.equal("Honor");
    }
  });

  it("mount the files that the cell has, read-only, and roll when one changes", () => {
    const bare = podOf(catalogue.admin);
    expect(bare.spec.volumes).to.have.length(1);
    expect(bare.metadata.annotations).to.not.have.property("javelin/config-checksum");
    const pod = podOf(catalogue.flag, 2, sources);
    expect(pod.metadata.annotations).to.have.property("javelin/config-checksum");
    expect(pod.spec.volumes[1]).to.deep.equal({
      name: "flags",
      configMap: { name: "javelin-flags", defaultMode: 0o440 },
    });
    expect(pod.spec.containers[0].volumeMounts[1]).to.deep.equal({
      name: "flags",
      mountPath: "/goff/config/javelin.goff.yaml",
      subPath: "javelin.goff.yaml",
      readOnly: true,
    });
  });

  it("tell Prometheus where core's metrics are", () => {
    expect(podOf(catalogue.core).metadata.annotations).to.include({
      "prometheus.io/scrape": "true",
      "prometheus.io/path": "/v1/metrics/system",
      "prometheus.io/port": "8000",
    });
    expect(podOf(catalogue.core).metadata.labels).to.deep.equal(labels("core"));
    expect(podOf(catalogue.flag).metadata.annotations).to.not.have.property("prometheus.io/scrape");
  });
});
