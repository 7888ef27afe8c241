/**
 * How a load balancer checks a backend on its nodes, in seconds and checks in a row. A node whose last pod left answers
 * nothing, and gets requests until this is seen. The failover budget counts with it where one load balancer stands
 * before all cells.
 */
export const backendChecks = { interval: 5, timeout: 5, threshold: 2 } as const;
