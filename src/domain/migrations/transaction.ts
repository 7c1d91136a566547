import type { TransactionStmt, VariableSetStmt } from 'libpg-query';
import type { Statement } from './parse';
import type { LockTaken } from './types';
import { type Verdict, waits } from './verdict';

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
  underLocks(verdict: Verdict): Verdict {
    const held = waits(this.#held);
    const worse = (held.blocksReads && !verdict.blocksReads) || (held.blocksWrites && !verdict.blocksWrites);
    if (!this.inTransaction || !verdict.long || !worse) return verdict;
    const severe = verdict.class === 'contract' || verdict.class === 'irreversible';
    return {
      ...verdict,
      class: severe ? verdict.class : 'expand-slow',
      blocksReads: held.blocksReads || verdict.blocksReads,
      blocksWrites: true,
      stops: true,
      harmsEveryVersion: true,
      rule: severe ? verdict.rule : 'slow-under-lock',
      text: {
        ...verdict.text,
        slow: true,
        under: { locks: [...this.#held], cause: 'the transaction already holds the lock' },
        remedy: [...verdict.text.remedy, 'Put it into a migration, hence a transaction, of its own.'],
      },
    };
  }

  /** Takes note of a statement that has run. */
  after({ tag, node }: Statement, verdict: Verdict | undefined): void {
    if (this.inTransaction && verdict)
      this.#held.push(...verdict.locks.filter((lock) => waits([lock]).blocksWrites));
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
