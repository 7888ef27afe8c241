import { expect } from "chai";
import { exported, violations } from "../../policy/evaluate.js";
import { Life } from "../support/life.js";
import type { SingleStackName } from "../support/runs.js";
import { stacks } from "../support/runs.js";

interface Growth {
  /** A type that there is from standard on. */
  grows: RegExp;
  /** Types that hold data or carry traffic. */
  lasting: RegExp;
}

const growths: Record<SingleStackName, Growth> = {
  dev: {
    grows: /networkfirewall\/firewall:Firewall/,
    lasting:
      /:(Vpc|Subnet|Cluster|ReplicationGroup|LoadBalancer|Key|Secret|Record|Listener|Namespace|Deployment)$/,
  },
  "dev-azure": {
    grows: /azure-native:network:AzureFirewall/,
    // Not the cluster: AKS keeps its way out for life, and from standard on that is the firewall.
    lasting:
      /azure-native:\w+:(VirtualNetwork|Subnet|Server|Database|RedisEnterprise|ApplicationGateway|PublicIPAddress|Vault|RecordSet)$/,
  },
  "dev-gcp": {
    grows: /node-?pool/i,
    lasting:
      /:(Network|Subnetwork|Cluster|DatabaseInstance|Database|User|Instance|CryptoKey|Secret|RecordSet|GlobalAddress|URLMap|Namespace|Deployment)$/,
  },
};

const standard = ["javelin:size=standard"];

for (const stack of stacks)
  describe(`the stack ${stack}, grown to standard`, function () {
    this.timeout(240_000);
    const life = Life.begin(stack);
    after(() => life.end());
    const { grows, lasting } = growths[stack];

    it("replaces nothing that holds data or carries traffic", async () => {
      await life.run("up");
      const grown = await life.run("up", standard);
      expect(grown.seen.join("\n")).to.match(grows);
      const replaced = grown.log.steps.filter((s) => /replace/.test(s.operation)).map((s) => s.type);
      expect(replaced.filter((type) => lasting.test(type))).to.deep.equal([]);
      expect(await life.disagreements()).to.deep.equal([]);
      expect(violations(exported((await life.export()).deployment))).to.deep.equal([]);
    });

    it("changes nothing the second time, and is destroyed to an empty world", async () => {
      const { changes } = await life.run("preview", standard);
      expect(changes).to.deep.include({ create: 0, update: 0, replace: 0, delete: 0 });
      await life.run("destroy", standard);
      expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
    });
  });
