/**
 * What the local cloud knows of one resource type. The gRPC stand-ins and the unit tests' mocks both read
 * these descriptions, so there is one description of each resource.
 */

/** A resource's properties as plain JSON. Unknown values (previews) are the {@link UNKNOWN} sentinel. */
export type Props = Record<string, unknown>;

/** The wire value that the engine uses for a string that is not known yet; other types' sentinels map to it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One thing that exists in the local cloud. */
export interface WorldObject {
  type: string;
  id: string;
  /** Region for AWS, Azure, GCP; the cluster's endpoint for Kubernetes; "global" for what has no region. */
  region: string;
  inputs: Props;
  /** Inputs, defaults and computed outputs together: what a read returns. */
  state: Props;
  /** Another object that the cloud itself made this one for; such an object goes when its owner goes. */
  owner?: string;
  /** The owner's type; set by the world. */
  ownerType?: string;
  /** Milliseconds on the world's clock. */
  created: number;
}

/** A refusal, in the cloud's own code and wording. */
export class CloudError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

export interface World {
  /** The account that everything belongs to: 12 digits. */
  readonly account: string;
  find(type: string, id: string): WorldObject | undefined;
  /** Every object of a type, in the order of creation; of one region when it is given. */
  list(type: string, region?: string): WorldObject[];
  /** Adds an object that the cloud makes by itself (a cluster's security group, a default route table). */
  add(object: Omit<WorldObject, "created">): void;
  /** Changes an object's state in place, as a side effect of another operation. */
  amend(type: string, id: string, change: Props): void;
}

export interface Context {
  world: World;
  region: string;
  /** What the provider's configuration selects besides the region: Azure's subscription, GCP's project; "" elsewhere. */
  scope: string;
  /** The resource's logical name. Only for mocks' determinism and messages: clouds do not know it. */
  name: string;
  /** Hex digits that are stable for this object: `hex(17)` for an id's tail. `salt` gives a second value. */
  hex(length: number, salt?: string): string;
  /** The world's clock, ISO 8601. */
  now(): string;
  /** The object as it is now; absent at create. */
  current?: WorldObject;
}

/** An input that names another object. */
export interface Reference {
  /** Pulumi types, any of which may be meant. */
  types: string[];
  /** Which property of the target the input holds. Default "id". */
  by?: string;
  /** What the input's value is as the target holds it, where clouds take several spellings. Default: itself. */
  key?: (value: string) => string;
  /** The cloud's error code when it is absent; the message is formed from the value unless given. */
  code: string;
  message?: (value: string) => string;
  /** True: deleting the target while this object exists is allowed. Default false: it is refused. */
  weak?: boolean;
  /** Values that are accepted without looking (AWS-managed ARNs, `alias/aws/…`). */
  except?: RegExp;
  /** True: the target may be in another region. Default false. */
  anyRegion?: boolean;
}

export interface Behaviour {
  /** Where the rules come from: API reference, schema, provider docs. */
  source: string;
  /** True for types without a region (IAM, Route 53, CloudFront). */
  global?: boolean;
  /** Inputs that the provider's schema requires. */
  required?: readonly string[];
  /** Inputs whose change replaces the object: dotted paths, `[]` for list elements ("vpcConfig.subnetIds"). */
  replaces?: readonly string[];
  /** True when the provider deletes the old object before it makes the new one. Default: as `autoName` says. */
  deletesFirst?: (olds: Props, news: Props) => boolean;
  /** An extra reason to replace (a downgrade, a type change) that paths alone do not tell. */
  replacesWhen?: (olds: Props, news: Props) => string[];
  /** Values that the provider itself fills into the inputs when they are absent. */
  defaults?: (inputs: Props) => Props;
  /** The property that the provider names by itself when the program does not: `<logical name>-<7 hex>`. */
  autoName?: { property: string; max: number };
  /** What the provider refuses before it calls the cloud: seen in a preview. Skips unknowns. */
  check?: (inputs: Props) => { property: string; reason: string }[];
  /** Inputs that name other objects, by path (`subnetIds[]`, `vpcConfig.subnetIds[]`). */
  references?: Record<string, Reference>;
  /** A key that only one object of this type may have, in its account and region (or world, if `global`). */
  unique?: (inputs: Props, context: Context) => string | undefined;
  /** True: creating it takes over what exists under its id. Default false: that is refused. */
  adopts?: boolean;
  /** The error for a taken key. Default: code "AlreadyExists". */
  taken?: (key: string) => CloudError;
  /** Every other refusal at create and update; throws {@link CloudError}. */
  admit?: (inputs: Props, context: Context) => void;
  /** The new object's id, in the cloud's format. */
  id: (inputs: Props, context: Context) => string;
  /** Outputs that the cloud computes; inputs need not be repeated. Called at create, update and read-back. */
  outputs?: (inputs: Props, context: Context) => Props;
  /** Outputs that an update may change: unknown in the preview of an update. */
  volatile?: readonly string[];
  /** Side effects in the world once the object exists or has changed. */
  after?: (object: WorldObject, context: Context) => void;
  /** Refuses the deletion (deletion protection, not empty) by throwing {@link CloudError}. */
  release?: (object: WorldObject, context: Context) => void;
  /** Side effects of a deletion: names held, attachments undone. */
  afterDelete?: (object: WorldObject, context: Context) => void;
  /** The error for deleting an object that others refer to. Default: code "DependencyViolation". */
  inUse?: (object: WorldObject, by: WorldObject) => CloudError;
  /** Outputs that the provider marks secret. */
  secrets?: readonly string[];
  /** Published creation time in minutes, for the scaled clock. Default 0. */
  minutes?: number | ((inputs: Props) => number);
}

/** How long it takes to make one, in minutes. */
export const creationMinutes = ({ minutes = 0 }: Behaviour, inputs: Props): number =>
  typeof minutes === "function" ? minutes(inputs) : minutes;

/** A data source: reads the world, refuses what is not there. `args` hold no unknowns. */
export type Invoke = (args: Props, context: Omit<Context, "current">) => Props;

/** A provider's whole knowledge: types and functions by Pulumi token. A token that is absent is an error. */
export interface Provider {
  types: Record<string, Behaviour>;
  invokes: Record<string, Invoke>;
  /** True: what it makes lives in the program's state alone (random, tls), and the world holds none of it. */
  stateOnly?: boolean;
}
