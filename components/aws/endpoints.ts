import { kubernetesLayerBucket } from "../registries.js";

/**
 * The VPC endpoints of a cell: AWS's own services that nodes and pods call, reached inside the VPC so that
 * neither NAT nor the egress firewall has to let them through.
 */
export interface InterfaceEndpoint {
  /** Tail of the service name `com.amazonaws.<region>.<service>`. */
  service: string;
  /** Name that the endpoint answers to by private DNS; may start with `*.`. */
  host: string;
  /** False where AWS does not promise to accept an endpoint policy. */
  policy: boolean;
}

const always = [
  "ecr.api",
  "ecr.dkr",
  "sts",
  "ec2",
  "eks",
  "eks-auth",
  "logs",
  "secretsmanager",
  "kms",
  // The cluster autoscaler's; there is no elasticloadbalancing, for no controller makes load balancers here.
  "autoscaling",
];

const irregular: Record<string, (region: string) => string> = {
  "ecr.api": (region) => `api.ecr.${region}.amazonaws.com`,
  "ecr.dkr": (region) => `*.dkr.ecr.${region}.amazonaws.com`,
  "eks-auth": (region) => `eks-auth.${region}.api.aws`,
};

/**
 * Interface endpoints of a region.
 *
 * @param bedrock whether Bedrock is among the model providers: its endpoint exists in some regions only.
 */
export function interfaceEndpoints(region: string, bedrock: boolean): InterfaceEndpoint[] {
  return [...always, ...(bedrock ? ["bedrock-runtime"] : [])].map((service) => ({
    service,
    host: irregular[service]?.(region) ?? `${service}.${region}.amazonaws.com`,
    policy: !service.startsWith("eks"),
  }));
}

/** Where ECR keeps image layers (ECR user guide). */
const ecrLayerBucket = (region: string): string => `prod-${region}-starport-layer-bucket`;

/** What nodes read through the S3 gateway endpoint: the image layers of ECR and of registry.k8s.io. */
export function layerBuckets(region: string): string[] {
  return [ecrLayerBucket(region), kubernetesLayerBucket(region).bucket];
}

/** Names that the VPC resolver must answer for the endpoints to be found. */
export function endpointNames(region: string, bedrock: boolean): string[] {
  return [
    ...interfaceEndpoints(region, bedrock).map((endpoint) => endpoint.host),
    `${ecrLayerBucket(region)}.s3.${region}.amazonaws.com`,
  ];
}
