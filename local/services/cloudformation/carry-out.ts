import type { StackRecord } from './record';
import type { Wish } from './wish';

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const failure = (record: StackRecord, since: number, error: unknown) => {
  const { ids, verb } = record.failedSince(since);
  return ids.length > 0
    ? `The following resource(s) failed to ${verb}: [${ids.join(', ')}].`
    : messageOf(error);
};

/**
 * Makes what a stack is asked to be for the first time. A failure is put back, or left as it is, as the wish says, and
 * thrown.
 */
export async function carryOutCreation(record: StackRecord, wish: Wish): Promise<void> {
  const { stack } = record;
  const since = record.events.length;
  record.wish = wish;
  record.become('CREATE_IN_PROGRESS', 'User Initiated');
  try {
    await stack.create(wish.source.template, wish.parameters);
    record.become('CREATE_COMPLETE');
  } catch (error) {
    const reason = failure(record, since, error);
    if (wish.onFailure === 'DO_NOTHING') record.become('CREATE_FAILED', reason);
    else if (wish.onFailure === 'DELETE') await carryOutDeletion(record).catch(() => {});
    else {
      record.become('ROLLBACK_IN_PROGRESS', `${reason} Rollback requested by user.`);
      await putBack(record, 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED');
    }
    throw error;
  }
}

/** Changes a stack to what it is asked to be; what fails likewise. */
export async function carryOutUpdate(record: StackRecord, wish: Wish): Promise<void> {
  const { stack } = record;
  const since = record.events.length;
  record.become('UPDATE_IN_PROGRESS', 'User Initiated');
  try {
    await stack.update(wish.source.template, wish.parameters, () => {
      record.wish = wish;
      record.become('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    });
    record.become('UPDATE_COMPLETE');
  } catch (error) {
    const reason = failure(record, since, error);
    if (wish.onFailure === 'DO_NOTHING') record.become('UPDATE_FAILED', reason);
    else {
      record.become('UPDATE_ROLLBACK_IN_PROGRESS', reason);
      await putBack(record, 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED');
    }
    throw error;
  }
}

/** Puts back what a failed creation or update has left where it was. */
export async function carryOutRollback(record: StackRecord): Promise<void> {
  const isNew = record.status === 'CREATE_FAILED';
  record.become(isNew ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  if (isNew) await putBack(record, 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED');
  else await putBack(record, 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED');
}

async function putBack(
  record: StackRecord,
  done: 'ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE',
  failed: 'ROLLBACK_FAILED' | 'UPDATE_ROLLBACK_FAILED',
): Promise<void> {
  const since = record.events.length;
  try {
    await record.stack.rollBack();
    record.become(done);
  } catch (error) {
    record.become(failed, failure(record, since, error));
  }
}

/** Ends all that a stack has made, and throws what could not end. */
export async function carryOutDeletion(record: StackRecord): Promise<void> {
  const since = record.events.length;
  record.become('DELETE_IN_PROGRESS', 'User Initiated');
  try {
    await record.stack.delete();
    record.become('DELETE_COMPLETE');
  } catch (error) {
    const { ids } = record.failedSince(since);
    const reason =
      ids.length > 0 ? `The following resource(s) failed to delete: [${ids.join(', ')}]. ` : messageOf(error);
    record.become('DELETE_FAILED', reason);
    throw error;
  }
}
