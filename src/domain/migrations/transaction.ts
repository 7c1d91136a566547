import type { TransactionStmt, VariableSetStmt } from 'libpg-query';
import { type Assessment, waits } from './assessment';
import type { Statement } from './parse';
import type { LockTaken } from './types';

const BEGINS = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START']);
const ENDS = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE']);

/** What the statements before have left behind in the session: an open transaction, its locks, the time zone. */
export class Session {
  #held: LockTaken[] = [];

  constructor(
    public inTransaction: boolean,
    public timeZone: string | undefined,
  ) {}

  /** A statement that is long under locks that earlier ones of its transaction hold makes others wait for those. */
  underLocks(assessment: Assessment): Assessment {
    const held = waits(this.#held);
    const worse =
      (held.blocksReads && !assessment.blocksReads) || (held.blocksWrites && !assessment.blocksWrites);
    if (!this.inTransaction || !assessment.long || !worse) return assessment;
    const severe = assessment.class === 'contract' || assessment.class === 'irreversible';
    return {
      ...assessment,
      class: severe ? assessment.class : 'expand-slow',
      blocksReads: held.blocksReads || assessment.blocksReads,
      blocksWrites: true,
      stops: true,
      harmsEveryVersion: true,
      rule: severe ? assessment.rule : 'slow-under-lock',
      text: {
        ...assessment.text,
        slow: true,
        under: { locks: [...this.#held], cause: 'the transaction already holds the lock' },
        remedy: [...assessment.text.remedy, 'Put it into a migration, hence a transaction, of its own.'],
      },
    };
  }

  /** Takes note of a statement that has run. */
  after({ tag, node }: Statement, assessment: Assessment | undefined): void {
    if (this.inTransaction && assessment)
      this.#held.push(...assessment.locks.filter((lock) => waits([lock]).blocksWrites));
    if (tag === 'TransactionStmt') this.#transaction(node as TransactionStmt);
    if (tag === 'VariableSetStmt') this.#variable(node as VariableSetStmt);
  }

  #transaction({ kind = 'TRANS_STMT_BEGIN' }: TransactionStmt) {
    if (BEGINS.has(kind)) this.inTransaction = true;
    if (!ENDS.has(kind)) return;
    this.inTransaction = false;
    this.#held = [];
  }

  #variable({ name, args = [] }: VariableSetStmt) {
    const [value] = args;
    if (name?.toLowerCase() !== 'timezone' || !value || !('A_Const' in value)) return;
    this.timeZone = (value.A_Const as { sval?: { sval?: string } }).sval?.sval;
  }
}
