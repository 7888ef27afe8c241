import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Certificate } from "../../../components/azure/certificate.js";
import { Firewall } from "../../../components/azure/firewall.js";
import { LoadBalancer } from "../../../components/azure/loadBalancer.js";
import type { LoadBalancerArgs } from "../../../components/azure/loadBalancer.js";
import type { ProofZone } from "../../../components/dns.js";
import type { Props } from "../../../local/behaviour.js";
import { at } from "../../../local/rules.js";
import { azureGroundwork, common, subscriptionId } from "../../support/azureCell.js";
import { azureProgram } from "../../support/azureProgram.js";
import { run } from "../../support/mocks.js";
import type { Run } from "../../support/mocks.js";
import { exposed } from "../../support/needles.js";

const hosts = { api: "api.gw.example.com", app: "app.gw.example.com", origin: "west.gw.example.com" };
const serverUrl = "https://acme-v02.api.letsencrypt.org/directory";
const zone: ProofZone = {
  prove: () => {
    throw new Error("ACME writes its own records");
  },
  acme: { provider: "azuredns", config: { AZURE_RESOURCE_GROUP: "dns", AZURE_ZONE_NAME: "example.com" } },
};
const service = { address: "10.20.64.10", port: 8000, healthPath: "/health" };
const backends: LoadBalancerArgs["backends"] = [
  { ...service, name: "core", host: "api", paths: ["/v1/*"], priority: 300 },
  { ...service, name: "admin", port: 8040, host: "api", paths: ["/v1/admin/*"], priority: 100 },
  { ...service, name: "webapp", port: 3000, host: "app", paths: [], priority: 400 },
];

const shape = {
  hosts,
  backends,
  hiddenPaths: ["/v1/metrics", "/v1/metrics/*"],
  certificate: { acme: { serverUrl }, zone },
  protect: false,
};

