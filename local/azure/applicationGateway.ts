import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { checkBackends, checkFrontend, checkSsl } from "./applicationGatewayParts.js";
import { checkPlace } from "./applicationGatewayPlace.js";
import { checkReferences } from "./applicationGatewayReferences.js";
import { checkRouting } from "./applicationGatewayRouting.js";
import { arm, at, number, refuseUnless, text, toArm } from "./common.js";
import { net, networkName, toPublicIp, toSubnet, zoneFailures } from "./networkTypes.js";

const gateway: Behaviour = arm({
  source:
    "Microsoft.Network/applicationGateways (Azure/bicep-types-az); Application Gateway: infrastructure, listeners, request routing rules, HTTP settings, health probes, TLS policy, autoscaling and zones",
  type: "Microsoft.Network/applicationGateways",
  names: ["applicationGatewayName"],
  replaces: ["zones"],
  check: (inputs) => [...networkName(inputs, "applicationGatewayName"), ...zoneFailures(inputs)],
  references: {
    "gatewayIPConfigurations[].subnet.id": toSubnet,
    "frontendIPConfigurations[].publicIPAddress.id": toPublicIp,
    "firewallPolicy.id": toArm([net.wafPolicy]),
  },
  admit: (inputs, context) => {
    checkSku(inputs, context);
    const id = gateway.id(inputs, context);
    checkReferences(inputs, id);
    checkPlace(inputs, context, id);
    checkFrontend(inputs);
    checkSsl(inputs);
    checkBackends(inputs);
    checkRouting(inputs);
  },
  outputs: () => ({ operationalState: "Running", defaultPredefinedSslPolicy: "AppGwSslPolicy20220101" }),
  minutes: 8,
});

/** Tier, capacity and firewall policy. */
function checkSku(inputs: Props, { current }: Context): void {
  const tier = text(inputs, "sku.tier") ?? "";
  refuseUnless(
    tier === text(inputs, "sku.name") && ["Standard_v2", "WAF_v2"].includes(tier),
    "ApplicationGatewayInvalidSku",
    `The SKU '${text(inputs, "sku.name") ?? ""}' of tier '${tier}' cannot be created: Standard_v2 and WAF_v2 can.`,
  );
  const waf = tier === "WAF_v2";
  const [policy] = at(inputs, "firewallPolicy.id");
  refuseUnless(
    !waf || policy !== undefined,
    "ApplicationGatewayFirewallNotConfiguredForSelectedSku",
    "The SKU tier WAF_v2 needs a firewall policy.",
  );
  refuseUnless(
    waf || policy === undefined,
    "ApplicationGatewayFirewallPolicyNotSupportedForSku",
    `A firewall policy cannot be associated with the SKU tier ${tier}.`,
  );
  const before = current === undefined ? undefined : text(current.inputs, "sku.tier");
  refuseUnless(
    before === undefined || before === tier || tier === "WAF_v2",
    "ApplicationGatewaySkuChangeNotAllowed",
    `The SKU tier cannot change from ${before ?? ""} to ${tier}.`,
  );
  refuseUnless(
    !waf || !at(inputs, "globalConfiguration.enableRequestBuffering").includes(false),
    "ApplicationGatewayRequestBufferingRequiredForWaf",
    "Request buffering cannot be disabled for the SKU tier WAF_v2.",
  );

  const fixed = number(inputs, "sku.capacity");
  const [low, high] = [
    number(inputs, "autoscaleConfiguration.minCapacity"),
    number(inputs, "autoscaleConfiguration.maxCapacity"),
  ];
  refuseUnless(
    (fixed === undefined) !== (at(inputs, "autoscaleConfiguration").length === 0),
    "ApplicationGatewaySkuCapacityAndAutoscale",
    "Either sku.capacity or autoscaleConfiguration must be given, and not both.",
  );
  const within = (value: number | undefined, from: number) =>
    value === undefined || (value >= from && value <= 125);
  refuseUnless(
    within(fixed, 1) && within(low, 0) && within(high, 2) && (low ?? 0) <= (high ?? 125),
    "ApplicationGatewayInvalidCapacity",
    "Capacity is 1 to 125; autoscaling from 0 to 125 up to 2 to 125, and not downwards.",
  );
}

export const applicationGateway: Provider = {
  types: { [net.applicationGateway]: gateway },
  invokes: {},
};
