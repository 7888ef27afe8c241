import { listOf, objectOf, ofType, textOf, texts } from "../state.js";
import type { Deployed } from "../state.js";
import type { CellSketch } from "./cellSketch.js";
import { portLabel } from "./cellSketch.js";

const deployment = "kubernetes:apps/v1:Deployment";
const service = "kubernetes:core/v1:Service";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
/** What the cluster needs for itself is drawn with the nodes. */
const systemNamespace = "kube-system";

type Labels = Record<string, unknown>;
/** `matchLabels`, and `matchExpressions` beside it. */
type Selector = Record<string, unknown>;

interface Workload {
  urn: string;
  name: string;
  box: string;
  namespace: string;
  labels: Labels;
  account: string;
}

/** The gateway's services in a cell. */
export class Workloads {
  private readonly all: Workload[] = [];

  constructor(private readonly cell: CellSketch) {
    const { resources } = cell.state;
    for (const { urn, props } of ofType(resources, deployment)) {
      const metadata = objectOf(props["metadata"]);
      const spec = objectOf(props["spec"]);
      const pod = objectOf(spec["template"]);
      const namespace = textOf(metadata["namespace"]);
      if (namespace === systemNamespace) continue;
      const name = textOf(metadata["name"]);
      // What the selector names are labels of the pods too; a template may be sealed, a selector never is.
      const selector = objectOf(objectOf(spec["selector"])["matchLabels"]);
      const labels = { ...selector, ...objectOf(objectOf(pod["metadata"])["labels"]) };
      const box = this.box({ urn, name });
      const account = textOf(objectOf(pod["spec"])["serviceAccountName"]);
      this.all.push({ urn, name, box, namespace, labels, account });
    }
    for (const { props } of ofType(resources, service)) {
      const spec = objectOf(props["spec"]);
      const type = textOf(spec["type"]);
      for (const { box } of this.selected({ matchLabels: objectOf(spec["selector"]) }, namespaceOf(props)))
        for (const port of listOf(spec["ports"])) {
          if (type === "NodePort") cell.publish(textOf(port["nodePort"]), box);
          // A load balancer of the cell's own network answers at the service's port.
          if (type === "LoadBalancer") cell.publish(textOf(port["port"]), box);
        }
    }
  }

  /** The services that run under this account, or the nodes for those of the system. */
  ofAccount(namespace: string, account: string): string[] {
    if (namespace === systemNamespace) return [this.cell.id("nodes")];
    return this.all
      .filter((each) => each.namespace === namespace && each.account === account)
      .map(({ box }) => box);
  }

  /** The paths that network policies leave open. */
  drawPolicies(): void {
    const policies = ofType(this.cell.state.resources, networkPolicy);
    for (const policy of policies) this.draw(policy);
    for (const workload of this.all) {
      const { namespace, labels } = workload;
      const guarded = policies.some(
        ({ props }) => namespaceOf(props) === namespace && fits(selectorOf(objectOf(props["spec"])), labels),
      );
      if (!guarded) this.box(workload, ["no network policy: every port is open"]);
    }
  }

  private box({ urn, name }: Pick<Workload, "urn" | "name">, details: string[] = []): string {
    return this.cell.box("service", name.replace(/^javelin-/, ""), urn, details, name);
  }

  private draw({ urn, props }: Deployed): void {
    const { cell } = this;
    const spec = objectOf(props["spec"]);
    const namespace = namespaceOf(props);
    const selector = selectorOf(spec);
    const pods = this.selected(selector, namespace);
    const everyPod = Object.keys(selector).length === 0;
    for (const rule of listOf(spec["ingress"]))
      for (const port of ports(rule))
        for (const peer of peers(rule, "from"))
          for (const { box } of pods) {
            if (peer.block !== undefined) cell.enter(peer.block, box, port, urn);
            else for (const from of this.peerBoxes(peer, namespace)) cell.arrow(from, box, port, urn);
          }
    for (const rule of listOf(spec["egress"]))
      for (const peer of peers(rule, "to")) {
        // What every pod may do is said once.
        if (everyPod && peer.block === undefined) {
          cell.box("nodes", "Nodes", urn, [`every pod may ask ${peerName(peer)}: ${ports(rule).join(", ")}`]);
          continue;
        }
        for (const port of ports(rule))
          for (const { box } of pods) {
            if (peer.block !== undefined) cell.leave(box, peer.block, port, urn);
            else for (const to of this.peerBoxes(peer, namespace)) cell.arrow(box, to, port, urn);
          }
      }
  }

  private selected(selector: Selector, namespace: string): Workload[] {
    return this.all.filter((each) => each.namespace === namespace && fits(selector, each.labels));
  }

  /** Pods of this namespace are services; those of another are the system's. */
  private peerBoxes({ pods, otherNamespace }: Peer, namespace: string): string[] {
    if (otherNamespace) return [this.cell.id("nodes")];
    return this.selected(pods, namespace).map(({ box }) => box);
  }
}

interface Peer {
  block?: string;
  pods: Selector;
  otherNamespace: boolean;
}

function peers(rule: Record<string, unknown>, key: "from" | "to"): Peer[] {
  const found = listOf(rule[key]).map((peer) => {
    const block = textOf(objectOf(peer["ipBlock"])["cidr"]);
    return {
      ...(block !== "" && { block }),
      pods: objectOf(peer["podSelector"]),
      otherNamespace: peer["namespaceSelector"] !== undefined,
    };
  });
  // No peer is named: everybody is one.
  return found.length > 0 ? found : [{ block: "0.0.0.0/0", pods: {}, otherNamespace: false }];
}

function ports(rule: Record<string, unknown>): string[] {
  const found = listOf(rule["ports"]).map(({ port, endPort, protocol }) =>
    portLabel(port, endPort ?? port, protocol ?? "TCP"),
  );
  return found.length > 0 ? found : ["any port"];
}

const peerName = ({ pods }: Peer): string =>
  [...texts(Object.values(objectOf(pods["matchLabels"]))), ...texts(pods, "matchExpressions", "values")].join(
    ", ",
  ) || "another namespace";
const namespaceOf = (props: Record<string, unknown>): string =>
  textOf(objectOf(props["metadata"])["namespace"]);
const selectorOf = (spec: Record<string, unknown>): Selector => objectOf(spec["podSelector"]);

/** Whether a selector picks pods with these labels; an empty one picks all. */
function fits(selector: Selector, labels: Labels): boolean {
  const exact = Object.entries(objectOf(selector["matchLabels"])).every(
    ([key, value]) => labels[key] === value,
  );
  const expressed = listOf(selector["matchExpressions"]).every((expression) => {
    const value = textOf(labels[textOf(expression["key"])]);
    const listed = texts(expression, "values").includes(value);
    switch (textOf(expression["operator"])) {
      case "In":
        return listed;
      case "NotIn":
        return !listed;
      case "Exists":
        return value !== "";
      default:
        return value === "";
    }
  });
  return exact && expressed;
}

/** Kubernetes names accounts as `<namespace>/<account>` in clouds' words: `system:serviceaccount:…`, `…svc.id.goog[…]`. */
export function accountIn(text: string): [namespace: string, account: string] | undefined {
  const [, namespace, account] =
    /^system:serviceaccount:([^:]+):(.+)$/.exec(text) ??
    /\.svc\.id\.goog\[([^/]+)\/([^\]]+)\]$/.exec(text) ??
    [];
  return namespace !== undefined && account !== undefined ? [namespace, account] : undefined;
}