function loadBalancer(change: Partial<LoadBalancerArgs> = {}): LoadBalancer {
  const { opts, common: located, cell, subnet } = azureProgram();
  const policy = new network.WebApplicationFirewallPolicy(
    "waf",
    {
      ...located,
      policyName: "waf",
      managedRules: {
        managedRuleSets: [{ ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" }],
      },
    },
    opts,
  );
  return new LoadBalancer(
    "lb",
    {
      ...cell,
      subnetId: subnet("gateway", "10.20.0.0/24"),
      wafPolicyId: policy.id,
      ...shape,
      ...change,
    },
    { providers: [opts.provider] },
  );
}

const gatewayOf = ({ resources }: Run<unknown>) => {
  const found = resources.find(({ type }) => type === "azure-native:network:ApplicationGateway");
  if (!found) throw new Error("no gateway");
  return found;
};
const named = (parts: unknown, name: string): Props =>
  (parts as Props[]).find((each) => each["name"] === name) ?? {};
const last = (reference: unknown): string =>
  String((reference as Props | undefined)?.["id"]).replace(/.*\//, "");

describe("Azure load balancer", () => {
  let usual: Run<unknown>;
  before(async () => (usual = await run(() => void loadBalancer())));

  it("routes each of its names by the most specific path, and hidden and other paths to nobody", () => {
    const { inputs } = gatewayOf(usual);
    for (const site of ["api", "origin"]) {
      const map = named(inputs["urlPathMaps"], site);
      const paths = (map["pathRules"] as Props[]).map((rule) => [
        rule["paths"],
        last(rule["backendAddressPool"]),
      ]);
      expect(paths).to.deep.equal([
        [["/v1/metrics", "/v1/metrics/*"], "closed"],
        [["/v1/admin/*"], "admin"],
        [["/v1/*"], "core"],
      ]);
      expect(last(map["defaultBackendAddressPool"])).to.equal("closed");
    }
    expect(last(named(inputs["urlPathMaps"], "app")["defaultBackendAddressPool"])).to.equal("webapp");
    expect(named(inputs["backendAddressPools"], "closed")["backendAddresses"]).to.deep.equal([]);
  });

  it("hears its own names alone, and redirects plain HTTP", () => {
    const { inputs } = gatewayOf(usual);
    const listeners = inputs["httpListeners"] as Props[];
    expect(
      listeners.filter((each) => each["protocol"] === "Https").map((each) => each["hostName"]),
    ).to.have.members([hosts.api, hosts.origin, hosts.app]);
    const plain = (inputs["requestRoutingRules"] as Props[]).filter((rule) =>
      last(rule["httpListener"]).startsWith("http-"),
    );
    expect(plain).to.have.length(3);
    expect(
      plain.every((rule) => "redirectConfiguration" in rule && !("backendAddressPool" in rule)),
    ).to.equal(true);
    expect(inputs["sslPolicy"]).to.include({ policyName: "AppGwSslPolicy20220101" });
  });

  it("is guarded and logged, and keeps browsers to TLS", () => {
    const { id, inputs } = gatewayOf(usual);
    expect(last(inputs["firewallPolicy"])).to.equal("waf");
    const logs = usual.resources.filter(({ type }) => type === "azure-native:monitor:DiagnosticSetting");
    expect(logs.map((each) => each.inputs["resourceUri"])).to.deep.equal([id]);
    expect(
      at(inputs, "rewriteRuleSets[].rewriteRules[].actionSet.responseHeaderConfigurations[]"),
    ).to.deep.include({ headerName: "Strict-Transport-Security", headerValue: "max-age=31536000" });
  });

  it("lets answers stream: no buffer, and 300 seconds of silence", async () => {
    const { inputs } = gatewayOf(usual);
    expect(inputs["globalConfiguration"]).to.deep.equal({
      enableRequestBuffering: true,
      enableResponseBuffering: false,
    });
    const timeouts = (inputs["backendHttpSettingsCollection"] as Props[]).map((each) => [
      each["name"],
      each["requestTimeout"],
    ]);
    expect(timeouts).to.deep.include.members([
      ["core", 300],
      ["webapp", 300],
    ]);
    const addressOf = ({ resources }: Run<unknown>) =>
      resources.find(({ type }) => type === "azure-native:network:PublicIPAddress")?.inputs;
    expect(addressOf(usual)).to.include({ idleTimeoutInMinutes: 5 });
    const patient = await run(() => void loadBalancer({ idleTimeout: 4000 }));
    expect(addressOf(patient), "the most that Azure takes").to.include({ idleTimeoutInMinutes: 30 });
    const longer = gatewayOf(patient);
    const core = named(longer.inputs["backendHttpSettingsCollection"], "core");
    expect(core["requestTimeout"]).to.equal(4000);
    expect(core["connectionDraining"]).to.deep.equal({ enabled: true, drainTimeoutInSec: 3600 });
  });

  it("gets a certificate for all its names by ACME, and keeps it secret", () => {
    const certificate = usual.resources.find(({ type }) => type === "acme:index/certificate:Certificate");
    expect(certificate?.inputs["subjectAlternativeNames"]).to.have.members(Object.values(hosts));
    const { inputs, raw } = gatewayOf(usual);
    const pfx = String(certificate?.state["certificateP12"]);
    expect(named(inputs["sslCertificates"], "certificate")["data"]).to.equal(pfx);
    expect(exposed(raw, [pfx])).to.deep.equal([]);
  });

  it("waits with a certificate for the one before in its zone, whose proof it shares", async () => {
    const waits: [pulumi.Resource, pulumi.ResourceOptions["dependsOn"]][] = [];
    const note: pulumi.ResourceTransformation = ({ type, resource, opts }) => {
      if (type === "acme:index/certificate:Certificate") waits.push([resource, opts.dependsOn]);
      return undefined;
    };
    const shared = { names: [hosts.api], serverUrl, zone: { ...zone } };
    const opts = { transformations: [note] };
    await run(() => ["first", "second"].forEach((name) => new Certificate(name, shared, opts)));
    expect(waits).to.have.length(2);
    expect([waits[1]?.[1]].flat()).to.deep.equal([waits[0]?.[0]]);
  });

  it("takes the customer's certificate instead", async () => {
    const pfx = pulumi.secret(Buffer.from([0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00]).toString("base64"));
    const done = await run(() => void loadBalancer({ certificate: { pfx, password: pulumi.secret("x") } }));
    expect(done.resources.filter(({ type }) => type.startsWith("acme:"))).to.deep.equal([]);
    const component = done.resources.find(({ type }) => type === "javelin:azure:LoadBalancer");
    expect(component?.inputs).not.to.have.property("certificate");
  });

  it("comes up in the cell's own subnet, beside a firewall", async () => {
    const done = await run(() => {
      const { opts, network: own } = azureGroundwork(true);
      const firewall = new Firewall(
        "firewall",
        {
          ...common,
          network: own,
          allowedDomains: [],
          ingressAllow: ["0.0.0.0/0"],
          adminAllow: [],
          requestsPerMinute: 3000,
          servicePorts: [8000],
          podCidr: "100.64.0.0/16",
        },
        opts,
      );
      const { resourceGroupName, workspaceId, subnetIds } = own;
      new LoadBalancer(
        "lb",
        {
          ...common,
          ...shape,
          resourceGroupName,
          workspaceId,
          subscriptionId,
          subnetId: subnetIds.gateway,
          wafPolicyId: firewall.wafPolicyId,
        },
        { ...opts, dependsOn: firewall.ready },
      );
    });
    expect(gatewayOf(done).state["operationalState"]).to.equal("Running");
  });

  it("gives its address", async () => {
    const done = await run(async () => {
      const { address } = loadBalancer();
      return new Promise<string>((resolve) => address.apply(resolve));
    });
    expect(done.result).to.match(/^20\./);
  });

  it("refuses a backend whose host has no name", async () => {
    const lost = { ...service, name: "eval", host: "eval" as const, paths: [], priority: 500 };
    let refusal: unknown;
    await run(() => void loadBalancer({ backends: [...backends, lost] })).catch(
      (error: unknown) => (refusal = error),
    );
    expect(String(refusal)).to.match(/backend eval: no host name for "eval"/);
  });

  it("is planned before anything is known", async () => {
    const preview = await run(() => void loadBalancer(), { preview: true });
    expect(gatewayOf(preview).inputs["sku"]).to.deep.equal({ name: "WAF_v2", tier: "WAF_v2" });
    expect(preview.world.size).to.equal(0);
  });
});
