import { expect } from "chai";
import { ScaledClock } from "../../../automation/drill/clock.js";

describe("the scaled clock", () => {
  it("stands still while the process gets no time", async () => {
    const clock = new ScaledClock(60);
    let woken = false;
    const asleep = clock.sleep(10).then(() => (woken = true));
    // No turn of the event loop for twice as long as the sleeper sleeps.
    for (const began = performance.now(); performance.now() - began < 350;);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).to.be.lessThan(1);
    expect(woken).to.equal(false);
    await asleep;
    expect(clock.now()).to.be.within(10, 11);
    clock.stop();
  });

  it("wakes sleepers in the order of their times, and lets go of them when it stops", async () => {
    const clock = new ScaledClock(1000);
    const woken: [number, boolean][] = [];
    const sleepers = [3, 1, 2, 1e6].map((seconds) =>
      clock.sleep(seconds).then((more) => woken.push([seconds, more])),
    );
    await clock.sleep(4);
    clock.stop();
    await Promise.all(sleepers);
    expect(woken).to.deep.equal([
      [1, true],
      [2, true],
      [3, true],
      [1e6, false],
    ]);
    const stopped = clock.now();
    expect(await clock.sleep(0)).to.equal(false);
    expect(clock.now()).to.equal(stopped);
  });
});
