import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import type { Recorded } from "../../support/mocks.js";
import type { StackRun, Variant } from "../../support/runs.js";
import { freshRun, ofType, stackRun, stacks, theOne, variantNames } from "../../support/runs.js";
import { configOf } from "../../support/stacks.js";
import { componentTypes } from "../../support/sources.js";
import type { Count } from "./inventoryTable.js";
import { inventory } from "./inventoryTable.js";

/** `Subnet`, `core/v1:Secret`, `aws:Network`: tokens without what a reader can do without. */
function short(type: string): string {
  return type.replace(/^(javelin|kubernetes):/, "").replace(/^(aws|random):[^/]*\/[^:]*:/, "");
}

const inCell = (name: string) => name.replace(/^us-east-1-?/, "");

function childrenOf(run: StackRun, component: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, name } of run.resources) {
    // awsx registers its own children.
    const parent =
      run.parents.get(`${type} ${name}`) ??
      (/^us-east-1-network-vpc/.test(name) ? "us-east-1-network-vpc" : "-");
    if (inCell(parent) === component) counts[short(type)] = (counts[short(type)] ?? 0) + 1;
  }
  return counts;
}

function expected(children: Record<string, Count>, variant: Variant): Record<string, number> {
  const place = variantNames.indexOf(variant);
  const count = (of: Count) => (typeof of === "number" ? of : (of[place] ?? of[1]));
  return Object.fromEntries(
    Object.entries(children).flatMap(([type, of]) => (count(of) === 0 ? [] : [[type, count(of)]])),
  );
}

for (const variant of variantNames)
  describe(`dev, ${variant}, is made of`, () => {
    let up: StackRun;
    before(async () => (up = await stackRun(variant)));

    for (const [name, [type, children]] of Object.entries(inventory))
      it(`${type} ${name}`, () => {
        const wanted = expected(children, variant);
        const found = up.resources.filter((each) => !each.custom && inCell(each.name) === name);
        expect(found.map((each) => short(each.type))).to.deep.equal(Object.keys(wanted).length ? [type] : []);
        expect(childrenOf(up, name)).to.deep.equal(wanted);
      });

    it("no other component", () => {
      const found = up.resources.filter(({ custom }) => !custom).map(({ name }) => inCell(name));
      expect(Object.keys(inventory)).to.include.members(found);
    });
  });

/** What there is only between several cells, or apart from them. */
const ofSeveral =
  /:(DnsFailover|Accelerator|GlobalLoadBalancer|GlobalDatabase|DatabaseKeeper|DatabasePeering|ProjectAdmins|VirtualEndpoint)$/;

describe("the inventory", () => {
  it("has every component that a cell on AWS is made of", () => {
    const classes = Object.values(inventory).map(([type]) => `javelin:${type}`);
    const known = componentTypes().filter((type) => !/:(azure|gcp):/.test(type) && !ofSeveral.test(type));
    expect([...new Set(classes)].filter((each) => !each.startsWith("javelin:awsx"))).to.have.members(known);
  });

  it("leaves no component class without a use", async () => {
    const made = new Set<string>();
    for (const stack of stacks)
      for (const { type } of (await stackRun("standard", false, stack)).resources) made.add(type);
    expect(componentTypes().filter((type) => !made.has(type) && !ofSeveral.test(type))).to.deep.equal([]);
  });
});

const strings = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : value !== null && typeof value === "object"
      ? Object.values(value).flatMap(strings)
      : [];

