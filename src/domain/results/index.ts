import type * as z from 'zod/mini';
import { awaitWindowResult, recordApprovalResult, requestApprovalResult } from './approve';
import { awaitDatabaseResult, closeServiceResult, recordDataResult, stopWritersResult } from './close';
import { releaseLockResult, stopGreenResult, verifyRollbackResult } from './conclude';
import {
  checkContractResult,
  prepareContractResult,
  retireBlueResult,
  startContractResult,
  verifyContractResult,
} from './contract';
import {
  checkGreenResult,
  checkRolloutResult,
  checkTrialResult,
  moveWorkersResult,
  rollOutResult,
  smokeTestGreenResult,
  startGreenResult,
  tryBlueResult,
} from './deploy';
import { callOperatorResult } from './escalate';
import { checkMigrationResult, startMigrationResult, verifyMigrationResult } from './expand';
import { applyRetentionResult, completeDeploymentResult } from './finish';
import {
  acquireLockResult,
  analyseMigrationsResult,
  chooseStrategyResult,
  inspectDatabaseResult,
  inspectLiveResult,
  recoverDeploymentResult,
  validateRequestResult,
} from './prepare';
import { checkSnapshotResult, snapshotDatabaseResult } from './protect';
import {
  checkBlueResult,
  confirmRollbackResult,
  recordConfirmationResult,
  returnTrafficResult,
  returnWorkersResult,
  startBlueResult,
  undoRolloutResult,
} from './return';
import {
  checkRestoreResult,
  checkRevertResult,
  checkTrialAgainResult,
  chooseRollbackResult,
  readJournalResult,
  restoreDatabaseResult,
  revertMigrationResult,
  stopTasksResult,
  switchDatabaseResult,
  tryBlueAgainResult,
  verifyRestoreResult,
} from './revert';
import { observeGreenResult, shiftTrafficResult } from './shift';

/**
 * What each step says: the result that the graph reads, and the `result` of its row in the journal. A step names its own as
 * its `output`. Functions that make a schema, because a schema costs a cold start some 0.1 ms and whoever writes a result
 * needs but its type.
 */
export const results = {
  ValidateRequest: validateRequestResult,
  AcquireLock: acquireLockResult,
  InspectLive: inspectLiveResult,
  InspectDatabase: inspectDatabaseResult,
  AnalyseMigrations: analyseMigrationsResult,
  ChooseStrategy: chooseStrategyResult,
  RecoverDeployment: recoverDeploymentResult,
  RequestApproval: requestApprovalResult,
  RecordApproval: recordApprovalResult,
  AwaitWindow: awaitWindowResult,
  AwaitDatabase: awaitDatabaseResult,
  CloseService: closeServiceResult,
  StopWriters: stopWritersResult,
  RecordData: recordDataResult,
  SnapshotDatabase: snapshotDatabaseResult,
  CheckSnapshot: checkSnapshotResult,
  StartMigration: startMigrationResult,
  CheckMigration: checkMigrationResult,
  VerifyMigration: verifyMigrationResult,
  TryBlue: tryBlueResult,
  StartGreen: startGreenResult,
  CheckGreen: checkGreenResult,
  CheckTrial: checkTrialResult,
  SmokeTestGreen: smokeTestGreenResult,
  MoveWorkers: moveWorkersResult,
  RollOut: rollOutResult,
  CheckRollout: checkRolloutResult,
  ShiftTraffic: shiftTrafficResult,
  ObserveGreen: observeGreenResult,
  RetireBlue: retireBlueResult,
  PrepareContract: prepareContractResult,
  StartContract: startContractResult,
  CheckContract: checkContractResult,
  VerifyContract: verifyContractResult,
  ApplyRetention: applyRetentionResult,
  CompleteDeployment: completeDeploymentResult,
  StartBlue: startBlueResult,
  CheckBlue: checkBlueResult,
  ReturnTraffic: returnTrafficResult,
  UndoRollout: undoRolloutResult,
  ReturnWorkers: returnWorkersResult,
  ConfirmRollback: confirmRollbackResult,
  RecordConfirmation: recordConfirmationResult,
  ReadJournal: readJournalResult,
  StopTasks: stopTasksResult,
  ChooseRollback: chooseRollbackResult,
  RevertMigration: revertMigrationResult,
  CheckRevert: checkRevertResult,
  TryBlueAgain: tryBlueAgainResult,
  CheckTrialAgain: checkTrialAgainResult,
  RestoreDatabase: restoreDatabaseResult,
  CheckRestore: checkRestoreResult,
  VerifyRestore: verifyRestoreResult,
  SwitchDatabase: switchDatabaseResult,
  StopGreen: stopGreenResult,
  VerifyRollback: verifyRollbackResult,
  ReleaseLock: releaseLockResult,
  CallOperator: callOperatorResult,
} as const;

export type StepName = keyof typeof results;
export type ResultOf<Step extends StepName> = z.infer<ReturnType<(typeof results)[Step]>>;
