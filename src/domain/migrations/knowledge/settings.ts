import type { AlterTableCmd, AlterTableStmt, DefElem, Node } from 'libpg-query';
import { texts } from '../syntax';
import type { LockMode } from '../types';
import type { Subject } from './rule';

// What can be set by WITH (…) or SET (…). Source: PostgreSQL 15 to 18, reloptions.c.

type Fits = (value: string) => boolean;

interface Known {
  fits: Fits;
  /** Readers and writers wait while it is set: it decides what they are shown, or how they write. */
  strong?: boolean;
  /** From this major on. */
  since?: number;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const between =
  (low: number, high: number): Fits =>
  (value) =>
    NUMBER.test(value.trim()) && Number(value) >= low && Number(value) <= high;
const oneOf =
  (...words: string[]): Fits =>
  (value) =>
    words.includes(value.toLowerCase());
/** A word may be cut short while it is clear which one it is. Source: bool.c. */
const isSwitch: Fits = (value) =>
  /^(?:t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|y(?:es?)?|no?|on|of|off|[01])$/i.test(value);

const MOST = 2 ** 31 - 1;
const share: Known = { fits: between(0, 100) };
const age: Known = { fits: between(0, 1e9) };
const whole: Known = { fits: between(0, 2e9) };
const full: Known = { fits: between(10, 100) };

/** Of a table and of what it keeps aside, toast. */
const CLEANED: Record<string, Known> = {
  autovacuum_enabled: { fits: isSwitch },
  vacuum_truncate: { fits: isSwitch },
  vacuum_index_cleanup: { fits: oneOf('auto', 'on', 'off', 'true', 'false', 'yes', 'no', '1', '0') },
  autovacuum_vacuum_threshold: { fits: between(0, MOST) },
  autovacuum_vacuum_max_threshold: { fits: between(-1, MOST), since: 18 },
  autovacuum_vacuum_insert_threshold: { fits: between(-1, MOST) },
  autovacuum_vacuum_cost_limit: { fits: between(1, 10_000) },
  autovacuum_vacuum_cost_delay: share,
  autovacuum_vacuum_scale_factor: share,
  autovacuum_vacuum_insert_scale_factor: share,
  autovacuum_freeze_min_age: age,
  autovacuum_freeze_max_age: { fits: between(100_000, 2e9) },
  autovacuum_freeze_table_age: whole,
  autovacuum_multixact_freeze_min_age: age,
  autovacuum_multixact_freeze_max_age: { fits: between(10_000, 2e9) },
  autovacuum_multixact_freeze_table_age: whole,
  log_autovacuum_min_duration: { fits: between(-1, MOST) },
  vacuum_max_eager_freeze_failure_rate: { fits: between(0, 1), since: 18 },
};

const KEPT: Record<string, Known> = {
  ...CLEANED,
  fillfactor: full,
  autovacuum_analyze_threshold: { fits: between(0, MOST) },
  autovacuum_analyze_scale_factor: share,
  toast_tuple_target: { fits: between(128, 8160) },
  parallel_workers: { fits: between(0, 1024) },
  user_catalog_table: { fits: isSwitch, strong: true },
};

const SHOWN: Record<string, Known> = {
  security_barrier: { fits: isSwitch, strong: true },
  security_invoker: { fits: isSwitch, strong: true },
  check_option: { fits: oneOf('local', 'cascaded'), strong: true },
};

const COUNTED: Record<string, Known> = {
  n_distinct: { fits: between(-1, Number.MAX_VALUE) },
  n_distinct_inherited: { fits: between(-1, Number.MAX_VALUE) },
};

/** Of an index by its method; what an extension brings is not here. */
const BUILT: Record<string, Record<string, Known>> = {
  btree: { fillfactor: full, deduplicate_items: { fits: isSwitch } },
  hash: { fillfactor: full },
  spgist: { fillfactor: full },
  gist: { fillfactor: full, buffering: { fits: oneOf('on', 'off', 'auto'), strong: true } },
  gin: {
    fastupdate: { fits: isSwitch, strong: true },
    gin_pending_list_limit: { fits: between(64, MOST), strong: true },
  },
  brin: {
    pages_per_range: { fits: between(1, 131_072), strong: true },
    autosummarize: { fits: isSwitch, strong: true },
  },
};

/** A list of settings, what each can be, and what is done with it. */
interface Asked {
  list: readonly Node[];
  known: Record<string, Known>;
  /** Settings behind toast., where they are looked at: ALTER TABLE does so only where there is what is kept aside. */
  aside?: Record<string, Known>;
  reset?: boolean;
  /** CREATE TABLE takes a word of older versions, as long as it is off. */
  oids?: boolean;
  /** Of a partitioned table or index: it keeps nothing itself. */
  nothing?: boolean;
}

const listOf = ({ def }: AlterTableCmd): Node[] => (def && 'List' in def ? (def.List.items ?? []) : []);

const RELATIONS = new Set(['AT_SetRelOptions', 'AT_ResetRelOptions']);
const COLUMNS = new Set(['AT_SetOptions', 'AT_ResetOptions']);
const isReset = (part: AlterTableCmd) => part.subtype?.startsWith('AT_Reset');

function ofPart(part: AlterTableCmd, of: Omit<Asked, 'list'> | undefined): Asked[] {
  const { subtype = '' } = part;
  const reset = isReset(part);
  if (COLUMNS.has(subtype)) return [{ list: listOf(part), known: COUNTED, reset }];
  return of && RELATIONS.has(subtype) ? [{ list: listOf(part), reset, ...of }] : [];
}

const NEW: Omit<Asked, 'list'> = { known: KEPT, aside: CLEANED, oids: true };
const TABLE: Omit<Asked, 'list'> = { known: KEPT };
const VIEW: Omit<Asked, 'list'> = { known: SHOWN };

/** Every list of settings that a statement has, or a part of it. */
function asked({ form, node, table, name }: Subject): Asked[] {
  const of = node as {
    options?: Node[];
    accessMethod?: string;
    partspec?: object;
    into?: { options?: Node[] };
    cmds?: AlterTableStmt['cmds'];
  };
  if (form === 'CreateStmt') return [{ list: of.options ?? [], ...NEW, nothing: of.partspec !== undefined }];
  if (form === 'CreateTableAsStmt') return [{ list: of.into?.options ?? [], ...NEW }];
  if (form === 'ViewStmt') return [{ list: of.options ?? [], ...VIEW }];
  if (form === 'IndexStmt') {
    const known = BUILT[of.accessMethod ?? 'btree'];
    return known ? [{ list: of.options ?? [], known }] : [];
  }
  if (form.startsWith('AT_'))
    return ofPart(node as AlterTableCmd, {
      ...(table?.kind === 'view' ? VIEW : TABLE),
      nothing: table?.kind === 'partitioned',
    });
  const parts = (of.cmds ?? []).flatMap((one) => ('AlterTableCmd' in one ? one.AlterTableCmd : []));
  if (form === 'AlterTableStmt:OBJECT_VIEW') return parts.flatMap((part) => ofPart(part, VIEW));
  // the key of a table, whose method no catalog tells, is a btree
  const index = table?.indexes.find((one) => one.name === name);
  const known = BUILT[index?.method ?? 'btree'];
  const nothing = table?.kind === 'partitioned';
  return index && known ? parts.flatMap((part) => ofPart(part, { known, nothing })) : [];
}

/** Text of a value; one that is left out is true. */
function textIn({ arg }: DefElem): string {
  if (arg === undefined) return 'true';
  if ('Integer' in arg) return String(arg.Integer.ival ?? 0);
  if ('Float' in arg) return arg.Float.fval ?? '';
  if ('Boolean' in arg) return String(arg.Boolean.boolval === true);
  if ('TypeName' in arg) return texts(arg.TypeName.names).at(-1) ?? '';
  return 'String' in arg ? (arg.String.sval ?? '') : '';
}

const fullName = ({ defname = '', defnamespace }: DefElem) =>
  defnamespace === undefined ? defname : `${defnamespace}.${defname}`;

function unfitIn({ list, known, aside, reset, oids, nothing }: Asked, major: number): string | undefined {
  const settings = list.flatMap((node) => ('DefElem' in node ? node.DefElem : []));
  const names = settings.map(fullName);
  for (const [at, setting] of settings.entries()) {
    const name = names[at]!;
    if (reset) {
      if (setting.arg !== undefined) return `${name} is given back together with a value`;
      continue;
    }
    const value = textIn(setting);
    if (oids && name === 'oids') {
      if (/^(?:off?|f.*|no?|0)$/i.test(value)) continue;
      return 'oids is gone since PostgreSQL 12';
    }
    if (nothing) return `${name} is a setting of what keeps rows, which its partitions do`;
    const isAside = setting.defnamespace === 'toast' && known === KEPT;
    if (isAside && !aside) continue;
    const one = isAside ? aside?.[setting.defname ?? ''] : known[name];
    if (one === undefined || major < (one.since ?? 0)) return `there is no setting ${name}`;
    if (names.indexOf(name) < at) return `${name} stands twice`;
    if (!one.fits(value)) return `${name} cannot be ${value}`;
  }
  return undefined;
}

/** Why PostgreSQL does not take the settings of a statement, where that is so. */
export function unfitSetting(subject: Subject): string | undefined {
  for (const one of asked(subject)) {
    const unfit = unfitIn(one, subject.catalog.major);
    if (unfit !== undefined) return unfit;
  }
  return undefined;
}

/** The lock under which a part sets or resets what it names, on the table or the index: the strongest that one of them needs. */
export function lockToSet(subject: Subject): LockMode {
  const strong = asked(subject).some(({ list, known }) =>
    list.some((node) => 'DefElem' in node && known[fullName(node.DefElem)]?.strong),
  );
  return strong ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
}
