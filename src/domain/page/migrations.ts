import { locksOf } from '../report/facts';
import { readAs } from '../report/read';
import type { StepName } from '../results';
import type { JournalRow } from '../results/row';
import type { Round } from '../seeds/rounds';

/** A migration of the release. */
export interface MigrationShown {
  id: string;
  when: 'before users reach green' | 'once blue is gone';
  /** The worst of its statements; empty where the journal does not tell. */
  class: string;
  /** As `ACCESS EXCLUSIVE on public.orders`; empty where the journal does not tell. */
  locks: string;
  /** Who waits for it: `reads and writes`, `writes`, or nobody. */
  blocks: string;
  state: 'pending' | 'running' | 'applied' | 'failed' | 'taken back' | 'left for later';
}
/** A task that runs migrations, or takes the snapshot before them. */
export interface Run {
  what: string;
  began: string;
  /** Empty while it runs. */
  ended: string;
  state: 'running' | 'succeeded' | 'failed';
  /** What was seen of it last. */
  said: string;
  /** 0..100; null where nothing tells. */
  progress: number | null;
}
export interface Migrations {
  /** How many statements of each class. */
  classes: [name: string, count: number][];
  /** What a reader ought to know. */
  remarks: string[];
  migrations: MigrationShown[];
  runs: Run[];
}

type Look = { state: Run['state']; said: string; progress: number | null };

const begins = (step: StepName) => (row: JournalRow) => row.step === step;

/** A run of the service's own command for migrations or seeds, by what it is of. */
const ofRound = (what: string, of: Round): (typeof RUNS)[number] => ({
  what,
  begins(row) {
    const begun = readAs('StartMigration', row);
    return begun !== undefined && (begun.migration?.round ?? 'migrate') === of;
  },
  look(row) {
    const look = readAs('CheckMigration', row);
    if (!look || (look.round ?? 'migrate') !== of) return undefined;
    // a run that was cancelled has ended, and another one begins
    return { state: look.status === 'again' ? 'failed' : look.status, said: look.cause, progress: null };
  },
});

/** What is taken back: the migrations, or the seeds before them. */
const ofReverting = (what: string, seeds: boolean): (typeof RUNS)[number] => {
  const isSeeds = (row: JournalRow) => readAs('RevertMigration', row)?.revert?.round === 'unseed';
  return {
    what,
    begins: (row) => row.step === 'RevertMigration' && isSeeds(row) === seeds,
    look(row) {
      const look = readAs('CheckRevert', row);
      if (!look || (look.round === 'unseed') !== seeds) return undefined;
      return { state: look.status === 'more' ? 'succeeded' : look.status, said: look.cause, progress: null };
    },
  };
};

/** Where a run begins, and what each look at it says; undefined for a look that says nothing of it. */
const RUNS: {
  what: string;
  begins: (row: JournalRow) => boolean;
  look: (row: JournalRow) => Look | undefined;
}[] = [
  {
    what: 'snapshot',
    begins: begins('SnapshotDatabase'),
    look(row) {
      const look = readAs('CheckSnapshot', row);
      if (!look) return undefined;
      const state =
        look.status === 'available' ? 'succeeded' : look.status === 'failed' ? 'failed' : 'running';
      return { state, said: look.cause || look.status, progress: look.progress };
    },
  },
  ofRound('migrations', 'migrate'),
  ofRound('seeds', 'seed'),
  ofRound('seeds once more', 'seed-again'),
  {
    what: 'contract migrations',
    begins: begins('StartContract'),
    look(row) {
      const look = readAs('CheckContract', row);
      if (!look) return undefined;
      const { ended } = look.contract;
      const state = look.status === 'running' ? 'running' : (ended?.ok ?? true) ? 'succeeded' : 'failed';
      return { state, said: look.cause || (ended?.cause ?? ''), progress: null };
    },
  },
  ofReverting('taking seeds back', true),
  ofReverting('taking migrations back', false),
];

function runsOf(rows: readonly JournalRow[]): Run[] {
  return RUNS.flatMap(({ what, begins, look }) => {
    const began = rows.find(begins)?.at;
    if (began === undefined) return [];
    const looks = rows.flatMap((row) => {
      const seen = look(row);
      return seen ? [{ at: row.at, ...seen }] : [];
    });
    const { at = '', ...last } = looks.at(-1) ?? { state: 'running' as const, said: '', progress: null };
    return [{ what, began, ended: last.state === 'running' ? '' : at, ...last }];
  }).sort((one, other) => one.began.localeCompare(other.began));
}

function stateOf(
  id: string,
  contract: boolean,
  rows: readonly JournalRow[],
  runs: readonly Run[],
): MigrationShown['state'] {
  const run = runs.find(({ what }) => what === (contract ? 'contract migrations' : 'migrations'));
  const reverting = rows.findLast((row) => readAs('ChooseRollback', row)?.reverting.includes(id));
  if (reverting && runs.some(({ what, state }) => what === 'taking migrations back' && state === 'succeeded'))
    return 'taken back';
  if (!run)
    return contract && rows.some(({ step }) => step === 'CompleteDeployment') ? 'left for later' : 'pending';
  if (contract && rows.some((row) => readAs('VerifyContract', row)?.applied.includes(id))) return 'applied';
  return run.state === 'succeeded' ? 'applied' : run.state;
}

/** Undefined where the release has none, or nobody has looked at them yet. */
export function migrationsOf(rows: readonly JournalRow[]): Migrations | undefined {
  const found = rows.map((row) => readAs('AnalyseMigrations', row)).findLast(Boolean);
  if (!found) return undefined;
  const { plan, migrations: outlines } = found;
  const runs = runsOf(rows);
  const shown = (contract: boolean) => (id: string) => {
    const told = outlines.find((outline) => outline.id === id);
    return {
      id,
      when: contract ? ('once blue is gone' as const) : ('before users reach green' as const),
      class: told?.class ?? '',
      locks: told ? locksOf(told) : '',
      blocks: told?.blocks ?? '',
      state: stateOf(id, contract, rows, runs),
    };
  };
  const migrations = [...plan.pending.map(shown(false)), ...plan.contract.map(shown(true))];
  if (migrations.length === 0 && runs.length === 0 && plan.decision !== 'refuse') return undefined;
  return {
    classes: Object.entries(plan.classes),
    remarks: [...(plan.decision === 'refuse' ? plan.cause.split('\n') : []), ...plan.remarks],
    migrations,
    runs,
  };
}
