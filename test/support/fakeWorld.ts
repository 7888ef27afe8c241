import { CloudError } from "../../local/behaviour.js";
import type { Props, WorldObject } from "../../local/behaviour.js";
import { providers } from "../../local/cloud.js";
import { Operations } from "../../local/operations.js";
import { seed } from "../../local/seed.js";
import { StoredWorld } from "../../local/world.js";

/** The clouds in memory, one resource at a time: for tests of single descriptions, without a program. */
export class FakeWorld {
  readonly world = StoredWorld.inMemory(() => Date.UTC(2025, 0, 1));
  private readonly operations = new Operations(providers, this.world);
  private count = 0;

  constructor(
    readonly region = "us-east-1",
    /** Azure's subscription, GCP's project. */
    readonly scope = "",
  ) {
    seed(this.world);
  }

  /** Checks and creates, as a provider does. @throws the provider's or the cloud's refusal */
  make(type: string, given: Props, name = `r${this.count++}`): WorldObject {
    return this.operations.create(type, name, this.checked(type, given, name), {
      region: this.region,
      scope: this.scope,
    });
  }

  /** Updates in place with whole new inputs. */
  update(object: WorldObject, given: Props): WorldObject {
    const inputs = this.checked(object.type, given, "r", object.inputs);
    return this.operations.update(object.type, object.id, "r", object.state, inputs, this.at(object));
  }

  /** Paths whose change would replace the object. */
  replaces(object: WorldObject, given: Props): string[] {
    const inputs = this.checked(object.type, given, "r", object.inputs);
    return this.operations.diff(object.type, "r", object.inputs, inputs).replaces;
  }

  delete(object: WorldObject): void {
    this.operations.delete(object.type, object.id, "r", object.state, this.at(object));
  }

  invoke(token: string, args: Props = {}): Props {
    return this.operations.invoke(token, args, { region: this.region, scope: this.scope });
  }

  /** The object as it is now. */
  read(object: WorldObject): Props {
    return this.world.find(object.type, object.id)?.state ?? {};
  }

  private at(object: WorldObject) {
    return { region: object.region, scope: this.scope };
  }

  private checked(type: string, given: Props, name: string, olds?: Props): Props {
    const { inputs, failures } = this.operations.check(type, name, given, olds, new Uint8Array(8));
    const [failure] = failures;
    if (failure) throw new CloudError("Check", `${failure.property}: ${failure.reason}`);
    return inputs;
  }
}
