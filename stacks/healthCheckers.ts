/**
 * Where Route 53's health checks come from, for cells that do not admit everybody. Source: AWS's published address
 * ranges, service ROUTE53_HEALTHCHECKS, IPv4; the same are in the managed prefix list `route53-healthchecks`.
 */
export const route53Checkers: readonly string[] = [
  ...["15.177.0.0/18", "54.183.255.128/26", "54.228.16.0/26", "54.232.40.64/26", "54.241.32.64/26"],
  ...["54.243.31.192/26", "54.244.52.192/26", "54.245.168.0/26", "54.248.220.0/26", "54.250.253.192/26"],
  ...["54.251.31.128/26", "54.252.79.128/26", "54.252.254.192/26", "54.255.254.192/26"],
  ...["107.23.255.0/26", "176.34.159.192/26", "177.71.207.128/26"],
];
