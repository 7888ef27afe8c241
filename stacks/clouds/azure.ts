import { holdsUnseen, noGpu, notArm, type CloudFacts } from "./facts.js";

/**
 * The regions of Azure's public cloud that have availability zones, which are 1, 2 and 3 in each. The others
 * are left out: database, cache, firewall and entrance could not outlive the loss of a datacentre there.
 * Source: "List of Azure regions" and "Availability zones", Microsoft Learn.
 */
const withZones = [
  ...["australiaeast", "austriaeast", "belgiumcentral", "brazilsouth", "canadacentral", "centralindia"],
  ...["centralus", "chilecentral", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral"],
  ...["indonesiacentral", "israelcentral", "italynorth", "japaneast", "japanwest", "koreacentral"],
  ...["malaysiawest", "mexicocentral", "newzealandnorth", "northeurope", "norwayeast", "polandcentral"],
  ...["qatarcentral", "southafricanorth", "southcentralus", "southeastasia", "spaincentral", "swedencentral"],
  ...["switzerlandnorth", "uaenorth", "uksouth", "westeurope", "westus2", "westus3"],
];

export const azure: CloudFacts = {
  zones: Object.fromEntries(withZones.map((region) => [region, "123"])),
  zoneName: (_, mark) => mark,
  zoneForm: () => ({ form: /^[123]$/, example: "1" }),
  offering: (_machine, _region, zones) => zones,
  machines: {
    small: { node: "Standard_D2s_v5", database: "Standard_B2s", cache: "Balanced_B1" },
    standard: { node: "Standard_D4s_v5", database: "Standard_D4ds_v5", cache: "Balanced_B5" },
    large: { node: "Standard_D8s_v5", database: "Standard_D8ds_v5", cache: "Balanced_B10" },
  },
  gpu: "Standard_NC8as_T4_v3",
  forms: {
    node: { form: /^Standard_[A-Z][A-Za-z0-9_-]+$/, example: "Standard_D4s_v5" },
    database: { form: /^Standard_[A-Z][A-Za-z0-9_-]+$/, example: "Standard_D4ds_v5" },
    cache: {
      form: /^(Balanced_B|MemoryOptimized_M|ComputeOptimized_X)\d+$/,
      example: "Balanced_B5",
    },
    admin: {
      form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      example: "the object id of a Microsoft Entra group",
    },
  },
  // Source: "Manage data retention in a Log Analytics workspace": interactive retention.
  retention: (days) =>
    days >= 30 && days <= 730 ? undefined : "Log Analytics keeps logs for 30 to 730 days: write one of these",
  // Source: "Backup and restore in Azure Database for PostgreSQL".
  backups: (days) => (days >= 7 ? undefined : "Azure keeps a database's backups for 7 to 35 days: write 7"),
  // Source: Microsoft.Network/publicIPAddresses, idleTimeoutInMinutes; "Use a public standard load balancer in AKS".
  silence: (seconds) =>
    seconds <= 1800 ? undefined : "Azure's load balancers forget it after 30 minutes: write 1800 or less",
  // Application Gateway's WAF asks for 1 or more and names no limit above. Source: azure-rest-api-specs, rateLimitThreshold.
  rate: () => undefined,
  // Source: Azure VM sizes naming conventions: a "p" among the features is Arm.
  node: (machine) =>
    /^Standard_[A-Z]+\d+(-\d+)?[a-z]*p/.test(machine) ? notArm("Standard_D4s_v5") : undefined,
  // Source: Azure VM sizes, GPU accelerated: NC, ND and NV, but NVv4 and the MI300X ones, which are AMD's.
  gpuNode: (machine) =>
    /^Standard_N[CDV]/.test(machine) && !/^Standard_NV\w*_v4$|MI300X/.test(machine)
      ? undefined
      : noGpu("Standard_NC8as_T4_v3"),
  // Source: "Secure access to the API server using authorized IP address ranges in AKS".
  apiAccess: (range) =>
    holdsUnseen(range)
      ? "write the addresses that the internet sees, none private or reserved: AKS compares with these"
      : undefined,
  // AKS takes 200 (the same source); one is the cell's own way out.
  apiRanges: 199,
  tiers: ["gateway", "node", "data", "endpoint"],
};
