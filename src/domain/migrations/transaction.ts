import type { TransactionStmt, VariableSetStmt } from 'libpg-query';
import { type Assessment, waits } from './assessment';
import { type Catalog, copyOf } from './catalog';
import type { Statement } from './parse';
import type { LockTaken } from './types';

const BEGINS = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START']);
const ENDS = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE']);

/** What there was when a transaction or a savepoint began. */
interface Begun {
  savepoint?: string;
  catalog: Catalog;
  held: LockTaken[];
}

const TAKES_BACK = new Set(['TRANS_STMT_ROLLBACK', 'TRANS_STMT_ROLLBACK_TO']);

/** A statement that takes earlier ones back. */
export const takesBack = ({ tag, node }: Statement): boolean =>
  tag === 'TransactionStmt' && TAKES_BACK.has((node as TransactionStmt).kind ?? '');

/** What the statements before have left behind in the session: an open transaction, its locks, the time zone. */
export class Session {
  #held: LockTaken[] = [];
  #begun: Begun[] = [];

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

  /** Remembers a catalog, to which a ROLLBACK of the file leads back. */
  begin(catalog: Catalog, savepoint?: string): void {
    this.#begun.push({ savepoint, catalog: copyOf(catalog), held: [...this.#held] });
  }

  /** What is there after a statement about the transaction: the catalog of where it leads back to, if it does. */
  back(catalog: Catalog, { node }: Statement): void {
    const { kind = 'TRANS_STMT_BEGIN', savepoint_name: name } = node as TransactionStmt;
    if (BEGINS.has(kind)) this.begin(catalog);
    if (kind === 'TRANS_STMT_SAVEPOINT') this.begin(catalog, name);
    const at = TAKES_BACK.has(kind)
      ? this.#begun.findLastIndex(
          ({ savepoint }) => savepoint === (kind === 'TRANS_STMT_ROLLBACK' ? undefined : name),
        )
      : -1;
    const found = this.#begun[at];
    if (found) {
      Object.assign(catalog, copyOf(found.catalog));
      this.#held = [...found.held];
      this.#begun.length = at + (kind === 'TRANS_STMT_ROLLBACK' ? 0 : 1);
    }
    if (ENDS.has(kind)) this.#begun = [];
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
