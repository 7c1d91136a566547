import type { Node } from 'libpg-query';
import { type Catalog, resolve, type Table } from './catalog';
import { parser } from './parser';
import { named, some, texts } from './syntax';
import { STEADY } from './volatility';

/** Functions of PostgreSQL that a SELECT of a migration calls and that do nothing to anybody but itself. */
const HARMLESS = new Set(
  `count max min sum avg bool_and bool_or every string_agg array_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
  row_number rank dense_rank lag lead first_value last_value generate_series unnest random gen_random_uuid
  uuid_generate_v4 clock_timestamp nullif greatest least substring position strpos split_part trim ltrim rtrim lpad rpad
  regexp_replace regexp_match regexp_matches starts_with initcap to_number format quote_ident quote_literal
  quote_nullable concat_ws chr ascii mod power sqrt sign trunc exp ln log array_length array_append cardinality
  jsonb_array_elements jsonb_array_elements_text jsonb_set jsonb_each json_array_elements row_to_json version
  current_database current_schema current_schemas current_user session_user has_table_privilege to_regclass
  to_regtype to_regproc obj_description col_description nextval currval lastval setval set_config inet_server_addr
  txid_current`.split(/\s+/),
);

/** Of the functions about the server itself those that only tell or wait. */
const TELLS =
  /^pg_(get_|typeof$|notify$|sleep|backend_pid$|is_|current_|relation_|table_|total_|database_|indexes_|size_|column_|encoding|try_advisory_|advisory_|postmaster_|conf_load|my_|has_|describe_|identify_|partition_|blocking_|sequence_|last_)/;

const isOurs = (name: string) => STEADY.has(name) || HARMLESS.has(name) || TELLS.test(name);

/** A function that may do anything: one of the user's, or one of PostgreSQL's that ends sessions and the like. */
const callsSomething = (node: object): boolean =>
  some(node, (tag, found) => tag === 'FuncCall' && !isOurs(texts(found.funcname as Node[]).at(-1) ?? ''));

const CALLS = 'what this function does cannot be seen';

/** A SELECT that only tells something to whoever migrates. */
export const onlyTells = (node: object): boolean => !callsSomething(node);

/** Statements that run what they call at once; others only name it, as a default does. */
const RUNS = new Set([
  'SelectStmt',
  'CreateTableAsStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

/** As much of a statement as has to be known of it. */
interface Statement {
  tag: string;
  node: object;
}

/** Why nobody can promise that a statement does nothing to anybody; undefined where nothing of it is hidden. */
export function unseenIn({ tag, node }: Statement): string | undefined {
  if (RUNS.has(tag)) return callsSomething(node) ? CALLS : undefined;
  const { kind = '' } = node as { kind?: string };
  if (tag !== 'TransactionStmt' || !kind.includes('PREPARE')) return undefined;
  return kind === 'TRANS_STMT_PREPARE'
    ? 'its locks stay, without a process, until somebody ends the prepared transaction'
    : 'what the prepared transaction has done cannot be seen';
}

/** What a tool puts in before PostgreSQL sees it: ${name} of Flyway, Liquibase and shells, {{ name }} of templates. */
const PLACEHOLDER = /\$\{[^}]*\}|\{\{[^}]*\}\}/;

/** Why nobody knows what a statement is about; in a literal a placeholder is but a value, except where a setting gets it. */
export function placeholderIn({ tag, text }: { tag: string; text: string }): string | undefined {
  if (!PLACEHOLDER.test(text)) return undefined;
  const names = parser()
    .scanSync(text)
    .tokens.filter(({ text: word }) => word.startsWith('"') || tag === 'VariableSetStmt');
  const [found] = names.flatMap(({ text: word }) => PLACEHOLDER.exec(word)?.[0] ?? []);
  return found && `${found} is a placeholder, and what the tool puts in its place cannot be seen`;
}

const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** A function of the user's that may write, or one of PostgreSQL's that ends sessions and the like. */
const callsWriter = (node: object, catalog: Catalog): boolean =>
  some(node, (tag, found) => {
    if (tag !== 'FuncCall') return false;
    const parts = texts(found.funcname as Node[]);
    const known = catalog.routines.get(resolve(catalog, named(parts), catalog.routines));
    const name = parts.at(-1) ?? '';
    return known ? known.volatile : /^(?:pg_|lo_|dblink)/.test(name) && !isOurs(name);
  });

/** Why nobody can say what else a statement writes than the rows that it names; undefined where it is those alone. */
export function unseenBeside({ tag, node }: Statement, catalog: Catalog, tables: readonly Table[]) {
  if (!WRITES.has(tag)) return undefined;
  const ruled = tables.find(({ rules = [] }) => rules.length > 0);
  if (ruled) return `${ruled.rules!.join(' and ')} of ${ruled.name} makes other statements of it`;
  return callsWriter(node, catalog) ? CALLS : undefined;
}

/** Why it cannot be known what a statement does that no rule is about. */
export function hiddenEffect(form: string, { tag }: Statement): string {
  if (tag === 'CallStmt' || tag === 'SelectStmt') return CALLS;
  return tag === 'ExecuteStmt'
    ? 'what a prepared statement does cannot be seen'
    : `nothing is known about ${form}`;
}
