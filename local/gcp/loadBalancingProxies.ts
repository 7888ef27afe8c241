import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { certificateMap } from "./certificateManager.js";
import { exactlyOne, gcpResource, inRange, matches, oneOf, stateOf, text, texts, toGcp } from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { created } from "./network.js";
import { backendService } from "./loadBalancingBackends.js";
import { servicesOf, urlMap } from "./urlMaps.js";

export const httpsProxy = "gcp:compute/targetHttpsProxy:TargetHttpsProxy";
export const httpProxy = "gcp:compute/targetHttpProxy:TargetHttpProxy";
const sslPolicy = "gcp:compute/sSLPolicy:SSLPolicy";

const api = "compute.googleapis.com";

/** The load balancing schemes of the backend services behind a proxy. */
export function schemesOf(proxy: Props | undefined, context: Pick<Context, "world">): string[] {
  const map = stateOf(context, [urlMap], proxy?.["urlMap"]);
  return servicesOf(map ?? {}).flatMap(
    (id) => text(stateOf(context, [backendService], id), "loadBalancingScheme") ?? [],
  );
}

const policy: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, SslPolicy; Load balancing, SSL policies; provider docs of gcp.compute.SSLPolicy",
  path: "projects/{project}/global/sslPolicies/{name}",
  api,
  replaces: ["description"],
  defaults: () => ({ minTlsVersion: "TLS_1_0", profile: "COMPATIBLE" }),
  check: (inputs) => {
    const custom = text(inputs, "profile") === "CUSTOM";
    return [
      ...oneOf(inputs, "profile", ["COMPATIBLE", "MODERN", "RESTRICTED", "CUSTOM", "FIPS_202205"]),
      ...oneOf(inputs, "minTlsVersion", ["TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3"]),
      ...(custom !== (inputs["customFeatures"] !== undefined)
        ? [
            {
              property: "customFeatures",
              reason: "must be set with the CUSTOM profile, and only with it",
            },
          ]
        : []),
    ];
  },
  admit: (inputs) => {
    const [profile, least] = [text(inputs, "profile") ?? "", text(inputs, "minTlsVersion") ?? ""];
    if (least === "TLS_1_3" && profile !== "RESTRICTED")
      throw invalid("minTlsVersion", least, "TLS 1.3 as the minimum needs the profile RESTRICTED.");
    if (profile === "FIPS_202205" && least !== "TLS_1_2")
      throw invalid("minTlsVersion", least, "The profile FIPS_202205 needs TLS 1.2 as the minimum.");
  },
  outputs: (_, context) => ({
    creationTimestamp: created(context),
    enabledFeatures: [],
    fingerprint: context.hex(8),
  }),
  inUse,
});

const certificates = ["certificateManagerCertificates", "certificateMap", "sslCertificates"];

const https: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, TargetHttpsProxy; Load balancing, target proxies; provider docs of gcp.compute.TargetHttpsProxy",
  path: "projects/{project}/global/targetHttpsProxies/{name}",
  api,
  required: ["urlMap"],
  replaces: ["description", "proxyBind"],
  check: (inputs) => [
    ...oneOf(inputs, "quicOverride", ["NONE", "ENABLE", "DISABLE"]),
    ...oneOf(inputs, "tlsEarlyData", ["STRICT", "PERMISSIVE", "UNRESTRICTED", "DISABLED"]),
    ...inRange(inputs, "httpKeepAliveTimeoutSec", 5, 1200),
    ...exactlyOne(inputs, ["certificateManagerCertificates", "sslCertificates"], false),
    ...matches(
      inputs,
      "certificateMap",
      /^\/\/certificatemanager\.googleapis\.com\/projects\/[^/]+\/locations\/[^/]+\/certificateMaps\/[^/]+$/,
      "//certificatemanager.googleapis.com/projects/{project}/locations/{location}/certificateMaps/{name}",
    ),
  ],
  references: {
    urlMap: toGcp([urlMap]),
    sslPolicy: toGcp([sslPolicy]),
    certificateMap: toGcp([certificateMap], {
      key: (value) => value.replace("//certificatemanager.googleapis.com/", ""),
    }),
  },
  admit: (inputs, context) => {
    if (
      !certificates.some(
        (property) => text(inputs, property) !== undefined || texts(inputs, property).length > 0,
      )
    )
      throw invalid(
        "sslCertificates",
        "",
        "At least one certificate or a certificate map must be specified.",
      );
    if (
      schemesOf(inputs, context).some((each) => each.startsWith("EXTERNAL")) &&
      inputs["certificateManagerCertificates"]
    )
      throw invalid(
        "certificateManagerCertificates",
        "",
        "An external load balancer takes a certificate map.",
      );
  },
  outputs: (_, context) => ({
    creationTimestamp: created(context),
    fingerprint: context.hex(8),
    proxyId: Number.parseInt(context.hex(7, "proxy"), 16),
  }),
  inUse,
});

const http: Behaviour = gcpResource({
  source: "compute.v1 discovery, TargetHttpProxy; provider docs of gcp.compute.TargetHttpProxy",
  path: "projects/{project}/global/targetHttpProxies/{name}",
  api,
  required: ["urlMap"],
  replaces: ["description", "proxyBind"],
  check: (inputs) => inRange(inputs, "httpKeepAliveTimeoutSec", 5, 1200),
  references: { urlMap: toGcp([urlMap]) },
  outputs: (_, context) => ({
    creationTimestamp: created(context),
    fingerprint: context.hex(8),
    proxyId: Number.parseInt(context.hex(7, "proxy"), 16),
  }),
  inUse,
});

export const loadBalancingProxies: Provider = {
  types: { [httpsProxy]: https, [httpProxy]: http, [sslPolicy]: policy },
  invokes: {},
};
