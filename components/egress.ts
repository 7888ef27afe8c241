import { registryHosts } from "./registries.js";

/** The clouds that a gateway can run on. */
export type Cloud = "aws" | "azure" | "gcp";

interface Place {
  cloud: Cloud;
  region: string;
  /** What stands after the slash: `azure-openai/my-resource`. */
  resource?: string;
}

interface Provider {
  /** The host names, or an explanation why this place needs more. */
  hosts: (place: Place) => string[] | string;
  /** What may stand after a slash, for providers that take it. */
  resource?: string;
  source: string;
}

const only =
  (...hosts: string[]): Provider["hosts"] =>
  () =>
    hosts;

/** Who the gateway calls. Everything is HTTPS on port 443. A `*.` stands for any name below, as firewalls take it. */
const providers: Readonly<Record<string, Provider>> = {
  // Model providers
  anthropic: { hosts: only("api.anthropic.com"), source: "https://docs.anthropic.com/en/api/overview" },
  "azure-openai": {
    // The token service is Microsoft Entra ID's; it is called when no API key is used.
    hosts: ({ resource }) => [`${resource ?? "*"}.openai.azure.com`, "login.microsoftonline.com"],
    resource: "the name of the Azure OpenAI resource, so that no other resource can be reached",
    source: "https://learn.microsoft.com/azure/ai-services/openai/reference",
  },
  bedrock: {
    hosts: ({ cloud, region, resource }) => {
      // An AWS cell has a private endpoint and permissions in its own region only.
      if (cloud === "aws" && resource !== undefined)
        return "an AWS cell calls its own region's: write bedrock";
      const at = cloud === "aws" ? region : resource;
      return at ? [`bedrock-runtime.${at}.amazonaws.com`] : "outside AWS, write bedrock/<region>";
    },
    resource: "outside AWS, the AWS region",
    source: "https://docs.aws.amazon.com/general/latest/gr/bedrock.html",
  },
  cohere: { hosts: only("api.cohere.com"), source: "https://docs.cohere.com/reference/about" },
  deepseek: { hosts: only("api.deepseek.com"), source: "https://api-docs.deepseek.com" },
  fireworks: { hosts: only("api.fireworks.ai"), source: "https://docs.fireworks.ai/api-reference" },
  gemini: { hosts: only("generativelanguage.googleapis.com"), source: "https://ai.google.dev/api" },
  groq: { hosts: only("api.groq.com"), source: "https://console.groq.com/docs/api-reference" },
  mistral: { hosts: only("api.mistral.ai"), source: "https://docs.mistral.ai/api" },
  openai: { hosts: only("api.openai.com"), source: "https://platform.openai.com/docs/api-reference" },
  perplexity: { hosts: only("api.perplexity.ai"), source: "https://docs.perplexity.ai/api-reference" },
  together: { hosts: only("api.together.xyz"), source: "https://docs.together.ai/reference" },
  vertex: {
    hosts: ({ cloud, region, resource }) => {
      const at = resource ?? (cloud === "gcp" ? region : undefined);
      // Without a region, Vertex AI answers on its global endpoint; outside GCP, identity is exchanged for a token.
      const tokens = ["oauth2.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com"];
      return ["aiplatform.googleapis.com", ...(at ? [`${at}-aiplatform.googleapis.com`] : []), ...tokens];
    },
    resource: "a Google Cloud region, beside the global endpoint",
    source: "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations",
  },
  xai: { hosts: only("api.x.ai"), source: "https://docs.x.ai/docs/api-reference" },
  // Security tools
  clamav: {
    hosts: only("database.clamav.net"),
    source: "https://docs.clamav.net/manual/Usage/SignatureManagement.html",
  },
  lakera: { hosts: only("api.lakera.ai"), source: "https://docs.lakera.ai/docs/api/guard" },
  nightfall: { hosts: only("api.nightfall.ai"), source: "https://help.nightfall.ai/developer-api" },
  protecto: {
    hosts: ({ resource }) => [`${resource ?? "*"}.protecto.ai`],
    resource: "the first label of your Protecto host, such as trial",
    source:
      "Protecto's Python SDK: its default base URL is trial.protecto.ai, customers get a host of their own",
  },
  // Enterprise integrations
  datadog: {
    hosts: ({ resource }) => {
      const site = resource ?? "datadoghq.com";
      return ["api", "process", "http-intake.logs", "agent-http-intake.logs", "*.agent"].map(
        (h) => `${h}.${site}`,
      );
    },
    resource: "the Datadog site, such as datadoghq.eu; default datadoghq.com",
    source: "https://docs.datadoghq.com/agent/configuration/network",
  },
  splunk: {
    hosts: ({ resource }) => [resource ? `http-inputs-${resource}.splunkcloud.com` : "*.splunkcloud.com"],
    resource: "the name of the Splunk Cloud stack",
    source: "https://docs.splunk.com/Documentation/SplunkCloud/latest/Data/UsetheHTTPEventCollector",
  },
};

/** The providers that have an entry in the table, sorted. */
export const knownProviders: readonly string[] = Object.keys(providers).sort();

