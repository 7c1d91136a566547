import type { Question } from '../approval/question';
import type { Period } from '../evidence/latency';
import type { StatusFacts } from '../report/status';
import type { JournalRow } from '../results/row';
import type { Slot } from '../settings/choices';
import type { Control } from '../traffic/pause';

/** What was read of a deployment for its page. It holds no secret: the page shows all that it is given. */
export interface Seen {
  deployment: string;
  now: Date;
  rows: JournalRow[];
  /** The execution that drives it; undefined where Step Functions does not know it, or not any more. */
  execution: { status: string; running: boolean; outcome: string; cause: string } | undefined;
  /** What people were asked and nobody has answered. */
  question: Question | undefined;
  control: Control | undefined;
  /** How its service stands; undefined of a request that was not understood, and before it was looked at. */
  standing: StatusFacts | undefined;
  /** What became of users' requests in each slot. */
  periods: Partial<Record<Slot, Period[]>>;
}
