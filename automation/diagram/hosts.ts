import { providerTable } from "../../components/egress.js";
import { anywhere } from "./model.js";

const providerHosts = providerTable.flatMap(({ hosts }) => hosts);
/** Serve images and their layers. */
const registries = [
  /(^|\.)(ghcr\.io|docker\.(io|com)|nvcr\.io|quay\.io|pkg\.dev|gcr\.io|registry\.k8s\.io)$/,
  /(^|\.)(pkg-containers\.githubusercontent\.com|r2\.cloudflarestorage\.com|azurecr\.io|mcr\.microsoft\.com)$/,
  /(^|\.)(dkr|api)\.ecr\.[a-z0-9-]+\.amazonaws\.com$|^prod-registry-k8s-io-|starport-layer-bucket/,
];

/** What a host is to the gateway, for the box that it is drawn in. */
export function kindOfHost(host: string): string {
  if (host === anywhere) return "Any address";
  if (!host.includes(".") || /^[A-Z]/.test(host)) return "The cloud itself";
  if (/^[\d.]+\/\d+$/.test(host)) return "Addresses";
  if (registries.some((pattern) => pattern.test(host))) return "Image registries";
  return providerHosts.some((pattern) => matches(pattern, host))
    ? "Model providers and tools"
    : "Other allowed hosts";
}

/** Hosts of the table stand for a family where a part is the reader's: `bedrock-runtime.<region>.amazonaws.com`. */
function matches(pattern: string, host: string): boolean {
  const parts = pattern.split(/<[^>]+>|\*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[a-z0-9*-]+")}$`).test(host);
}
