import { FEWEST, type Flatness, flatness, type Resident } from './flat';
import { type Ended, type Fleet, startFleet } from './fleet';
import { COLUMNS, emptyJournal, type Footprint, footprint, resident } from './footprint';

/** One deployment of the sequence, how it has to end, and which version has to serve after it. */
interface Turn {
  request: Record<string, unknown> | 'rollback';
  ends: string;
  serves: string;
}

const none = { migrations: 'none' };

/** What a service lives through, over and over: it begins and ends with v1. */
export const TURNS: readonly Turn[] = [
  { request: { image: 'shop:v2', ...none }, ends: 'DeploymentSucceeded', serves: 'v2' },
  { request: { image: 'shop:v1', strategy: 'CANARY', ...none }, ends: 'DeploymentSucceeded', serves: 'v1' },
  { request: { image: 'shop:v2', strategy: 'LINEAR', ...none }, ends: 'DeploymentSucceeded', serves: 'v2' },
  // never becomes healthy
  {
    request: { image: 'shop:v3', deadlines: { greenSeconds: 900 }, ...none },
    ends: 'RolledBack',
    serves: 'v2',
  },
  { request: { image: 'shop:v1', strategy: 'ROLLING', ...none }, ends: 'DeploymentSucceeded', serves: 'v1' },
  // its migrations fail half-way, after a snapshot, and what was applied is taken back
  { request: { image: 'shop:v4' }, ends: 'RolledBack', serves: 'v1' },
  { request: { image: 'shop:v2' }, ends: 'DeploymentSucceeded', serves: 'v2' },
  { request: 'rollback', ends: 'RolledBack', serves: 'v1' },
  { request: { image: 'shop:v9' }, ends: 'DeploymentRejected', serves: 'v1' },
  { request: { image: 'shop:v2', dryRun: true }, ends: 'PlanReported', serves: 'v1' },
];

async function play(fleet: Fleet, service: string, { request, ends, serves }: Turn): Promise<string[]> {
  const ended: Ended =
    request === 'rollback'
      ? await fleet.rollBack(service, fleet.newest(service))
      : await fleet.deploy(service, request);
  const { serving, idle, lockHolder } = await fleet.standing(service);
  return [
    ...(ended.outcome === ends ? [] : [`ended ${ended.outcome} instead of ${ends}: ${ended.cause}`]),
    ...(serving === serves ? [] : [`${serving} serves instead of ${serves}`]),
    ...(idle === 0 ? [] : [`the slot without traffic runs ${idle} tasks`]),
    ...(lockHolder === undefined ? [] : [`the lock is held by ${lockHolder}`]),
  ];
}

const row = (cells: readonly (string | number)[]) =>
  cells
    .map((cell, index) => String(cell).padStart(Math.max(6, (COLUMNS[index - 1] ?? 'emptied').length)))
    .join('  ');

const line = (after: number | string, held: Footprint) =>
  row([after, ...COLUMNS.map((column) => held[column])]);

export interface SequenceOptions {
  speed: number;
  /** After how many deployments a line is printed. */
  every: number;
  assembly?: string;
  say: (line: string) => void;
}

/** What came of a sequence. */
export interface Sequence {
  deployments: number;
  /** How many did not end as they should. */
  wrong: number;
  /** Undefined for a short one. */
  memory?: Flatness;
}

/** After so many deployments the memory is looked at. */
const LOOK = 10;

const memoryLine = ({ second, last, growth, flat }: Flatness) =>
  `resident memory ${flat ? 'is flat' : 'grows'}: ${second} MB in the second hundred, ${last} MB in the last, ${growth.toFixed(1)} % more`;

/** Deploys one service again and again in one local cloud, and says what the cloud holds on to. */
export async function sequence(
  deployments: number,
  { every, say, ...options }: SequenceOptions,
): Promise<Sequence> {
  const fleet = await startFleet({ services: 1, rate: 40, ...options });
  let wrong = 0;
  const looks: Resident[] = [];
  try {
    const [service = ''] = fleet.services;
    say(row(['after', ...COLUMNS]));
    for (let turn = 0; turn < deployments; turn++) {
      if (turn % every === 0) say(line(turn, await footprint(fleet)));
      const problems = await play(fleet, service, TURNS[turn % TURNS.length]!);
      if (problems.length > 0) wrong++;
      for (const problem of problems) say(`deployment ${turn + 1}: ${problem}`);
      if ((turn + 1) % LOOK === 0) looks.push({ after: turn + 1, mb: resident() });
    }
    say(line(deployments, await footprint(fleet)));
    // the journal grows, for it is what people keep; what is left without it must not
    await emptyJournal(fleet);
    say(line('emptied', await footprint(fleet)));
    say(`${deployments - wrong} of ${deployments} deployments ended as they should`);
    const memory = deployments < FEWEST ? undefined : flatness(looks);
    if (memory) say(memoryLine(memory));
    return { deployments, wrong, memory };
  } finally {
    await fleet.close();
  }
}
