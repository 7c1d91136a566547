import { getEventListeners } from 'node:events';
import { virtualClock } from '../../../local/asl';

describe('the virtual clock', () => {
  it('jumps to the earliest timer and fires timers in order of time', async () => {
    const clock = virtualClock(0);
    const fired: [string, number][] = [];
    const sleep = async (name: string, ms: number) => {
      await clock.sleep(ms);
      fired.push([name, clock.now()]);
    };
    await Promise.all([sleep('day', 86_400_000), sleep('second', 1000), sleep('now', 0)]);
    expect(fired).toEqual([
      ['now', 0],
      ['second', 1000],
      ['day', 86_400_000],
    ]);
  });

  it('leaves no listener on the signal of a sleep that ended', async () => {
    const { signal } = new AbortController();
    await virtualClock().sleep(1000, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects with the reason of the signal and forgets the timer', async () => {
    const clock = virtualClock(0);
    const controller = new AbortController();
    const sleeping = clock.deadline(1000, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(sleeping).rejects.toThrow('stopped');
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('stopped');
    expect(clock.pending()).toBe(0);
    expect(clock.now()).toBe(0);
  });
});
