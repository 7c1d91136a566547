import type { Node, SelectStmt, VariableSetStmt } from 'libpg-query';
import type { Catalog } from './catalog';
import type { Statement } from './parse';
import { some, textOf, texts } from './syntax';

/** Schemas in a text such as `shop, "Shop"`; that of the role's own name nobody knows. */
const schemasIn = (list: string): string[] =>
  (list.match(/"(?:[^"]|"")*"|[^,\s"]+/g) ?? [])
    .map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()))
    .filter((name) => name !== '$user');

/** What `set_config('search_path', '…', …)` in a SELECT sets. */
function configured(node: SelectStmt): string[] | undefined {
  let found: string[] | undefined;
  some({ targetList: node.targetList }, (tag, call) => {
    const [name, value] = (call.args ?? []) as Node[];
    if (tag !== 'FuncCall' || texts(call.funcname as Node[]).at(-1) !== 'set_config') return false;
    if (textOf(name)?.toLowerCase() !== 'search_path') return false;
    found = schemasIn(textOf(value) ?? '');
    return true;
  });
  return found;
}

/** Follows SET search_path, RESET and set_config(): names are looked up there from then on. */
export function followPath(catalog: Catalog, { tag, node }: Pick<Statement, 'tag' | 'node'>): void {
  if (tag === 'SelectStmt') catalog.sessionPath = configured(node as SelectStmt) ?? catalog.sessionPath;
  if (tag !== 'VariableSetStmt') return;
  const { kind, name, args = [] } = node as VariableSetStmt;
  if (kind === 'VAR_RESET_ALL') catalog.sessionPath = undefined;
  if (name?.toLowerCase() !== 'search_path') return;
  catalog.sessionPath =
    kind === 'VAR_SET_VALUE'
      ? args.flatMap((arg) => textOf(arg) ?? []).filter((schema) => schema !== '$user')
      : undefined;
}

/** The next file begins with the search path of the role, whatever this one has set. */
export function forgetPath(catalog: Catalog): void {
  catalog.sessionPath = undefined;
}
