/** The registries whose layers come from elsewhere, with every host that a pull touches. */
const layerHosts: Readonly<Record<string, readonly string[]>> = {
  // Trivy's "Troubleshooting" names both for firewalls.
  "ghcr.io": ["ghcr.io", "pkg-containers.githubusercontent.com"],
  // https://docs.docker.com/desktop/setup/allow-list
  "docker.io": [
    "registry-1.docker.io",
    "auth.docker.io",
    "production.cloudflare.docker.com",
    "docker-images-prod.r2.cloudflarestorage.com",
  ],
  // Operators' egress lists for pulling NVIDIA's images; layers.nvcr.io is where blobs are redirected to.
  "nvcr.io": ["nvcr.io", "layers.nvcr.io", "authn.nvidia.com", "api.ngc.nvidia.com"],
  // https://docs.openshift.com/container-platform/latest/installing/install_config/configuring-firewall.html
  "quay.io": ["quay.io", "cdn.quay.io", "cdn01.quay.io", "cdn02.quay.io", "cdn03.quay.io"],
};

const ecr = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/;

/**
 * The hosts that pulling from a registry needs to reach through the egress firewall. A registry that is not
 * listed here is taken to serve its layers itself; further hosts can be named in `egress.domains`.
 *
 * @param image a registry (`ghcr.io/<org>`) or a whole image reference.
 * @returns nothing for an ECR registry of the cell's own region: VPC endpoints serve it.
 */
export function registryHosts(image: string, cloud: string, region: string): string[] {
  const host = image.split("/")[0] ?? "";
  if (host === "registry.k8s.io") return kubernetesRegistryHosts(cloud, region);
  const ecrRegion = ecr.exec(host)?.[1];
  if (ecrRegion !== undefined) {
    if (cloud === "aws" && ecrRegion === region) return [];
    const layers = `prod-${ecrRegion}-starport-layer-bucket.s3.${ecrRegion}.amazonaws.com`;
    return [host, `api.ecr.${ecrRegion}.amazonaws.com`, layers];
  }
  return [...(layerHosts[host] ?? [host])];
}

/** Where registry.k8s.io runs: it answers from the nearest, which then is where manifests come from. */
const artifactRegions = [
  ...[
    "asia-east1",
    "asia-northeast1",
    "asia-northeast2",
    "asia-south1",
    "australia-southeast1",
    "europe-north1",
  ],
  ...["europe-southwest1", "europe-west1", "europe-west10", "europe-west2", "europe-west3", "europe-west4"],
  ...[
    "europe-west8",
    "europe-west9",
    "southamerica-west1",
    "us-central1",
    "us-east1",
    "us-east4",
    "us-east5",
  ],
  ...["us-south1", "us-west1", "us-west2"],
];

/**
 * Named one by one, since `*.pkg.dev` would let anything out. Layers go to AWS clients from a bucket in their
 * region. Source: the community's deployment in github.com/kubernetes/k8s.io and the redirector in
 * kubernetes/registry.k8s.io (`buckets.go`), both of which may change without notice: a mirror in ECR needs none
 * of this.
 */
function kubernetesRegistryHosts(cloud: string, region: string): string[] {
  const manifests = artifactRegions.map((artifactRegion) => `${artifactRegion}-docker.pkg.dev`);
  if (cloud !== "aws") return ["registry.k8s.io", ...manifests];
  const { bucket, region: at } = kubernetesLayerBucket(region);
  return ["registry.k8s.io", ...manifests, `${bucket}.s3.dualstack.${at}.amazonaws.com`];
}

/** The S3 bucket that registry.k8s.io sends clients in an AWS region to for image layers. */
export function kubernetesLayerBucket(region: string): { bucket: string; region: string } {
  if (region === "eu-west-2")
    return { bucket: "767373bbdcb8270361b96548387bf2a9ad0d48758c35-eu-west-2", region };
  const at = region === "ap-east-2" ? "ap-east-1" : region;
  return { bucket: `prod-registry-k8s-io-${at}`, region: at };
}
