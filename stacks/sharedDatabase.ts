import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Region } from "@pulumi/aws";
import type { Cell, SharedDatabase } from "./cell.js";
import type { CrossRegionConfig } from "./config.js";

/** What a cloud puts between the databases of a stack: belongs to no cell, so that the cells can swap their parts. */
interface Tie {
  /** What the copies follow, made of what the first cell gives. */
  follow: (source: pulumi.Output<string>) => pulumi.Output<string>;
}

/** Hands each cell its part of the one database, in the order of the cells: the first writes, the others follow it. */
export type Share = (made: readonly Cell[]) => SharedDatabase;

/**
 * `database.replication: global`. The password is nobody's own: cells come, go and swap their parts, and it stays.
 */
export async function shareDatabase(config: CrossRegionConfig): Promise<Share> {
  // Accepted by each cloud's PostgreSQL; these four specials need no escaping in a URL (RFC 3986).
  const rules = {
    length: 40,
    overrideSpecial: "-_.~",
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    minSpecial: 1,
  };
  const password = pulumi.secret(new random.RandomPassword("database-password", rules).result);
  const tie = await ties[config.cells[0]!.cloud](config);
  let id: pulumi.Output<string> | undefined;
  return ([primary]) => {
    if (!primary) return { password };
    id ??= tie.follow(primary.database.source);
    return { password, source: { id, region: primary.region } };
  };
}

const ties: Record<Cell["cloud"], (config: CrossRegionConfig) => Promise<Tie>> = {
  aws: globalCluster,
  azure: () => Promise.resolve({ follow: (source) => source }),
  gcp: () => Promise.resolve({ follow: (source) => source }),
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
