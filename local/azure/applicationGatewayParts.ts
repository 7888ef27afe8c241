import type { Props } from "../behaviour.js";
import { at, number, objects, refuseUnless, text, texts } from "./common.js";

function within(part: Props, path: string, low: number, high: number, of: string): void {
  const value = number(part, path);
  refuseUnless(
    value === undefined || (value >= low && value <= high),
    "InvalidRequestFormat",
    `The value ${value ?? ""} of '${path}' in ${of} is out of range: ${low} to ${high}.`,
  );
}

function oneValue(part: Props, path: string, allowed: readonly string[], of: string): void {
  const value = text(part, path);
  refuseUnless(
    value === undefined || allowed.includes(value),
    "InvalidRequestFormat",
    `The value '${value ?? ""}' of '${path}' in ${of} is not one of: ${allowed.join(", ")}.`,
  );
}

/** Ports and listeners: each listener hears what no other one does. */
export function checkFrontend(inputs: Props): void {
  refuseUnless(
    objects(inputs, "frontendIPConfigurations").length > 0,
    "ApplicationGatewayFrontendIpMissing",
    "An application gateway needs a frontend IP configuration.",
  );
  const ports = objects(inputs, "frontendPorts");
  for (const port of ports) within(port, "port", 1, 64999, `frontend port ${text(port, "name") ?? ""}`);
  const numbers = ports.map((each) => number(each, "port"));
  refuseUnless(
    new Set(numbers).size === numbers.length,
    "ApplicationGatewayFrontendPortsHaveSamePort",
    "Two frontend ports have the same port.",
  );
  const heard = new Set<string>();
  for (const listener of objects(inputs, "httpListeners")) {
    const name = text(listener, "name") ?? "";
    oneValue(listener, "protocol", ["Http", "Https"], `listener ${name}`);
    const secured = text(listener, "protocol") === "Https";
    refuseUnless(
      secured === at(listener, "sslCertificate").length > 0,
      secured
        ? "ApplicationGatewayHttpsListenerMustReferenceCert"
        : "ApplicationGatewayHttpListenerMustNotReferenceCert",
      `Listener ${name} of protocol ${text(listener, "protocol") ?? ""} must ${secured ? "" : "not "}reference a certificate.`,
    );
    const hosts = [...at(listener, "hostName").map(String), ...texts(listener, "hostNames")];
    refuseUnless(
      at(listener, "hostName").length === 0 || texts(listener, "hostNames").length === 0,
      "ApplicationGatewayListenerHostNameAndHostNames",
      `Listener ${name} has both hostName and hostNames.`,
    );
    refuseUnless(
      hosts.length <= 5,
      "ApplicationGatewayListenerHostNamesLimit",
      `Listener ${name} has ${hosts.length} host names; five is the most.`,
    );
    for (const host of hosts.length > 0 ? hosts : [""]) {
      const key = [
        text(listener, "frontendIPConfiguration.id"),
        text(listener, "frontendPort.id"),
        host.toLowerCase(),
      ].join(" ");
      refuseUnless(
        !heard.has(key),
        "ApplicationGatewayListenersUsingSameFrontendPortAndHost",
        `Listener ${name} hears the same frontend port and host '${host}' as another one.`,
      );
      heard.add(key);
    }
  }
}

/** Minimum TLS version of the predefined policies. Source: Application Gateway TLS policy overview. */
const policies: Readonly<Record<string, string>> = {
  AppGwSslPolicy20150501: "TLSv1_0",
  AppGwSslPolicy20170401: "TLSv1_1",
  AppGwSslPolicy20170401S: "TLSv1_2",
  AppGwSslPolicy20220101: "TLSv1_2",
  AppGwSslPolicy20220101S: "TLSv1_2",
};

