import { expect } from "chai";
import { CellSketch, portLabel } from "../../../../automation/diagram/cellSketch.js";
import { kindOfHost } from "../../../../automation/diagram/hosts.js";
import { Sketch } from "../../../../automation/diagram/sketch.js";

const cell = () =>
  new CellSketch(new Sketch(), { name: "one", cloud: "aws", region: "us-east-1", resources: [] });

describe("whose an address is", () => {
  it("is told by the narrowest range around it", () => {
    const sketch = cell();
    sketch.claim("10.0.0.0/16", "wide");
    sketch.claim("10.0.4.0/24", "narrow");
    expect(sketch.at("10.0.4.7/32")).to.deep.equal(["narrow"]);
    expect(sketch.at("10.0.5.0/24")).to.deep.equal(["wide"]);
  });

  it("is told by all that a wider range holds", () => {
    const sketch = cell();
    sketch.claim("10.0.1.0/24", "a");
    sketch.claim("10.0.2.0/24", "b");
    expect(sketch.at("10.0.0.0/16")).to.deep.equal(["a", "b"]);
    expect(sketch.at("10.1.0.0/16")).to.deep.equal([]);
  });

  it("is told by the port where several share a range, and is all of them for a port that is nobody's", () => {
    const sketch = cell();
    sketch.claim("10.0.1.0/24", "database", "5432");
    sketch.claim("10.0.1.0/24", "cache", "6379");
    expect(sketch.at("10.0.1.0/24", "6379")).to.deep.equal(["cache"]);
    expect(sketch.at("10.0.1.0/24", "22")).to.deep.equal(["database", "cache"]);
  });

  it("is nobody's for everybody, for a name and for IPv6", () => {
    const sketch = cell();
    sketch.claim("10.0.1.0/24", "a");
    for (const range of ["0.0.0.0/0", "::/0", "Internet", "10.0.1.0"])
      expect(sketch.at(range)).to.deep.equal([]);
  });
});

describe("portLabel", () => {
  const cases: [string, unknown[]][] = [
    ["443", [443, 443, "tcp"]],
    ["443", ["443"]],
    ["30000-32767", [30000, 32767, "6"]],
    ["53 udp", [53, 53, "UDP"]],
    ["any port", [-1, -1, "-1"]],
    ["any port", ["*", "*", "*"]],
    ["any port", [undefined, undefined, "-1"]],
    ["any tcp port", ["*", "*", "Tcp"]],
    ["any udp port", [0, 65535, "udp"]],
  ];
  for (const [label, args] of cases)
    it(`${JSON.stringify(args)} is ${label}`, () => {
      expect(portLabel(args[0], args[1], args[2])).to.equal(label);
    });
});

describe("kindOfHost", () => {
  const cases: Record<string, string> = {
    "api.openai.com": "Model providers and tools",
    "bedrock-runtime.us-west-2.amazonaws.com": "Model providers and tools",
    "bedrock-runtime.us-west-2.amazonaws.com.example.net": "Other allowed hosts",
    "example.openai.azure.com": "Model providers and tools",
    "ghcr.io": "Image registries",
    "us-east1-docker.pkg.dev": "Image registries",
    "notghcr.io": "Other allowed hosts",
    "api.clerk.com": "Other allowed hosts",
    "AzureCloud.eastus2": "The cloud itself",
    Storage: "The cloud itself",
    "0.0.0.0/0": "Any address",
    "198.51.100.0/24": "Addresses",
  };
  for (const [host, kind] of Object.entries(cases))
    it(`${host} is of ${kind}`, () => {
      expect(kindOfHost(host)).to.equal(kind);
    });
});
