import { createSocket } from "node:dgram";
import { connect } from "node:net";
import * as packet from "dns-packet";
import { expect } from "chai";
import { ScaledClock } from "../../../automation/drill/clock.js";
import { DnsClient } from "../../../automation/drill/dnsClient.js";
import { DnsServer } from "../../../automation/drill/dnsServer.js";
import { drill } from "../../../automation/drill/drill.js";
import { loopback } from "../../../automation/drill/listener.js";
import type { LoopbackWorld } from "../../../automation/drill/loopback.js";
import { loopbackWorld } from "../../../automation/drill/loopback.js";
import { measure } from "../../../automation/drill/measure.js";
import { addressOf, deployedOn } from "../../support/drillStates.js";

const answer = (data: string) => ({ name: "api.example.com", type: "A" as const, ttl: 30, data });

describe("a drill on loopback", () => {
  it("asks real DNS, calls over real TLS, and leaves no socket open", async () => {
    const deployment = await deployedOn("azure", { ttl: 10 });
    let world: LoopbackWorld | undefined;
    const seen = await drill(
      deployment,
      // Some 100 s in three.
      async (now) => (world = await loopbackWorld(deployment, now, new ScaledClock(30))),
      { cell: "one", mode: "region-down" },
    ).finally(() => world?.close());
    const { detectionSeconds, downtimeSeconds, moves, lost } = measure(seen, deployment);
    // The budget is 45 s; a caller adds at most its pause between calls.
    expect(detectionSeconds).to.be.within(15, 37);
    expect(downtimeSeconds).to.be.within(15, 47);
    expect(moves).to.equal(2);
    expect(lost).to.be.greaterThan(0);
    const refused = await new Promise((resolve) =>
      connect(world!.dnsPort, loopback, () => resolve("open")).on("error", () => resolve("closed")),
    );
    expect(refused).to.equal("closed");
  });

  describe("the endpoints", () => {
    let world: LoopbackWorld;
    before(async () => {
      const deployment = await deployedOn("aws");
      const now = { healthy: () => true, random: () => 0 };
      world = await loopbackWorld(deployment, now, new ScaledClock(10));
    });
    after(() => world.close());

    const asked = (more: object) => ({
      address: addressOf("two"),
      sni: "api.gw.example.com",
      host: "api.gw.example.com",
      path: "/",
      timeout: 5,
      ...more,
    });
    for (const [what, more, right] of [
      ["a public name", {}, { status: 200, cell: "two" }],
      [
        "the cell's own name",
        { sni: "two.gw.example.com", host: "two.gw.example.com" },
        { status: 200, cell: "two" },
      ],
      ["no name in the handshake", { sni: undefined }, { status: 200, cell: "two" }],
      ["another cell's name", { host: "one.gw.example.com" }, { status: 421, cell: "two" }],
      ["a name without a certificate", { sni: "other.example.com" }, undefined],
      ["an address where nobody is", { address: "192.0.2.1", timeout: 1 }, undefined],
    ] as const)
      it(`answer ${what} with ${right?.status ?? "nothing"}`, async () => {
        const { sni, ...rest } = asked(more);
        expect(await world.request({ ...rest, ...(sni && { sni }) })).to.deep.equal(right);
      });
  });

  describe("the DNS server", () => {
    let clock: ScaledClock;
    let server: DnsServer;
    let client: DnsClient;
    before(async () => {
      const many = Array.from({ length: 60 }, (_, i) => answer(`198.51.100.${i}`));
      const zone: Record<string, ReturnType<typeof answer>[]> = {
        "api.example.com": [answer("203.0.113.1")],
        "many.example.com": many,
      };
      server = await DnsServer.start((name) => zone[name]);
      clock = new ScaledClock(1);
      client = await DnsClient.start(server.port, clock, 5);
    });
    after(async () => {
      clock.stop();
      await client.close();
      await server.close();
    });

    it("answers by UDP and by TCP alike", async () => {
      for (const transport of ["udp", "tcp"] as const)
        expect(await client.query("api.example.com", transport)).to.deep.equal([answer("203.0.113.1")]);
    });

    it("cuts what does not fit into a datagram, and the client asks by TCP", async () => {
      expect(await client.query("many.example.com")).to.have.length(60);
    });

    it("says so when there is no such name", async () => {
      expect(await client.query("none.example.com")).to.deep.equal([]);
    });

    it("survives what is no query", async () => {
      const socket = createSocket("udp4");
      const response = packet.encode({
        type: "response",
        id: 1,
        questions: [{ type: "A", name: "api.example.com" }],
      });
      for (const bytes of [Buffer.from("x"), Buffer.alloc(300, 0xff), response])
        await new Promise((resolve) => socket.send(bytes, server.port, loopback, resolve));
      socket.close();
      expect(await client.query("api.example.com")).to.have.length(1);
    });
  });
});