/** Certificates and the TLS policy. */
export function checkSsl(inputs: Props): void {
  for (const certificate of objects(inputs, "sslCertificates")) {
    const name = text(certificate, "name") ?? "";
    if (at(certificate, "keyVaultSecretId").length > 0) continue;
    const data = text(certificate, "data");
    refuseUnless(
      at(certificate, "data").length > 0 && at(certificate, "password").length > 0,
      "ApplicationGatewaySslCertificateDataMustBeSpecified",
      `Data and password must be specified for certificate ${name}.`,
    );
    refuseUnless(
      data === undefined || isPfx(data),
      "ApplicationGatewaySslCertificateInvalidData",
      `Data or password for certificate ${name} is invalid.`,
    );
  }
  const type = text(inputs, "sslPolicy.policyType");
  const name = text(inputs, "sslPolicy.policyName") ?? "";
  if (type === undefined) return;
  oneValue(inputs, "sslPolicy.policyType", ["Predefined", "Custom", "CustomV2"], "the SSL policy");
  if (type !== "Predefined") {
    refuseUnless(
      at(inputs, "sslPolicy.cipherSuites[]").length > 0 &&
        ["TLSv1_2", "TLSv1_3"].includes(text(inputs, "sslPolicy.minProtocolVersion") ?? ""),
      "ApplicationGatewayInvalidSslPolicy",
      "A custom SSL policy needs cipher suites, and TLSv1_2 or TLSv1_3 as its minimum.",
    );
    return;
  }
  refuseUnless(
    policies[name] !== undefined,
    "ApplicationGatewayInvalidSslPolicy",
    `The predefined SSL policy '${name}' does not exist.`,
  );
  refuseUnless(
    policies[name] === "TLSv1_2",
    "ApplicationGatewayDeprecatedTlsVersionUsedInSslPolicy",
    `The TLS policy ${name} is using a deprecated TLS version.`,
  );
}

/** PKCS #12 in base64: a sequence whose first element is the version, 3 (RFC 7292). */
function isPfx(data: string): boolean {
  const bytes = Buffer.from(data, "base64");
  if (bytes.toString("base64") !== data.replace(/\s/g, "") || bytes[0] !== 0x30) return false;
  const long = (bytes[1] ?? 0) > 0x80 ? (bytes[1] ?? 0) - 0x80 : 0;
  return bytes.subarray(2 + long, 5 + long).equals(Buffer.from([2, 1, 3]));
}

/** HTTP settings, probes and rewrites. */
export function checkBackends(inputs: Props): void {
  for (const settings of objects(inputs, "backendHttpSettingsCollection")) {
    const of = `HTTP settings ${text(settings, "name") ?? ""}`;
    refuseUnless(
      at(settings, "port").length > 0 && at(settings, "protocol").length > 0,
      "InvalidRequestFormat",
      `Port and protocol must be given in ${of}.`,
    );
    oneValue(settings, "protocol", ["Http", "Https"], of);
    oneValue(settings, "cookieBasedAffinity", ["Enabled", "Disabled"], of);
    within(settings, "port", 1, 65535, of);
    within(settings, "requestTimeout", 1, 86400, of);
    within(settings, "connectionDraining.drainTimeoutInSec", 1, 3600, of);
  }
  for (const probe of objects(inputs, "probes")) {
    const of = `probe ${text(probe, "name") ?? ""}`;
    oneValue(probe, "protocol", ["Http", "Https"], of);
    within(probe, "interval", 1, 86400, of);
    within(probe, "timeout", 1, 86400, of);
    within(probe, "unhealthyThreshold", 1, 20, of);
    const path = text(probe, "path");
    refuseUnless(
      path === undefined ? at(probe, "path").length > 0 : path.startsWith("/"),
      "ApplicationGatewayProbePathIsInvalid",
      `The path of ${of} must start with '/'.`,
    );
    refuseUnless(
      (at(probe, "host").length === 0) === at(probe, "pickHostNameFromBackendHttpSettings").includes(true),
      "ApplicationGatewayProbeHostIsNull",
      `Host and pickHostNameFromBackendHttpSettings of ${of}: one of them must be given.`,
    );
    refuseUnless(
      (number(probe, "timeout") ?? 0) <= (number(probe, "interval") ?? Infinity),
      "ApplicationGatewayProbeTimeoutIsGreaterThanInterval",
      `The timeout of ${of} is longer than its interval.`,
    );
  }
}
