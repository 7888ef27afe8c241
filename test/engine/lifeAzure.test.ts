import { wholeLife } from "../support/wholeLife.js";

wholeLife({
  stack: "dev-azure",
  secrets: {
    "azure-native:dbforpostgresql:Server": ({ inputs }) => inputs["administratorLoginPassword"],
    "azure-native:network:ApplicationGateway": ({ inputs }) =>
      (inputs["sslCertificates"] as { password: string }[])[0]?.password,
  },
  drift: {
    type: "azure-native:dbforpostgresql:Server",
    change: { backup: { backupRetentionDays: 8, geoRedundantBackup: "Disabled" } },
  },
  lost: "azure-native:network:PrivateDnsZoneGroup",
});
