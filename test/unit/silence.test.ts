import { expect } from "chai";
import { at } from "../../local/rules.js";
import { freshRun, ofType, theOne } from "../support/runs.js";

describe("dev-azure with ten minutes of silence", () => {
  it("bears them on every leg from the consumer to the pod", async () => {
    const { resources } = await freshRun(
      { "javelin:ingress": { idleTimeoutSeconds: 600 } },
      false,
      "dev-azure",
    );
    const gateway = theOne(resources, "azure-native:network:ApplicationGateway").inputs;
    const own = String(at(gateway, "frontendIPConfigurations[].publicIPAddress.id")[0]);
    const address = ofType(resources, "azure-native:network:PublicIPAddress").find(({ id }) => id === own);
    expect(address?.inputs["idleTimeoutInMinutes"]).to.equal(10);
    const settings = at(gateway, "backendHttpSettingsCollection[].requestTimeout");
    expect(settings.slice(0, -1).every((seconds) => seconds === 600)).to.equal(true);
    const balanced = ofType(resources, "kubernetes:core/v1:Service").filter(
      ({ inputs }) => at(inputs, "spec.type")[0] === "LoadBalancer",
    );
    expect(balanced).to.have.length(3);
    for (const { inputs } of balanced)
      expect(at(inputs, "metadata.annotations")[0]).to.include({
        "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "10",
      });
  });
});
