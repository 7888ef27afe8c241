import type { Props } from "../behaviour.js";
import { objects, refuseUnless, text } from "./common.js";

/** Collections of parts that have names, and thereby ids. */
const collections = [
  "gatewayIPConfigurations",
  "frontendIPConfigurations",
  "frontendPorts",
  "sslCertificates",
  "sslProfiles",
  "backendAddressPools",
  "backendHttpSettingsCollection",
  "probes",
  "httpListeners",
  "redirectConfigurations",
  "rewriteRuleSets",
  "urlPathMaps",
  "requestRoutingRules",
] as const;

/** Where a part names another one, and of which collection that has to be. */
const references: readonly [path: string, to: (typeof collections)[number]][] = [
  ["backendHttpSettingsCollection[].probe", "probes"],
  ["httpListeners[].frontendIPConfiguration", "frontendIPConfigurations"],
  ["httpListeners[].frontendPort", "frontendPorts"],
  ["httpListeners[].sslCertificate", "sslCertificates"],
  ["httpListeners[].sslProfile", "sslProfiles"],
  ["redirectConfigurations[].targetListener", "httpListeners"],
  ["requestRoutingRules[].httpListener", "httpListeners"],
  ["requestRoutingRules[].urlPathMap", "urlPathMaps"],
  ...["requestRoutingRules[].", "urlPathMaps[].pathRules[]."].flatMap(
    (at): [string, (typeof collections)[number]][] => [
      [`${at}backendAddressPool`, "backendAddressPools"],
      [`${at}backendHttpSettings`, "backendHttpSettingsCollection"],
      [`${at}redirectConfiguration`, "redirectConfigurations"],
      [`${at}rewriteRuleSet`, "rewriteRuleSets"],
    ],
  ),
  ["urlPathMaps[].defaultBackendAddressPool", "backendAddressPools"],
  ["urlPathMaps[].defaultBackendHttpSettings", "backendHttpSettingsCollection"],
  ["urlPathMaps[].defaultRedirectConfiguration", "redirectConfigurations"],
  ["urlPathMaps[].defaultRewriteRuleSet", "rewriteRuleSets"],
];

/** Every part has a name of its own, and refers to parts of the same gateway that exist. */
export function checkReferences(inputs: Props, gatewayId: string): void {
  const ids = new Set<string>();
  for (const collection of collections)
    for (const part of objects(inputs, collection)) {
      const name = text(part, "name") ?? "";
      refuseUnless(
        /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/.test(name),
        "InvalidResourceName",
        `Resource name '${name}' in ${collection} is invalid.`,
      );
      const id = `${gatewayId}/${collection}/${name}`.toLowerCase();
      refuseUnless(
        !ids.has(id),
        "DuplicateResourceName",
        `Resource ${gatewayId} has two child resources with the same name ${name} in ${collection}.`,
      );
      ids.add(id);
    }
  for (const [path, collection] of references)
    for (const reference of objects(inputs, path)) {
      const id = text(reference, "id");
      if (id === undefined) continue;
      refuseUnless(
        ids.has(id.toLowerCase()) && id.toLowerCase().startsWith(`${gatewayId}/${collection}/`.toLowerCase()),
        "InvalidResourceReference",
        `Resource ${id} referenced by resource ${gatewayId} (${path}) was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
      );
    }
}