describe("every stack", () => {
  let runs: StackRun[];
  before(async () => {
    runs = [];
    for (const variant of variantNames) runs.push(await stackRun(variant));
  });
  const each = (type: string) => runs.flatMap(({ resources }) => ofType(resources, type));

  it("creates no hosted zone, and puts its records into the one that exists", () => {
    const types = new Set(runs.flatMap(({ resources }) => resources.map(({ type }) => type)));
    expect([...types].filter((type) => /zone:Zone$|HostedZone/i.test(type))).to.deep.equal([]);
    const zones = new Set(each("aws:route53/record:Record").map(({ inputs }) => inputs["zoneId"]));
    expect(zones.size).to.equal(1);
  });

  it("asks Kubernetes for no load balancer, and publishes nothing but the catalogue's NodePorts", () => {
    const types = runs.flatMap(({ resources }) => resources.map(({ type }) => type));
    const made = types.filter((type) => /Ingress$|:Gateway$/.test(type) && type.startsWith("kubernetes:"));
    expect(made).to.deep.equal([]);
    for (const { inputs, name } of each("kubernetes:core/v1:Service")) {
      const spec = inputs["spec"] as Props;
      expect(spec["type"], name).to.equal(/-flag-/.test(name) ? "ClusterIP" : "NodePort");
      expect(spec, name).to.not.have.any.keys("externalIPs", "loadBalancerIP");
    }
  });

  it("keeps database, cache and nodes off the internet", () => {
    for (const { inputs } of each("aws:rds/clusterInstance:ClusterInstance"))
      expect(inputs["publiclyAccessible"]).to.equal(false);
    for (const { inputs } of each("aws:ec2/subnet:Subnet")) {
      const isPublic = (inputs["tags"] as Props)["SubnetType"] === "Public";
      expect(inputs["mapPublicIpOnLaunch"] ?? false).to.equal(isPublic);
    }
    for (const { inputs } of each("aws:ec2/launchTemplate:LaunchTemplate"))
      expect(inputs).to.not.have.any.keys("networkInterfaces", "keyName");
    for (const { inputs } of each("aws:eks/nodeGroup:NodeGroup"))
      expect(inputs).to.not.have.property("remoteAccess");
    expect(each("aws:lb/loadBalancer:LoadBalancer")).to.have.length(runs.length);
  });

  it("names what it creates after the stack and the cell", () => {
    // AWS names these itself, or names them for the account; an inline policy's name is its role's.
    const local = ["aws:iam/rolePolicy:RolePolicy", "aws:route53/record:Record", "aws:ec2/vpc:Vpc"];
    const keys =
      "name clusterIdentifier identifier replicationGroupId bucket nodeGroupName policyName roleName".split(
        " ",
      );
    const wrong = runs
      .flatMap(({ resources }) => resources)
      .filter(({ type, custom }) => custom && type.startsWith("aws:") && !local.includes(type))
      .flatMap(({ name, inputs }) =>
        keys
          .map((key) => inputs[key])
          .filter((value) => typeof value === "string" && !value.includes("javelin-dev-us-east-1"))
          .map((value) => `${name}: ${String(value)}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it("runs the chosen services and no other", () => {
    for (const { resources } of runs) {
      const names = ofType(resources, "kubernetes:apps/v1:Deployment").map(({ name }) => inCell(name));
      expect(names).to.have.members([
        "autoscaler-deployment",
        ...["core", "admin", "webapp", "flag"].map((service) => `gateway-${service}-deployment`),
      ]);
    }
  });

  it("has GPU nodes for nobody", () => {
    expect(each("aws:eks/nodeGroup:NodeGroup").map(({ inputs }) => inputs["amiType"])).to.deep.equal(
      runs.map(() => "AL2023_x86_64_STANDARD"),
    );
    expect(each("kubernetes:apps/v1:DaemonSet")).to.deep.equal([]);
    const pods = each("kubernetes:apps/v1:Deployment").flatMap(({ inputs }) => Object.keys(flat(inputs)));
    expect(pods.filter((key) => key.includes("nvidia.com/gpu"))).to.deep.equal([]);
  });

  it("protects what `protect` says, and nothing without it", () => {
    const [small, standard, guarded] = runs.map(({ resources }) => ({
      database: theOne(resources, "aws:rds/cluster:Cluster").inputs,
      cluster: theOne(resources, "aws:eks/cluster:Cluster").inputs["deletionProtection"],
      balancer: theOne(resources, "aws:lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"],
    }));
    for (const run of [small, standard]) {
      expect(run).to.deep.include({ cluster: false, balancer: false });
      expect(run?.database).to.deep.include({ deletionProtection: false, skipFinalSnapshot: true });
    }
    expect(guarded).to.deep.include({ cluster: true, balancer: true });
    expect(guarded?.database).to.deep.include({ deletionProtection: true, skipFinalSnapshot: false });
    expect(guarded?.database["finalSnapshotIdentifier"]).to.be.a("string");
  });

  it("spreads database and cache over zones at standard", () => {
    const [small, standard] = runs.map(({ resources }) => resources);
    const zones = (resources: Recorded[] = []) =>
      new Set(
        ofType(resources, "aws:rds/clusterInstance:ClusterInstance").map(
          ({ inputs }) => inputs["availabilityZone"],
        ),
      );
    expect([zones(small).size, zones(standard).size]).to.deep.equal([1, 2]);
    const cache = (resources: Recorded[] = []) =>
      theOne(resources, "aws:elasticache/replicationGroup:ReplicationGroup").inputs;
    expect(cache(small)).to.deep.include({ multiAzEnabled: false, numCacheClusters: 1 });
    expect(cache(standard)).to.deep.include({
      multiAzEnabled: true,
      automaticFailoverEnabled: true,
      numCacheClusters: 2,
    });
  });
});

/** Values by dotted path. */
function flat(value: unknown, path = ""): Record<string, unknown> {
  if (value === null || typeof value !== "object") return { [path]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flat(inner, `${path}.${key}`)),
  ) as Record<string, unknown>;
}

describe("a newer database on AWS", () => {
  it("gives RDS a parameter that is the default as RDS shows it, or every preview would differ", async () => {
    const forced = async (version: string) => {
      const { resources } = await freshRun({ "javelin:database": { version } });
      const { inputs } = theOne(resources, "aws:rds/clusterParameterGroup:ClusterParameterGroup");
      return (inputs["parameters"] as Props[]).find(({ name }) => name === "rds.force_ssl");
    };
    expect(await forced("16.11")).to.deep.equal({ name: "rds.force_ssl", value: "1" });
    expect(await forced("17.7")).to.include({ value: "1", applyMethod: "pending-reboot" });
  });
});

describe("metrics", () => {
  it("are read by the namespace that the config names, and by nobody else", async () => {
    const readers = async (gateway: object) => {
      const stated = JSON.parse(configOf("dev")["javelin:gateway"] ?? "") as object;
      const { resources } = await freshRun({ "javelin:gateway": { ...stated, ...gateway } });
      const policies = ofType(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy");
      const opened = policies.filter(({ inputs }) => strings(inputs["spec"]).includes("monitoring"));
      return opened.map(({ name }) => inCell(name));
    };
    expect(await readers({})).to.deep.equal([]);
    expect(await readers({ metricsReader: "monitoring" })).to.deep.equal(["gateway-policies-core"]);
  });
});

describe("a cell without the web app, with a guard model", () => {
  let up: StackRun;
  before(async () => {
    up = await freshRun({
      "javelin:gateway": {
        version: "1.2.3",
        registry: "ghcr.io/example",
        accountId: "example",
        services: ["core", "admin", "flag", "guard"],
      },
      "javelin:ingress": { allow: ["198.51.100.0/24", "203.0.113.0/24"], admin: [], requestsPerMinute: 3000 },
    });
  });

  it("has nothing of the web app", () => {
    expect(up.resources.map(({ name }) => name).filter((name) => /webapp|clerk/.test(name))).to.deep.equal([
      // Kept for the day that it is chosen again.
      "us-east-1-secrets-clerk",
      "us-east-1-secrets-clerk-value",
    ]);
    const targets = ofType(up.resources, "aws:lb/targetGroup:TargetGroup").map(({ name }) => name);
    expect(targets).to.have.members(["us-east-1-loadBalancer-core", "us-east-1-loadBalancer-admin"]);
    const hosts = ofType(up.resources, "aws:lb/listenerRule:ListenerRule").flatMap(({ inputs }) =>
      strings(inputs),
    );
    expect(hosts).to.not.include("app.gw.example.com");
  });

  it("has one group of GPU nodes, their device plugin, and the guard on them", () => {
    const groups = ofType(up.resources, "aws:eks/nodeGroup:NodeGroup").map(({ inputs }) => inputs["amiType"]);
    expect(groups).to.have.members(["AL2023_x86_64_STANDARD", "AL2023_x86_64_NVIDIA"]);
    expect(ofType(up.resources, "kubernetes:apps/v1:DaemonSet")).to.have.length(1);
    const guard = theOne(up.resources, "kubernetes:apps/v1:Deployment", "-guard-deployment").inputs;
    expect(Object.keys(flat(guard)).filter((key) => key.endsWith("limits.nvidia.com/gpu"))).to.have.length(1);
  });

  it("admits the named networks only", () => {
    const open = ofType(up.resources, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .map(({ inputs }) => [inputs["cidrIpv4"], inputs["fromPort"]])
      .filter(([cidr]) => typeof cidr === "string" && !cidr.startsWith("10.10."));
    expect(open).to.have.deep.members(
      ["198.51.100.0/24", "203.0.113.0/24"].flatMap((cidr) => [443, 80].map((port) => [cidr, port])),
    );
  });
});
