/** Regions that the tag AzureCloud calls otherwise than all else does. Source: "Virtual network service tags". */
const called: Readonly<Record<string, string>> = {
  francecentral: "centralfrance",
  francesouth: "southfrance",
  germanynorth: "germanyn",
  germanywestcentral: "germanywc",
  norwayeast: "norwaye",
  norwaywest: "norwayw",
  switzerlandnorth: "switzerlandn",
  switzerlandwest: "switzerlandw",
};

/** The service tag of everything that Azure runs in a region. */
export function azureCloud(region: string): string {
  return `AzureCloud.${called[region] ?? region}`;
}
