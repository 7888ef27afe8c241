import type { Props, WorldObject } from "../../local/behaviour.js";
import { projectNumber } from "../../local/gcp/common.js";
import { FakeWorld } from "./fakeWorld.js";

export const gke = {
  account: "gcp:serviceaccount/account:Account",
  accountMember: "gcp:serviceaccount/iAMMember:IAMMember",
  cluster: "gcp:container/cluster:Cluster",
  customRole: "gcp:projects/iAMCustomRole:IAMCustomRole",
  key: "gcp:kms/cryptoKey:CryptoKey",
  keyMember: "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
  keyRing: "gcp:kms/keyRing:KeyRing",
  network: "gcp:compute/network:Network",
  pool: "gcp:container/nodePool:NodePool",
  projectMember: "gcp:projects/iAMMember:IAMMember",
  secret: "gcp:secretmanager/secret:Secret",
  secretVersion: "gcp:secretmanager/secretVersion:SecretVersion",
  serviceIdentity: "gcp:projects/serviceIdentity:ServiceIdentity",
  subnetwork: "gcp:compute/subnetwork:Subnetwork",
} as const;

/** Settings of a cluster whose control plane is reached by its name, and not by its address. */
export const byName = {
  controlPlaneEndpointsConfig: {
    dnsEndpointConfig: { allowExternalTraffic: true },
    ipEndpointsConfig: { enabled: false },
  },
};

const apis = ["cloudkms", "cloudresourcemanager", "compute", "container", "iam", "secretmanager"];
const encrypts = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/** A project with a network for nodes and a key that GKE may use, and the cluster and pools that go on it. */
export class GcpCluster extends FakeWorld {
  readonly network: WorldObject;
  readonly ring: WorldObject;
  readonly key: WorldObject;

  constructor(readonly project = "proj-1") {
    super("europe-west1", project);
    for (const api of apis) this.make("gcp:projects/service:Service", { service: `${api}.googleapis.com` });
    this.network = this.make(gke.network, { name: "net", autoCreateSubnetworks: false });
    this.ring = this.make(gke.keyRing, { name: "ring", location: this.region });
    this.key = this.make(gke.key, { name: "key", keyRing: this.ring.id });
  }

  agent(domain: string): string {
    return `serviceAccount:service-${projectNumber(this.project)}@${domain}.iam.gserviceaccount.com`;
  }

  mayEncrypt(domain: string): WorldObject {
    return this.make(gke.keyMember, { cryptoKeyId: this.key.id, role: encrypts, member: this.agent(domain) });
  }

  subnet(more: Props = {}): WorldObject {
    return this.make(gke.subnetwork, {
      name: "nodes",
      network: this.network.id,
      region: this.region,
      ipCidrRange: "10.10.0.0/20",
      privateIpGoogleAccess: true,
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.64.0.0/16" },
        { rangeName: "services", ipCidrRange: "10.65.0.0/20" },
      ],
      ...more,
    });
  }

  account(accountId = "nodes-of-a"): WorldObject {
    return this.make(gke.account, { accountId });
  }

  /** Inputs of a cluster that comes up. */
  clusterInputs(more: Props = {}): Props {
    return {
      name: "a",
      location: this.region,
      network: this.network.id,
      subnetwork: `projects/${this.project}/regions/${this.region}/subnetworks/nodes`,
      ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
      privateClusterConfig: { enablePrivateNodes: true },
      workloadIdentityConfig: { workloadPool: `${this.project}.svc.id.goog` },
      minMasterVersion: "1.34",
      initialNodeCount: 1,
      removeDefaultNodePool: true,
      deletionProtection: false,
      ...more,
    };
  }

  cluster(more: Props = {}, subnet: Props = {}): WorldObject {
    this.subnet(subnet);
    return this.make(gke.cluster, this.clusterInputs(more));
  }

  pool(more: Props = {}, config: Props = {}, cluster: Props = {}): WorldObject {
    const { id } = this.cluster(cluster);
    return this.make(gke.pool, {
      name: "general",
      cluster: id,
      initialNodeCount: 1,
      nodeConfig: { machineType: "e2-standard-2", ...config },
      ...more,
    });
  }
}