/** What each provider is, for the documentation. */
export const providerTable: readonly { name: string; hosts: string[]; resource?: string; source: string }[] =
  knownProviders.map((name) => ({
    name,
    hosts: providerHosts(name, "aws", "<region>"),
    resource: providers[name]!.resource,
    source: providers[name]!.source,
  }));

/**
 * The hosts that a provider is called at from a cell.
 *
 * @param provider a name of {@link knownProviders}; some take a resource after a slash: `azure-openai/<resource>`,
 *   `bedrock/<region>`, `vertex/<region>`, `datadog/<site>`, `splunk/<stack>`, `protecto/<label>`.
 * @throws for an unknown provider, listing the known ones; for a resource where none is taken; and where the
 *   cell's cloud does not say which region is meant.
 */
export function providerHosts(provider: string, cloud: Cloud, region: string): string[] {
  const [name = "", resource, ...more] = provider.split("/");
  const entry = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (!entry)
    throw new Error(`unknown egress provider "${provider}": known are ${knownProviders.join(", ")}`);
  if (resource !== undefined && !entry.resource)
    throw new Error(`egress provider "${name}" takes nothing after a slash`);
  // The resource becomes part of a host name: anything else would widen what the firewall lets out.
  const wellFormed = resource === undefined || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(resource);
  if (more.length > 0 || !wellFormed) {
    throw new Error(`egress provider "${provider}": after the slash, write ${entry.resource}`);
  }
  const hosts = entry.hosts({ cloud, region, resource });
  if (typeof hosts === "string") throw new Error(`egress provider "${provider}": ${hosts}`);
  return hosts;
}

/**
 * Why cells of this cloud and region cannot call a known provider by this name, while others can; nothing when
 * they can, or when nobody can.
 */
export function elsewhere(provider: string, cloud: Cloud, region: string): string | undefined {
  const [name = "", resource] = provider.split("/");
  const hosts = Object.hasOwn(providers, name) ? providers[name]!.hosts({ cloud, region, resource }) : [];
  return typeof hosts === "string" ? hosts : undefined;
}

export interface EgressArgs {
  cloud: Cloud;
  region: string;
  /** See {@link providerHosts}. */
  providers: readonly string[];
  /** Further names: exact, or `*.` and a domain. */
  domains: readonly string[];
  /** Registries (`ghcr.io/<org>`) and image references that the nodes pull from, the cluster's own included. */
  registries: readonly string[];
  /** Whether the web app runs, which signs its users in through Clerk. */
  signIn: boolean;
  /** Whether some of the nodes have GPUs. Default: none. */
  gpu?: boolean;
}

/** What a cluster calls of its own cloud and has no private endpoint for. */
const cloudServices: Readonly<Record<Cloud, (region: string) => string[]>> = {
  // The CloudWatch agent's metrics.
  aws: (region) => [`monitoring.${region}.amazonaws.com`],
  // Where workloads exchange their tokens. Source: Microsoft Entra Workload ID, "Service account token".
  azure: () => ["login.microsoftonline.com"],
  // Google's own services all answer at private addresses.
  gcp: () => [],
};

/**
 * What nodes with GPUs call for their drivers. AKS installs them on the node; EKS's image has them, and GKE's come from
 * Google. Source: "Outbound network and FQDN rules for AKS clusters", GPU enabled clusters.
 */
const gpuDrivers: Readonly<Record<Cloud, readonly string[]>> = {
  aws: [],
  azure: ["download.docker.com", "nvidia.github.io", "us.download.nvidia.com"],
  gcp: [],
};

/**
 * The egress allow-list of a cell: every name that may leave through its egress firewall, sorted and once each.
 * Derived from the providers, the registries and the cloud's services that the cluster calls.
 *
 * @throws as {@link providerHosts} does; and on GCP for a wildcard, which its firewall rules do not take.
 */
export function egressDomains(args: EgressArgs): string[] {
  const { cloud, region } = args;
  const fromProviders = args.providers.flatMap((provider) => {
    const hosts = providerHosts(provider, cloud, region);
    if (cloud === "gcp" && hosts.some((host) => host.includes("*"))) {
      throw new Error(
        `egress provider "${provider}" needs a wildcard, which GCP's firewall does not take: write ${provider}/<resource>`,
      );
    }
    return hosts;
  });
  const wildcard = cloud === "gcp" ? args.domains.find((domain) => domain.startsWith("*.")) : undefined;
  if (wildcard) throw new Error(`GCP's firewall takes no wildcards: instead of ${wildcard}, write each name`);
  const registries = args.registries.flatMap((registry) => registryHosts(registry, cloud, region));
  const signIn = args.signIn ? ["api.clerk.com"] : []; // https://clerk.com/docs/reference/backend-api
  return [
    ...new Set([
      ...fromProviders,
      ...args.domains,
      ...registries,
      ...cloudServices[cloud](region),
      ...(args.gpu ? gpuDrivers[cloud] : []),
      ...signIn,
    ]),
  ].sort();
}
