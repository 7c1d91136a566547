/** Where in a deployment a state of the graph belongs, in the words of its folders. */
const PHASES = {
  prepare: ['ValidateRequest', 'AcquireLock', 'InspectLive', 'InspectDatabase'],
  protect: ['SnapshotDatabase', 'CheckSnapshot', 'WaitForSnapshot'],
  expand: ['StartMigration', 'CheckMigration', 'WaitForMigration', 'VerifyMigration'],
  deploy: ['StartGreen', 'CheckGreen', 'WaitForGreen', 'SmokeTestGreen'],
  shift: ['ShiftTraffic', 'ObserveGreen', 'Bake'],
  finish: ['ConfirmBlueIdle', 'RetireBlue', 'WaitForBlue', 'CompleteDeployment', 'DeploymentSucceeded'],
  'turn back': [
    'TurnBack',
    'ReturnTraffic',
    'StopMigration',
    'WaitForMigrationToStop',
    'ChooseRollback',
    'WaitForBackends',
    'RevertMigration',
    'CheckRevert',
    'WaitForRevert',
    'StopGreen',
    'WaitForGreenToStop',
    'VerifyRollback',
    'RolledBack',
  ],
} as const;
export type Phase = keyof typeof PHASES;

const phases = new Map(
  Object.entries(PHASES).flatMap(([phase, states]) =>
    states.map((state) => [state as string, phase as Phase]),
  ),
);

/** The phase of a state, or of the one before it: questions and the lock's release belong to what they follow. */
export const phaseOf = (path: readonly string[]): Phase =>
  phases.get(path.findLast((state) => phases.has(state)) ?? '') ?? 'prepare';
