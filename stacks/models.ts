import { didYouMean } from "./problems.js";

/** Where a Bedrock model can be called: by its own id, or through a cross-region inference profile. */
interface Offer {
  inRegion?: string;
  profile?: string;
}

const anywhere =
  "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2";
const asiaAndEurope =
  "ap-east-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5 ap-southeast-7 eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3 il-central-1 me-central-1";
const cohereEmbed =
  "ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-west-2";
const mistral =
  "ap-south-1 ap-southeast-2 ca-central-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-west-2";
const unitedStates = "us-east-1 us-east-2 us-west-2";

/**
 * The models that gateways use most, and where Bedrock offers them in the commercial regions.
 * Source: "Supported foundation models in Amazon Bedrock", Bedrock User Guide, February 2026.
 * Bedrock adds models and regions often: `routes.bedrockModels` in the config adds to this table.
 */
const offers: Readonly<Record<string, Offer>> = {
  "amazon.nova-micro-v1:0": {
    inRegion: "ap-southeast-2 eu-west-2 us-east-1",
    profile: `${asiaAndEurope} ${unitedStates}`,
  },
  "amazon.nova-lite-v1:0": {
    inRegion: "ap-northeast-1 ap-southeast-2 ap-southeast-3 eu-north-1 eu-west-2 me-central-1 us-east-1",
    profile: `${asiaAndEurope} ap-southeast-4 ca-central-1 ca-west-1 us-west-1 ${unitedStates}`,
  },
  "amazon.nova-pro-v1:0": {
    inRegion: "ap-southeast-2 ap-southeast-3 eu-west-2 me-central-1 us-east-1",
    profile: `${asiaAndEurope} ap-southeast-4 us-west-1 ${unitedStates}`,
  },
  "amazon.nova-2-lite-v1:0": {
    profile: `${asiaAndEurope} ap-southeast-4 ca-central-1 ca-west-1 eu-west-2 us-west-1 ${unitedStates}`,
  },
  "amazon.titan-embed-text-v2:0": {
    inRegion:
      "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-2 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-2",
  },
  "anthropic.claude-3-haiku-20240307-v1:0": {
    inRegion:
      "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 me-central-1 sa-east-1 us-east-1 us-west-2",
    profile: "eu-central-1 us-east-2",
  },
  "anthropic.claude-haiku-4-5-20251001-v1:0": { profile: `${anywhere} me-central-1` },
  "anthropic.claude-sonnet-4-20250514-v1:0": {
    profile: `${asiaAndEurope} ap-northeast-3 ap-south-2 ap-southeast-4 us-west-1 ${unitedStates}`,
  },
  "anthropic.claude-sonnet-4-5-20250929-v1:0": {
    profile: `${anywhere} af-south-1 ca-west-1 me-south-1 mx-central-1`,
  },
  "anthropic.claude-opus-4-5-20251101-v1:0": { profile: `${anywhere} me-central-1` },
  "anthropic.claude-opus-4-6-v1": {
    profile: `${anywhere} af-south-1 ap-east-2 ap-southeast-5 ap-southeast-7 ca-west-1 il-central-1 me-central-1 me-south-1 mx-central-1`,
  },
  "cohere.command-r-v1:0": { inRegion: "us-east-1 us-west-2" },
  "cohere.command-r-plus-v1:0": { inRegion: "us-east-1 us-west-2" },
  "cohere.embed-english-v3": { inRegion: cohereEmbed },
  "cohere.embed-multilingual-v3": { inRegion: cohereEmbed },
  "cohere.embed-v4:0": {
    inRegion: "ap-northeast-1 eu-west-1 us-east-1",
    profile: `${anywhere} me-central-1`,
  },
  "deepseek.r1-v1:0": { profile: unitedStates },
  "deepseek.v3-v1:0": {
    inRegion: "ap-northeast-1 ap-south-1 ap-southeast-3 eu-north-1 eu-west-2 us-east-2 us-west-2",
  },
  "meta.llama3-3-70b-instruct-v1:0": { inRegion: "us-east-2", profile: unitedStates },
  "meta.llama4-maverick-17b-instruct-v1:0": { profile: `${unitedStates} us-west-1` },
  "meta.llama4-scout-17b-instruct-v1:0": { profile: `${unitedStates} us-west-1` },
  "mistral.mistral-large-2402-v1:0": { inRegion: mistral },
  "mistral.mistral-large-3-675b-instruct": {
    inRegion: "ap-northeast-1 ap-south-1 sa-east-1 us-east-1 us-east-2 us-west-2",
  },
  "mistral.mixtral-8x7b-instruct-v0:1": { inRegion: mistral },
};

/** Which regions may call a profile of a geography. Source: "Geographic cross-Region inference", Bedrock User Guide. */
const geographies: Readonly<Record<string, RegExp>> = {
  us: /^(us|ca)-/,
  eu: /^(eu|il|me)-/,
  apac: /^(ap|me)-/,
  jp: /^ap-northeast-[13]$/,
  au: /^ap-southeast-[246]$/,
  ca: /^ca-/,
  global: /^/,
};

/** What a table has under a name that a user wrote, which may be `constructor`: nothing that it inherits. */
function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * What is wrong with calling a Bedrock model from a region.
 *
 * @param model a foundation model's id, or an inference profile's: the id after `us.`, `eu.`, `apac.`, `jp.`,
 *   `au.`, `ca.` or `global.`.
 * @param added models that the config adds to the table, with their regions; they count for both ways of calling.
 * @returns the remedy, or undefined when the region offers the model.
 */
export function modelRemedy(
  model: string,
  region: string,
  added: Readonly<Record<string, string[]>>,
): string | undefined {
  const regions = entry(added, model);
  if (regions) {
    return regions.includes(region)
      ? undefined
      : `routes.bedrockModels offers it in ${regions.join(", ")} only`;
  }
  const dot = model.indexOf(".");
  const geography = entry(geographies, model.slice(0, dot));
  const id = geography ? model.slice(dot + 1) : model;
  const offer = entry(offers, id);
  if (!offer) {
    const known = Object.keys(offers);
    return `write a known Bedrock model id${didYouMean(id, known)}, or add this one with its regions to javelin:routes.bedrockModels`;
  }
  const inRegion = offer.inRegion?.split(" ") ?? [];
  const profile = offer.profile?.split(" ") ?? [];
  if (geography ? profile.includes(region) && geography.test(region) : inRegion.includes(region))
    return undefined;
  if (!geography && profile.includes(region)) {
    const fitting = Object.keys(geographies).filter((g) => g !== "global" && geographies[g]!.test(region));
    return `${region} offers this model through an inference profile only: write ${[...fitting, "global"].map((g) => `${g}.${id}`).join(" or ")}`;
  }
  const places = geography ? profile.filter((r) => geography.test(r)) : inRegion;
  const elsewhere = places.length > 0 ? `: it is offered in ${places.join(", ")}` : "";
  return `${region} does not offer this model${elsewhere}; write another model for this cell in its own routes`;
}
