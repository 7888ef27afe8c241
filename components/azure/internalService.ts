/**
 * Minutes of silence after which Azure's load balancers forget a connection, for so many seconds that it may last:
 * 4 to 30 where they are asked. Source: "Use a public standard load balancer in AKS", Microsoft.Network/publicIPAddresses.
 */
export function idleMinutes(seconds: number): number {
  return Math.min(30, Math.max(4, Math.ceil(seconds / 60)));
}

/**
 * What makes a Service of AKS an internal load balancer, as annotations.
 *
 * @param address the private address that it takes
 * @param idleTimeout seconds that a connection may be silent
 */
export function internalService(address: string, idleTimeout: number): Record<string, string> {
  const annotation = (name: string) => `service.beta.kubernetes.io/azure-load-balancer-${name}`;
  return {
    [annotation("internal")]: "true",
    [annotation("ipv4")]: address,
    [annotation("tcp-idle-timeout")]: String(idleMinutes(idleTimeout)),
  };
}
