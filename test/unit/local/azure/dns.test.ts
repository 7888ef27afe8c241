import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { FakeWorld } from "../../../support/fakeWorld.js";
import { refuses } from "../../../support/refusals.js";

class Zone extends FakeWorld {
  record(relativeRecordSetName: string, recordType: string, more: Props = {}): WorldObject {
    return this.make("azure-native:dns:RecordSet", {
      resourceGroupName: "dns",
      zoneName: "example.com",
      relativeRecordSetName,
      recordType,
      ttl: 60,
      ...more,
    });
  }

  a(name: string, ipv4Address = "20.1.2.3", more: Props = {}): WorldObject {
    return this.record(name, "A", { aRecords: [{ ipv4Address }], ...more });
  }

  cname(name: string, cname = "elsewhere.example.net"): WorldObject {
    return this.record(name, "CNAME", { cnameRecord: { cname } });
  }

  look(zoneName: string, resourceGroupName = "dns"): Props {
    return this.invoke("azure-native:dns:getZone", { zoneName, resourceGroupName });
  }
}

describe("local cloud: Azure DNS", () => {
  it("has a public zone from the start, with Azure's name servers", () => {
    const zone = new Zone().look("example.com");
    expect(zone).to.include({ name: "example.com", zoneType: "Public", location: "global" });
    expect(zone["nameServers"]).to.have.length(4);
    expect(String((zone["nameServers"] as string[])[1])).to.match(/^ns2-\d\d\.azure-dns\.net\.$/);
  });

  it("gives a record its type's id and its full name", () => {
    const zone = new Zone();
    expect(zone.a("api.gw").id).to.match(
      /\/resourceGroups\/dns\/providers\/Microsoft\.Network\/dnsZones\/example\.com\/A\/api\.gw$/i,
    );
    expect(zone.a("@").state["fqdn"]).to.equal("example.com.");
  });

  it("makes a record anew for another type, and not for another address", () => {
    const zone = new Zone();
    const made = zone.a("api");
    const args = { ...made.inputs, aRecords: [{ ipv4Address: "20.1.2.4" }] };
    expect(zone.replaces(made, args)).to.deep.equal([]);
    const cname: Props = { ...args, recordType: "CNAME", cnameRecord: { cname: "a.example.net" } };
    expect(zone.replaces(made, cname)).to.deep.equal(["recordType"]);
  });

  refuses(
    () => new Zone(),
    [
      ["a zone that is not there", /ResourceNotFound/, (z) => z.look("example.org")],
      ["a zone of another group", /ResourceNotFound/, (z) => z.look("example.com", "other")],
      [
        "a record of a zone that is not there",
        /ParentResourceNotFound/,
        (z) => z.a("api", "20.1.2.3", { zoneName: "example.org" }),
      ],
      ["a full name", /relative to the zone/, (z) => z.a("api.example.com")],
      ["a name with a space", /relativeRecordSetName/, (z) => z.a("a b")],
      ["a record without a TTL", /TTL/, (z) => z.a("api", "20.1.2.3", { ttl: undefined })],
      ["a TTL of nothing", /TTL '0'/, (z) => z.a("api", "20.1.2.3", { ttl: 0 })],
      ["half an address", /value of record set/, (z) => z.a("api", "20.1.2")],
      ["an address out of range", /value of record set/, (z) => z.a("api", "20.1.2.256")],
      [
        "colons for an address",
        /value of record set/,
        (z) => z.record("api", "AAAA", { aaaaRecords: [{ ipv6Address: ":::" }] }),
      ],
      ["no values", /needs 'aRecords'/, (z) => z.record("api", "A")],
      [
        "values of another type",
        /another type/,
        (z) => z.a("api", "20.1.2.3", { cnameRecord: { cname: "a.b" } }),
      ],
      ["a CNAME at the apex", /apex/, (z) => z.cname("@")],
      [
        "a CNAME beside another record",
        /cannot stand beside/,
        (z) => {
          z.a("api");
          z.cname("api");
        },
      ],
      [
        "another record beside a CNAME",
        /cannot stand beside/,
        (z) => {
          z.cname("api");
          z.a("api");
        },
      ],
      [
        "text of more than 255 characters",
        /value of record set/,
        (z) => z.record("t", "TXT", { txtRecords: [{ value: ["x".repeat(256)] }] }),
      ],
    ],
  );
});
