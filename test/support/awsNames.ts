import type { Props, WorldObject } from "../../local/behaviour.js";
import type { Network } from "./awsNetwork.js";
import { token } from "./awsNetwork.js";

/** Records in the zone `example.com`, and certificates for names in it. */
const zone = ({ cloud }: Network) =>
  String(cloud.invoke("aws:route53/getZone:getZone", { name: "example.com" }).zoneId);
export const record = (n: Network, more: Props) =>
  n.cloud.make(token.record, { zoneId: zone(n), type: "A", ttl: 60, records: ["192.0.2.1"], ...more });
export const alias = (n: Network, name: unknown, zoneId: unknown) =>
  record(n, {
    name: "api",
    ttl: undefined,
    records: undefined,
    aliases: [{ name, zoneId, evaluateTargetHealth: true }],
  });

export const requested = ({ cloud }: Network, more: Props = {}) =>
  cloud.make(token.certificate, { domainName: "api.example.com", validationMethod: "DNS", ...more });
export const options = (certificate: WorldObject) =>
  certificate.state.domainValidationOptions as Record<string, string>[];
export const proved = (n: Network, certificate: WorldObject) =>
  options(certificate).map((option) =>
    record(n, { name: option.resourceRecordName, type: "CNAME", records: [option.resourceRecordValue] }),
  );
export const issued = (n: Network): string => {
  const certificate = requested(n);
  const validationRecordFqdns = proved(n, certificate).map(({ state }) => state.fqdn);
  n.cloud.make(token.certificateValidation, { certificateArn: certificate.id, validationRecordFqdns });
  return certificate.id;
};
