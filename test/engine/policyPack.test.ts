import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ServiceError } from "@grpc/grpc-js";
import { credentials } from "@grpc/grpc-js";
import type { AnalyzerInfo, AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import { expect } from "chai";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { UNKNOWN } from "../../local/behaviour.js";
import { policies } from "../../policy/policies.js";

type Answer<T> = (error: ServiceError | null, answer: T) => void;
type Props = Parameters<typeof structs.Struct.fromJavaScript>[0];

const listener = "aws:lb/listener:Listener";
const group = "aws:cloudwatch/logGroup:LogGroup";
const vpc = "aws:ec2/vpc:Vpc";
const urnOf = (type: string) => `urn:pulumi:dev::javelin::${type}::it`;

/** The pack as Pulumi's language host starts it: from its own directory, by `run-policy-pack`. */
describe("the policy pack", function () {
  this.timeout(60_000);
  const directory = fileURLToPath(new URL("../../policy/", import.meta.url));
  let pack: ChildProcess;
  let client: services.AnalyzerClient | undefined;

  before(async () => {
    const script = createRequire(`${directory}main.cjs`).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
    pack = spawn(process.execPath, [script, "127.0.0.1:1", directory], { cwd: directory, stdio });
    const ended = once(pack, "exit").then(() => {
      throw new Error("the pack did not start");
    });
    ended.catch(() => undefined);
    const [port] = (await Promise.race([once(createInterface(pack.stdout as Readable), "line"), ended])) as [
      string,
    ];
    client = new services.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });
  after(async () => {
    client?.close();
    if (pack.exitCode === null && pack.kill()) await once(pack, "exit");
  });

  const ask = <T>(call: (answer: Answer<T>) => unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      call((error, answer) => (error ? reject(error) : resolve(answer)));
    });
  const told = (response: AnalyzeResponse) =>
    response.getDiagnosticsList().map((each) => ({
      policy: each.getPolicyname(),
      message: each.getMessage(),
      mandatory: each.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY,
    }));

  it("serves every policy, all mandatory", async () => {
    const info = await ask<AnalyzerInfo>((answer) => client!.getAnalyzerInfo(new empty.Empty(), answer));
    const served = info.getPoliciesList();
    expect(served.map((each) => each.getName())).to.deep.equal(policies.map(({ name }) => name));
    for (const each of served)
      expect(each.getEnforcementlevel()).to.equal(analyzer.EnforcementLevel.MANDATORY);
  });

  async function analyze(type: string, props: Props) {
    const request = new analyzer.AnalyzeRequest();
    request.setType(type);
    request.setName("it");
    request.setUrn(urnOf(type));
    request.setProperties(structs.Struct.fromJavaScript(props));
    request.setOptions(new analyzer.AnalyzerResourceOptions());
    return told(await ask<AnalyzeResponse>((answer) => client!.analyze(request, answer)));
  }

  it("refuses a resource before it is made", async () => {
    const found = await analyze(listener, {
      protocol: "HTTPS",
      port: 443,
      sslPolicy: "ELBSecurityPolicy-2016-08",
    });
    expect(found).to.have.length(1);
    expect(found[0]).to.include({ policy: "tls-in-transit", mandatory: true });
  });

  it("says nothing of what a preview does not know", async () => {
    expect(
      await analyze(listener, { protocol: UNKNOWN, port: UNKNOWN, defaultActions: [UNKNOWN] }),
    ).to.deep.equal([]);
    expect(await analyze(group, { kmsKeyId: UNKNOWN, retentionInDays: 30 })).to.deep.equal([]);
  });

  it("refuses a stack in which something is missing", async () => {
    const resource = new analyzer.AnalyzerResource();
    resource.setType(vpc);
    resource.setName("it");
    resource.setUrn(urnOf(vpc));
    resource.setProperties(structs.Struct.fromJavaScript({ id: "vpc-1", cidrBlock: "10.0.0.0/16" }));
    resource.setOptions(new analyzer.AnalyzerResourceOptions());
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList([resource]);
    const found = told(await ask<AnalyzeResponse>((answer) => client!.analyzeStack(request, answer)));
    expect(found.map(({ policy }) => policy)).to.deep.equal(["logs-on", "logs-on", "deny-by-default"]);
    expect(found.every(({ mandatory }) => mandatory)).to.equal(true);
  });
});
