import { runAgain } from './again';
import { downOf, rowsTaken } from './again/down-script';
import { type Assessment, assess, strongest, untold } from './assessment';
import { type Catalog, copyOf, emptyCatalog, partitionsOf } from './catalog';
import { combine } from './combine';
import { hiddenEffect, placeholderIn, unseenBeside, unseenIn } from './hidden-effects';
import { rulesFor } from './knowledge';
import type { Subject } from './knowledge/rule';
import { messageOf, remedyOf } from './message';
import { oncePerCause, type Told } from './one-cause';
import { runsOf } from './one-transaction';
import { parse, type Statement, type Unreadable } from './parse';
import { loadParser } from './parser';
import { apply } from './schema';
import { forgetPath } from './search-path';
import { type Setting, subjectsOf } from './subjects';
import { Session, takesBack } from './transaction';
import type { AnalyseOptions, Finding, ReleaseFile } from './types';

const MAX_STATEMENT = 500;

const untouched: Assessment = {
  class: 'none',
  locks: [],
  blocksReads: false,
  blocksWrites: false,
  rewrite: false,
  scan: false,
  long: false,
  breaksLiveVersion: 'no',
  reversible: true,
  stops: false,
  harmsEveryVersion: false,
  refused: false,
  rule: 'no-effect',
  text: {
    slow: false,
    act: 'running this statement',
    harms: [],
    harmless: 'does nothing',
    notice: '',
    remedy: [],
  },
};

const opaque = (reason: string): Assessment => ({
  ...untouched,
  class: 'opaque',
  breaksLiveVersion: 'conditional',
  reversible: false,
  rule: 'opaque',
  text: {
    ...untouched.text,
    ...untold(reason),
    remedy: ['Look at it yourself, and rehearse it on a copy of the database.'],
  },
});

function assessmentOf(setting: Setting, subjects: Subject[], options: AnalyseOptions): Assessment {
  const assessments = subjects.flatMap((subject) => {
    const matching = rulesFor(subject.form).filter((rule) => rule.matches(subject));
    if (matching.length > 0) return matching.map((rule) => assess(rule, subject, options));
    return opaque(hiddenEffect(subject.form, setting.statement));
  });
  const assessment = promised(combine(assessments) ?? untouched, setting, subjects);
  return subjects.length > 1 ? withHeirs(assessment, subjects[0]!) : assessment;
}

/** That nobody notices a statement is a promise: it does not hold of one that runs what nobody has seen. */
function promised(assessment: Assessment, { statement, catalog }: Setting, subjects: Subject[]): Assessment {
  if (assessment.stops) return assessment;
  const tables = subjects.flatMap(({ table }) => table ?? []);
  const unseen =
    placeholderIn(statement) ??
    (assessment.class === 'none' ? unseenIn(statement) : undefined) ??
    unseenBeside(statement, catalog, tables);
  return unseen === undefined ? assessment : opaque(unseen);
}

/** One ALTER TABLE takes the strongest lock of its parts on all that inherit, however weak the part is that they inherit. */
function withHeirs(assessment: Assessment, { form, relation, catalog, alone }: Subject): Assessment {
  const held = assessment.locks.find((lock) => lock.relation === relation);
  if (!form.startsWith('AT_') || alone || !held) return assessment;
  const heirs = partitionsOf(catalog, relation).map(({ name }) => ({ relation: name, mode: held.mode }));
  return { ...assessment, locks: strongest([...assessment.locks, ...heirs]) };
}

/** Where the assessment is about: a position in the file, and the text. What stops nothing needs nothing instead. */
function finding(
  file: ReleaseFile,
  place: Pick<Statement, 'line' | 'column' | 'text'>,
  assessment: Assessment,
): Finding {
  const { long: _, text, ...assessed } = assessment;
  return {
    migration: file.id,
    file: file.file,
    line: file.firstLine + place.line - 1,
    column: place.column,
    statement: place.text.slice(0, MAX_STATEMENT),
    ...assessed,
    message: messageOf(assessment),
    remedy: assessment.stops || assessment.class === 'opaque' ? remedyOf(text) : '',
  };
}

const unreadable = (file: ReleaseFile, found: Unreadable) => finding(file, found, opaque(found.message));

/** What the tool runs beside the SQL that could be read; none where all of it was. */
function beside(file: ReleaseFile): Unreadable[] {
  if (file.up !== null && file.opaque === undefined) return [];
  const message = file.opaque ?? 'its SQL cannot be had without running the tool';
  return [{ line: (file.opaqueLine ?? file.firstLine) - file.firstLine + 1, column: 1, text: '', message }];
}

/** Statements of a file in its transaction, which may be that of the files behind it too. */
function analyseFile(
  file: ReleaseFile,
  catalog: Catalog,
  options: AnalyseOptions,
  session: Session,
  behind: readonly ReleaseFile[],
): Told[] {
  const { statements, opaque } = parse(file.up ?? '');
  const hidden = [...opaque, ...beside(file)];
  // what could not be read may have made what is not there
  if (hidden.length > 0) catalog.uncertain = true;
  let inOthers: Statement[] | undefined;
  const later = () => {
    inOthers ??= behind.flatMap(({ up }) => parse(up ?? '').statements);
    return inOthers;
  };
  const downScript = file.down === undefined ? undefined : downOf(file.down);
  const canGoBack = statements.some(takesBack);
  if (canGoBack && session.inTransaction) session.begin(catalog);
  const told = statements.map((statement, index) => {
    const { inTransaction, timeZone } = session;
    // what follows is only looked at by few rules, so no copy is made before one asks
    const setting: Setting = {
      statement,
      catalog,
      inTransaction,
      timeZone,
      get following() {
        return [...statements.slice(index + 1), ...later()];
      },
    };
    const subjects = subjectsOf(setting);
    const alone = assessmentOf(setting, subjects, options);
    // what it did nobody knows, so that nobody can say any more what is not there
    if (alone.rule === 'opaque') catalog.uncertain = true;
    const assessment = session.underLocks(alone);
    const again = runAgain(statement, catalog);
    const taken = again && downScript && rowsTaken(statement, downScript, catalog);
    session.after(statement, alone);
    apply(catalog, statement);
    if (canGoBack && statement.tag === 'TransactionStmt') session.back(catalog, statement);
    return {
      finding: { ...finding(file, statement, assessment), ...(again && { again }), ...(taken && { taken }) },
      phase: file.phase,
      relations: [...new Set(subjects.map(({ relation }) => relation))],
      drops: subjects.every(({ form }) => form === 'DropStmt:OBJECT_TABLE'),
    };
  });
  forgetPath(catalog);
  const unread = hidden.map((found) => unreadable(file, found));
  return [
    ...told,
    ...unread.map((one) => ({ finding: one, phase: file.phase, relations: [], drops: false })),
  ];
}

/**
 * What each statement of a release does to a production that runs, in the order of the files. Earlier statements and
 * files count; the given catalog stays as it is. Without one every table is of unknown size, which counts as big.
 * Never throws for what is in the files.
 */
export async function analyse(
  release: ReleaseFile[],
  catalog: Catalog | undefined,
  options: AnalyseOptions = {},
): Promise<Finding[]> {
  if (release.length > 0) await loadParser();
  const changing = copyOf(catalog ?? emptyCatalog());
  const told = runsOf(release, options.tool).flatMap((run) => {
    const session = new Session(run[0]!.transactional, options.timeZone ?? changing.timeZone);
    return run.flatMap((file, i) => analyseFile(file, changing, options, session, run.slice(i + 1)));
  });
  return oncePerCause(told);
}
