import type { Region } from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseKeeper } from "../components/databaseKeeper.js";
import { generatedPassword } from "../components/password.js";
import type { Cell, DatabaseWay, SharedDatabase } from "./cell.js";
import type { CrossRegionConfig } from "./config.js";

/** What a cloud puts between the databases of a stack: belongs to no cell, so that the cells can swap their parts. */
interface Tie {
  keeper?: pulumi.Resource;
  /** What the copies follow, made of what the first cell gives. */
  follow: (source: pulumi.Output<string>) => pulumi.Output<string>;
  /** For the cell at this place of the list. */
  way?: (index: number) => DatabaseWay | undefined;
  /** Whether the one that writes takes no copy while another is being made. */
  oneAtATime?: boolean;
  /** Called once, with all cells. */
  complete?: (cells: readonly Cell[]) => void;
}

export interface Sharing {
  /** The next cell's part, after those that are made: the first cell writes, the others follow it. */
  part: (made: readonly Cell[]) => SharedDatabase;
  /** Called once, with all cells. */
  complete: (cells: readonly Cell[]) => void;
}

/**
 * `database.replication: global`. The password is nobody's own: cells come, go and swap their parts, and it stays.
 */
export async function shareDatabase(config: CrossRegionConfig): Promise<Sharing> {
  const password = generatedPassword("database-password");
  const tie = await ties[config.cells[0]!.cloud](config);
  let id: pulumi.Output<string> | undefined;
  return {
    part: (made) => {
      const [primary] = made;
      const way = tie.way?.(made.length);
      if (primary) id ??= tie.follow(primary.database.source);
      const before = tie.oneAtATime ? made.at(-1)?.database.source : undefined;
      const source = id && pulumi.all([id, before]).apply(([followed]) => followed);
      return {
        password,
        ...(primary && source && { source: { id: source, region: primary.region } }),
        ...(tie.keeper && { keeper: tie.keeper }),
        ...(way && { way }),
      };
    },
    complete: (cells) => {
      tie.complete?.(cells);
      warnOfOthers(cells);
    },
  };
}

/**
 * Copies that stand alone: promoted ones on Google Cloud, and databases that were there before they were shared. And a
 * first cell that was not promoted: then the edge of the one that writes turns changes away, and the other's database.
 */
function warnOfOthers([primary, ...others]: readonly Cell[]): void {
  if (!primary) return;
  for (const { name, database } of others)
    pulumi.all([primary.database.leads, database.leads]).apply(async ([first, other]) => {
      if (!other) return;
      await pulumi.log.warn(
        first
          ? `the databases of ${primary.name} and ${name} both take writes, each its own: to make the latter a copy, take it out of javelin:cells, run up, put it in again`
          : `by the stack's state the database of ${name} takes the writes, and ${primary.name}, which stands first, has a copy: nobody can change anything until javelin promote has run for ${primary.name}, or refresh, if it has`,
      );
    });
}

const ties: Record<Cell["cloud"], (config: CrossRegionConfig) => Promise<Tie>> = {
  aws: globalCluster,
  azure: replicaServers,
  gcp: replicaInstances,
};

async function globalCluster({ prefix, cells }: CrossRegionConfig): Promise<Tie> {
  const aws = await import("@pulumi/aws");
  const { GlobalDatabase } = await import("../components/aws/globalDatabase.js");
  const { region, protect } = cells[0]!;
  // Every region shows the same global databases, so it keeps the region that it was made in, whichever cell
  // comes first later: another provider would replace it.
  const provider = new aws.Provider(
    "database",
    { region: region as Region, defaultTags: { tags: { "javelin:deployment": prefix } } },
    { ignoreChanges: ["region"] },
  );
  return {
    follow: (source) =>
      new GlobalDatabase("database", { prefix, source, protect }, { providers: [provider] }).id,
  };
}

async function replicaServers({ prefix, cells }: CrossRegionConfig): Promise<Tie> {
  const { Provider } = await import("@pulumi/azure-native/provider.js");
  const { getClientConfigOutput } = await import("@pulumi/azure-native/authorization/index.js");
  const { DatabasePeering } = await import("../components/azure/databasePeering.js");
  const { VirtualEndpoint } = await import("../components/azure/virtualEndpoint.js");
  const { planSubnets } = await import("../components/azure/subnets.js");
  const { subscription } = cells[0]!;
  const provider = new Provider("database", {
    ...(subscription !== undefined && { subscriptionId: subscription }),
  });
  const subscriptionId = subscription ?? getClientConfigOutput({ provider }).subscriptionId;
  const keeper = new DatabaseKeeper("database", { prefix }, { providers: [provider] });
  const ends: { cell: string; virtualNetworkId: pulumi.Output<string> }[] = [];
  return {
    keeper,
    follow: (source) => source,
    // Source: "Read replicas in Azure Database for PostgreSQL": the primary is in an updating state meanwhile.
    oneAtATime: true,
    way: (index) => {
      const { name: cell, network } = cells[index]!;
      // Ways between existing networks are their owner's.
      if (network.existing) return undefined;
      const others = cells.filter((each, at) => at !== index && !each.network.existing);
      return {
        peers: others.map((each) => planSubnets(each.network.cidr).data),
        connect: (virtualNetworkId) => {
          const end = { cell, virtualNetworkId };
          const peerings = ends.map((other) => {
            // By name, not by place in the list: cells that swap their places keep their ways.
            const pair = [end, other].sort((a, b) => (a.cell < b.cell ? -1 : 1)) as [typeof end, typeof end];
            const name = `database-${pair[0].cell}-${pair[1].cell}`;
            return new DatabasePeering(name, { ends: pair }, { parent: keeper, providers: [provider] });
          });
          ends.push(end);
          return peerings.flatMap(({ ready }) => ready);
        },
      };
    },
    complete: ([primary, next, ...others]) => {
      if (!primary || !next) return;
      new VirtualEndpoint(
        "database-endpoint",
        { prefix, subscriptionId, primary: primary.database.source, reader: next.database.source },
        { parent: keeper, providers: [provider], dependsOn: others.flatMap(({ ready }) => ready) },
      );
    },
  };
}

async function replicaInstances({ prefix, cells }: CrossRegionConfig): Promise<Tie> {
  const gcp = await import("@pulumi/gcp");
  const { project } = cells[0]!;
  const provider = new gcp.Provider("database", {
    ...(project !== undefined && { project }),
    defaultLabels: { "javelin-deployment": prefix },
  });
  return {
    keeper: new DatabaseKeeper("database", { prefix }, { providers: [provider] }),
    follow: (source) => source,
  };
}
