import { awaitWindow } from './approve/await-window';
import { recordApproval } from './approve/record-approval';
import { requestApproval } from './approve/request-approval';
import { answerQuestion } from './background/answer-question';
import { reconcile } from './background/reconcile';
import { retirePrevious } from './background/retire-previous';
import { serveApi } from './background/serve-api';
import { awaitDatabase } from './close/await-database';
import { closeService } from './close/close-service';
import { recordData } from './close/record-data';
import { stopWriters } from './close/stop-writers';
import { releaseLock } from './conclude/release-lock';
import { stopGreen } from './conclude/stop-green';
import { verifyRollback } from './conclude/verify-rollback';
import { checkContract } from './contract/check-contract';
import { prepareContract } from './contract/prepare-contract';
import { retireBlue } from './contract/retire-blue';
import { startContract } from './contract/start-contract';
import { verifyContract } from './contract/verify-contract';
import { checkGreen } from './deploy/check-green';
import { checkRollout } from './deploy/check-rollout';
import { checkTrial } from './deploy/check-trial';
import { moveWorkers } from './deploy/move-workers';
import { rollOut } from './deploy/roll-out';
import { smokeTestGreen } from './deploy/smoke-test-green';
import { startGreen } from './deploy/start-green';
import { tryBlue } from './deploy/try-blue';
import { callOperator } from './escalate/call-operator';
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
import { recoverDeployment } from './prepare/recover-deployment';
import { validateRequest } from './prepare/validate-request';
import { checkSnapshot } from './protect/check-snapshot';
import { snapshotDatabase } from './protect/snapshot-database';
import { checkBlue } from './return/check-blue';
import { confirmRollback } from './return/confirm-rollback';
import { recordConfirmation } from './return/record-confirmation';
import { returnTraffic } from './return/return-traffic';
import { returnWorkers } from './return/return-workers';
import { startBlue } from './return/start-blue';
import { undoRollout } from './return/undo-rollout';
import { checkRestore } from './revert/check-restore';
import { checkRevert } from './revert/check-revert';
import { checkTrialAgain } from './revert/check-trial-again';
import { chooseRollback } from './revert/choose-rollback';
import { readJournal } from './revert/read-journal';
import { restoreDatabase } from './revert/restore-database';
import { revertMigration } from './revert/revert-migration';
import { stopTasks } from './revert/stop-tasks';
import { switchDatabase } from './revert/switch-database';
import { tryBlueAgain } from './revert/try-blue-again';
import { verifyRestore } from './revert/verify-restore';
import { observeGreen } from './shift/observe-green';
import { shiftTraffic } from './shift/shift-traffic';

/** The table of contents: every Task of the graph, by phase, in the order an operator meets them. */
export const phases = {
  prepare: [
    validateRequest,
    acquireLock,
    inspectLive,
    inspectDatabase,
    analyseMigrations,
    chooseStrategy,
    recoverDeployment,
  ],
  approve: [requestApproval, recordApproval, awaitWindow],
  close: [awaitDatabase, closeService, stopWriters, recordData],
  protect: [snapshotDatabase, checkSnapshot],
  expand: [startMigration, checkMigration, verifyMigration],
  deploy: [tryBlue, startGreen, checkTrial, checkGreen, smokeTestGreen, moveWorkers, rollOut, checkRollout],
  shift: [shiftTraffic, observeGreen],
  contract: [retireBlue, prepareContract, startContract, checkContract, verifyContract],
  finish: [applyRetention, completeDeployment],
  return: [
    startBlue,
    checkBlue,
    returnTraffic,
    undoRollout,
    returnWorkers,
    confirmRollback,
    recordConfirmation,
  ],
  revert: [
    readJournal,
    stopTasks,
    chooseRollback,
    revertMigration,
    checkRevert,
    tryBlueAgain,
    checkTrialAgain,
    restoreDatabase,
    checkRestore,
    verifyRestore,
    switchDatabase,
  ],
  conclude: [stopGreen, verifyRollback, releaseLock],
  escalate: [callOperator],
} as const;

/** Functions that no Task calls: an event, a schedule or a request starts them. */
export const background = [answerQuestion, reconcile, retirePrevious, serveApi] as const;
