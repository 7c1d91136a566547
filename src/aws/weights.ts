import type { Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { allOn, type Weights, weightsDrift, weightsNotApplied } from '../domain/traffic/weights';
import type { Live, RecordReader, RecordWriter } from './record';
import type { TrafficShifter } from './traffic';

/** The production rule, and what is recorded of it, on the point of being changed. */
export interface OpenTraffic {
  recorded: Live;
  /** What the rule says; what was recorded where it cannot be read as weights. */
  weights: Weights;
  /** Why the rule does not say what was recorded: somebody else has changed it, and nothing may be. Undefined where it does. */
  drift: string | undefined;
  /**
   * Sets weights, reads them back, and records what stands then. Resolves with why the rule does not say them; undefined when
   * it does.
   * @param intended recorded before the change, for whoever comes after a writer that was interrupted; left out where users
   * wait for the change
   */
  set(weights: Weights, record: { intended?: Live; after: Live }): Promise<string | undefined>;
}

/**
 * Opens the production rule for a change.
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
  const [read, rule] = await Promise.all([
    ports.recordReader.read(service),
    ports.trafficShifter.open('production', settings),
  ]);
  const recorded = read ?? { slot: live.slot, weights: allOn(live.slot) };
  return {
    recorded,
    weights: 'weights' in rule.says ? rule.says.weights : recorded.weights,
    drift: weightsDrift(rule.says, recorded, wanted),
    async set(weights, { intended, after }) {
      if (intended) await ports.recordWriter.write(service, intended);
      const notApplied = weightsNotApplied(await rule.set(weights), weights);
      if (notApplied === undefined) await ports.recordWriter.write(service, after);
      return notApplied;
    },
  };
}
