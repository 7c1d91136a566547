/**
 * The table of every rollback, as data: what is done about the database, by how far the deployment came, what its
 * migrations mean for the previous version, whether anybody could write since the snapshot, what the database shows,
 * what the down scripts would do, and whether the previous version can start. The first row that fits a cell decides it.
 */

export const dimensions = {
  /** `start`: no migration task is known to have run. `expand`: it ran and was not verified. `deploy`: verified, no user was on green. `shift`: users were. */
  reached: ['start', 'expand', 'deploy', 'shift', 'contract'],
  /** `fit`: the previous version works on the migrated schema. */
  migrations: ['none', 'fit', 'break'],
  /** Whether anybody could write since the deployment's own snapshot: not while the service is closed. */
  writes: ['possible', 'impossible'],
  /** `as before` by history, fingerprint and, where they were recorded, rows; `unrecorded`: other than before, and the history table names no new migration. */
  shows: ['unreadable', 'working', 'as before', 'unrecorded', 'applied'],
  downs: ['none', 'lose data', 'lose nothing'],
  /** `no`: a task of the previous version was started on the schema as it is, and did not become healthy. */
  starts: ['perhaps', 'no'],
  /** The service asks for the schema to be taken back although the previous version works on it. */
  revertSchema: ['no', 'yes'],
} as const;
type Dimensions = typeof dimensions;
export type Cell = { [Name in keyof Dimensions]: Dimensions[Name][number] };
export type Action = 'keep' | 'reject' | 'revert' | 'restore' | 'wait' | 'operator';

export interface Row {
  when: { [Name in keyof Cell]?: readonly Cell[Name][] };
  action: Action;
  because: string;
  /** Where it is shown: title of a scenario, or why no deployment gets there. */
  shown: { scenario: string } | { unreachable: string };
}

export const rows: readonly Row[] = [
  {
    when: { reached: ['contract'] },
    action: 'operator',
    because:
      'contract migrations were begun, so the previous version no longer fits the schema: fix it forward',
    shown: {
      scenario:
        'calls an operator when a contract migration fails: the new version serves, and the printed command completes it',
    },
  },
  {
    when: { migrations: ['none'] },
    action: 'keep',
    because: 'no migration was to run',
    shown: { scenario: 'never sends a user to v5, which never becomes healthy' },
  },
  {
    when: { shows: ['unreadable'] },
    action: 'wait',
    because: 'the database cannot be read, so what the migration left is unknown',
    shown: { scenario: 'calls an operator when the database cannot be read during the rollback' },
  },
  {
    when: { shows: ['working'] },
    action: 'wait',
    because: 'the server still works for the migration, whose client is gone',
    shown: {
      scenario:
        'waits for the server to let go of a migration that was stopped, then finds that it left nothing',
    },
  },
  {
    when: { reached: ['start'], writes: ['possible'], shows: ['as before'] },
    action: 'reject',
    because: 'no migration was started',
    shown: { scenario: 'rejects a deployment whose migration task ECS refuses to start' },
  },
  {
    when: { shows: ['as before'], starts: ['no'] },
    action: 'operator',
    because: 'the previous version serves and cannot start, although the schema is as before',
    shown: {
      scenario: 'calls an operator when the previous version cannot start on the schema of before either',
    },
  },
  {
    when: { shows: ['as before'] },
    action: 'keep',
    because: 'the migration left nothing: history and schema are as before',
    shown: {
      scenario:
        'waits for the server to let go of a migration that was stopped, then finds that it left nothing',
    },
  },
  {
    when: { writes: ['impossible'] },
    action: 'restore',
    because: 'the migration changed the database, and nobody could write since its snapshot',
    shown: {
      scenario:
        'restores the snapshot when the migration fails half-way: the previous version serves, and no order is lost',
    },
  },
  {
    when: { migrations: ['break'] },
    action: 'operator',
    because:
      'users have written since the service was opened, and the previous version does not work on the schema; traffic stays on the new version: fix it forward, because restoring the snapshot loses what they wrote',
    shown: {
      scenario: 'calls an operator when users suffer after it has opened',
    },
  },
  {
    when: { reached: ['deploy', 'shift'], shows: ['applied'], downs: ['lose nothing'], starts: ['no'] },
    action: 'revert',
    because: 'the previous version cannot start on the migrated schema, and taking it back loses nothing',
    shown: {
      scenario:
        'takes back a migration on which the previous version cannot start, before any user is on green',
    },
  },
  {
    when: { reached: ['deploy', 'shift'], starts: ['no'] },
    action: 'operator',
    because:
      'the previous version serves and cannot start on the migrated schema, and nothing takes that back without loss: keep its tasks running until it is mended',
    shown: {
      scenario: 'calls an operator when that migration cannot be taken back, with the words of the task',
    },
  },
  {
    when: {
      reached: ['deploy', 'shift'],
      shows: ['applied'],
      downs: ['lose nothing'],
      revertSchema: ['yes'],
    },
    action: 'revert',
    because: 'the service asks for the schema as it was, and taking it back loses nothing',
    shown: { scenario: 'takes a verified migration back where the service asks for it and nothing is lost' },
  },
  {
    when: { reached: ['deploy', 'shift'] },
    action: 'keep',
    because: 'the expanded schema stays: the previous version works on it',
    shown: {
      scenario: 'leaves the expanded schema when users were on green, although the service asks for it back',
    },
  },
  {
    when: { shows: ['unrecorded'] },
    action: 'operator',
    because: 'the schema changed although the history table records no migration',
    shown: {
      scenario: 'calls an operator when a migration changed the schema and its tool did not record it',
    },
  },
  {
    when: { downs: ['lose nothing'] },
    action: 'revert',
    because: 'migrations of a failed run are applied, and taking them back loses nothing',
    shown: {
      scenario:
        'returns to v1 when v4 fails in the middle of its migrations: the schema is what it was, no user was ever on v4',
    },
  },
  {
    when: { downs: ['lose data'] },
    action: 'operator',
    because: 'migrations of a failed run are applied, and taking them back would lose data',
    shown: { scenario: 'calls an operator when the rollback of a half-applied run would lose data' },
  },
  {
    when: {},
    action: 'operator',
    because: 'migrations of a failed run are applied, and there is no way to take them back',
    shown: { scenario: 'calls an operator when a half-applied run cannot be rolled back' },
  },
];

const fits = ({ when }: Row, cell: Cell): boolean =>
  Object.entries(when).every(([name, values]) =>
    (values as readonly string[]).includes(cell[name as keyof Cell]),
  );

/** The row that decides a cell. Every cell has one, because the last row fits all. */
export const rowOf = (cell: Cell): Row => rows.find((row) => fits(row, cell))!;

/** Every cell there is. */
export function cells(): Cell[] {
  return Object.entries(dimensions).reduce<Cell[]>(
    (known, [name, values]) => known.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value }))),
    [{} as Cell],
  );
}
