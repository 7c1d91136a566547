import { kindNames, storm, tasks } from './cases';
import { type FaultWorld, openFaultWorld } from './fault-world';
import { play, type Weather } from './play';

jest.setTimeout(300_000);

interface Sampled extends Weather {
  /** Tasks that the storm spares: whoever asks them has one answer only. */
  calm?: string[];
  /** Two where either is true: of an operator and the schedule who both go on with a deployment, the first one does. */
  outcome: string | string[];
}

/** A deployment for every way through the graph, each Task in a storm once; `npm run faults` plays every Task with every fault. */
const sample: Sampled[] = [
  { story: 'release', outcome: 'DeploymentSucceeded' },
  { story: 'release', befalls: { state: 'ObserveGreen', kind: 'before' }, outcome: 'RolledBack' },
  { story: 'release', befalls: { state: 'VerifyMigration', kind: 'after' }, outcome: 'RolledBack' },
  { story: 'release', befalls: { state: 'StartGreen', kind: 'stopped, told twice' }, outcome: 'RolledBack' },
  {
    story: 'approval that is refused',
    calm: ['RequestApproval'],
    befalls: { state: 'RecordApproval', kind: 'throttled' },
    outcome: 'DeploymentRejected',
  },
  {
    story: 'announced maintenance',
    befalls: { state: 'AwaitWindow', kind: 'before' },
    outcome: 'DeploymentRejected',
  },
  { story: 'half-applied migration', outcome: 'RolledBack' },
  { story: 'release', befalls: { state: 'RetireBlue', kind: 'before' }, outcome: 'NeedsOperator' },
  {
    story: 'half-applied migration of a closed service',
    befalls: { state: 'CheckMigration', kind: 'stopped' },
    outcome: 'RolledBack',
  },
  { story: 'rollout in place that crashes', outcome: 'RolledBack' },
  { story: 'contract migration', outcome: 'DeploymentSucceeded' },
  {
    story: 'release taken back',
    befalls: { state: 'CompleteDeployment', kind: 'stopped, not told' },
    outcome: ['RolledBack', 'DeploymentSucceeded'],
  },
  { story: 'release with workers that is taken back', outcome: 'RolledBack' },
  { story: 'closed service with workers that rolls back', outcome: 'RolledBack' },
  { story: 'rollback that people decide', calm: ['ConfirmRollback'], outcome: 'RolledBack' },
];

const entered = new Set<string>();
let faultWorld: FaultWorld | undefined;
beforeEach(async () => {
  if (faultWorld && (await faultWorld.rest())) return;
  await faultWorld?.close();
  faultWorld = await openFaultWorld(40, 10);
});
afterAll(() => faultWorld?.close());

it.each(
  sample.map((one, index) => ({
    ...one,
    index,
    at: one.befalls ? `, ${one.befalls.state} ${one.befalls.kind}` : '',
  })),
)('ends true in a storm: $story$at', async ({ story, befalls, calm = [], outcome, index }) => {
  const played = await play(faultWorld!, {
    story,
    befalls,
    others: storm(index, [...calm, befalls?.state, ...entered]),
  });
  for (const state of played.entered) entered.add(state);
  const isTrue = [outcome].flat().includes(played.outcome);
  const end = isTrue ? outcome : `${played.outcome}: ${played.cause}`;
  expect([played.problems, end]).toEqual([[], outcome]);
});

it('plays every Task of the graph, and every kind of fault', () => {
  expect(tasks.filter((state) => !entered.has(state))).toEqual([]);
  const kinds = new Set(['late', 'killed', ...sample.map(({ befalls }) => befalls?.kind)]);
  expect(kindNames.filter((kind) => !kinds.has(kind))).toEqual([]);
});
