import { wholeLife } from "../support/wholeLife.js";

wholeLife({
  stack: "dev-gcp",
  secrets: {
    "gcp:sql/user:User": ({ inputs }) => inputs["password"],
    "gcp:redis/instance:Instance": ({ state }) => state["authString"],
  },
  drift: { type: "gcp:compute/sSLPolicy:SSLPolicy", change: { minTlsVersion: "TLS_1_0" } },
  lost: "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
});
