import type { Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { allOn, driftOfAny, saidByAll, type Weights, weightsNotApplied } from '../domain/traffic/weights';
import type { Live, RecordReader, RecordWriter } from './record';
import type { TrafficShifter } from './traffic';

/** The production rules, and what is recorded of them, on the point of being changed. */
export interface OpenTraffic {
  recorded: Live;
  /** What the rules say; what was recorded where they cannot be read as weights, or differ. */
  weights: Weights;
  /** Why a rule does not say what was recorded: somebody else has changed it, and nothing may be. Undefined where all do. */
  drift: string | undefined;
  /**
   * Sets weights, reads them back, and records what stands then. Resolves with why the rules do not say them; undefined when
   * they do.
   * @param intended recorded before the change, for whoever comes after a writer that was interrupted; left out where users
   * wait for the change, who then get it by each rule that can be changed, also when another one cannot
   */
  set(weights: Weights, record: { intended?: Live; after: Live }): Promise<string | undefined>;
}

/**
 * Opens the production rules for a change.
 * @param live blue's slot: what stands where nothing is recorded yet
 * @param wanted weights that are no stranger's either, because the one that asks may have set them already
 */
export async function openTraffic(
  ports: { trafficShifter: TrafficShifter; recordReader: RecordReader; recordWriter: RecordWriter },
  settings: Settings,
  live: { slot: Slot },
  wanted?: Weights,
): Promise<OpenTraffic> {
  const { service } = settings;
  const [read, rules] = await Promise.all([
    ports.recordReader.read(service),
    ports.trafficShifter.open('production', settings),
  ]);
  const recorded = read ?? { slot: live.slot, weights: allOn(live.slot) };
  const all = saidByAll(rules.say);
  return {
    recorded,
    weights: 'weights' in all ? all.weights : recorded.weights,
    drift: driftOfAny(rules.say, recorded, wanted),
    async set(weights, { intended, after }) {
      if (intended) await ports.recordWriter.write(service, intended);
      const notApplied = weightsNotApplied(
        await rules.set(weights, { orNone: intended !== undefined }),
        weights,
      );
      if (notApplied === undefined) await ports.recordWriter.write(service, after);
      return notApplied;
    },
  };
}
