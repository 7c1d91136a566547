import { recordApproval } from './approve/record-approval';
import { requestApproval } from './approve/request-approval';
import { answerQuestion } from './beside/answer-question';
import { reconcile } from './beside/reconcile';
import { retirePrevious } from './beside/retire-previous';
import { closeService } from './close/close-service';
import { recordData } from './close/record-data';
import { stopWriters } from './close/stop-writers';
import { checkContract } from './contract/check-contract';
import { prepareContract } from './contract/prepare-contract';
import { retireBlue } from './contract/retire-blue';
import { startContract } from './contract/start-contract';
import { verifyContract } from './contract/verify-contract';
import { checkGreen } from './deploy/check-green';
import { checkRollout } from './deploy/check-rollout';
import { rollOut } from './deploy/roll-out';
import { smokeTestGreen } from './deploy/smoke-test-green';
import { startGreen } from './deploy/start-green';
import { checkMigration } from './expand/check-migration';
import { startMigration } from './expand/start-migration';
import { verifyMigration } from './expand/verify-migration';
import { applyRetention } from './finish/apply-retention';
import { completeDeployment } from './finish/complete-deployment';
import { acquireLock } from './prepare/acquire-lock';
import { analyseMigrations } from './prepare/analyse-migrations';
import { chooseStrategy } from './prepare/choose-strategy';
import { inspectDatabase } from './prepare/inspect-database';
import { inspectLive } from './prepare/inspect-live';
import { validateRequest } from './prepare/validate-request';
import { checkSnapshot } from './protect/check-snapshot';
import { snapshotDatabase } from './protect/snapshot-database';
import { callOperator } from './rollback/call-operator';
import { checkBlue } from './rollback/check-blue';
import { checkRestore } from './rollback/check-restore';
import { checkRevert } from './rollback/check-revert';
import { chooseRollback } from './rollback/choose-rollback';
import { confirmRollback } from './rollback/confirm-rollback';
import { recordConfirmation } from './rollback/record-confirmation';
import { recoverDeployment } from './rollback/recover-deployment';
import { releaseLock } from './rollback/release-lock';
import { restoreDatabase } from './rollback/restore-database';
import { returnTraffic } from './rollback/return-traffic';
import { revertMigration } from './rollback/revert-migration';
import { startBlue } from './rollback/start-blue';
import { stopGreen } from './rollback/stop-green';
import { stopTasks } from './rollback/stop-tasks';
import { switchDatabase } from './rollback/switch-database';
import { undoRollout } from './rollback/undo-rollout';
import { verifyRestore } from './rollback/verify-restore';
import { verifyRollback } from './rollback/verify-rollback';
import { observeGreen } from './shift/observe-green';
import { shiftTraffic } from './shift/shift-traffic';

/** The table of contents: every Task of the graph, by phase, in the order an operator meets them. */
export const phases = {
  prepare: [validateRequest, acquireLock, inspectLive, inspectDatabase, analyseMigrations, chooseStrategy],
  approve: [requestApproval, recordApproval],
  close: [closeService, stopWriters, recordData],
  protect: [snapshotDatabase, checkSnapshot],
  expand: [startMigration, checkMigration, verifyMigration],
  deploy: [startGreen, checkGreen, smokeTestGreen, rollOut, checkRollout],
  shift: [shiftTraffic, observeGreen],
  contract: [retireBlue, prepareContract, startContract, checkContract, verifyContract],
  finish: [applyRetention, completeDeployment],
  rollback: [
    recoverDeployment,
    startBlue,
    checkBlue,
    returnTraffic,
    confirmRollback,
    recordConfirmation,
    undoRollout,
    stopTasks,
    chooseRollback,
    revertMigration,
    checkRevert,
    restoreDatabase,
    checkRestore,
    verifyRestore,
    switchDatabase,
    stopGreen,
    verifyRollback,
    releaseLock,
    callOperator,
  ],
} as const;

/** Functions that no Task calls: an event, a schedule or a request starts them. */
export const beside = [answerQuestion, reconcile, retirePrevious] as const;
