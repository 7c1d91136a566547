import type { CreateFunctionStmt, FunctionParameter, Node, TypeName } from 'libpg-query';
import { type Catalog, resolve, type Signature } from '../catalog';
import { columnsIn, named, texts, typeOf } from '../syntax';
import { forgetUsers } from './forget';
import { hold, mayFill, option, relationsIn } from './held';

/** A type without its schema, arrays with their sign. */
function bareType(type: TypeName | undefined): string {
  const { name } = typeOf(type);
  const bare = name.slice(name.lastIndexOf('.') + 1);
  return name.startsWith('_') && !bare.startsWith('_') ? `_${bare}` : bare;
}

const IS_OUT = new Set(['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE']);
const GIVES = new Set([...IS_OUT, 'FUNC_PARAM_INOUT']);

const parametersOf = (nodes: Node[] | undefined): FunctionParameter[] =>
  (nodes ?? []).flatMap((node) => ('FunctionParameter' in node ? node.FunctionParameter : []));

/** What a CREATE FUNCTION or PROCEDURE makes. */
export function signatureOf({
  parameters,
  is_procedure: isProcedure,
  returnType,
}: CreateFunctionStmt): Signature {
  const all = parametersOf(parameters);
  const inputs = all.filter(({ mode = '' }) => !IS_OUT.has(mode));
  const isGiven = all.some(({ mode = '' }) => GIVES.has(mode));
  return {
    kind: isProcedure ? 'p' : 'f',
    inputs: inputs.map(({ argType }) => bareType(argType)),
    names: inputs.map(({ name }) => name ?? ''),
    defaults: inputs.filter(({ defexpr }) => defexpr !== undefined).length,
    ...(!isGiven && {
      result: isProcedure ? 'void' : `${returnType?.setof ? 'setof ' : ''}${bareType(returnType)}`,
    }),
  };
}

const same = (left: readonly string[], right: readonly string[]) => left.join() === right.join();

/** Types between the parentheses behind a name; undefined where there are none. */
export function argumentsOf(object: Node | undefined): string[] | undefined {
  if (!object || !('ObjectWithArgs' in object) || object.ObjectWithArgs.args_unspecified) return undefined;
  return (object.ObjectWithArgs.objargs ?? []).map((node) =>
    'TypeName' in node ? bareType(node.TypeName) : '',
  );
}

/** The one that has these inputs. */
export const withInputs = (
  signatures: readonly Signature[],
  inputs: readonly string[],
): Signature | undefined => signatures.find((one) => same(one.inputs, inputs));

/** DROP FUNCTION and the like: the one of its name that is meant, or all that is known of it. */
export function dropRoutine(catalog: Catalog, parts: string[], object: Node) {
  const key = resolve(catalog, named(parts), catalog.routines);
  const routine = catalog.routines.get(key);
  const inputs = argumentsOf(object);
  const left = inputs && routine ? routine.signatures.filter((one) => !same(one.inputs, inputs)) : [];
  if (routine && left.length > 0) catalog.routines.set(key, { ...routine, signatures: left });
  else catalog.routines.delete(key);
  const name = parts.at(-1);
  if (left.length === 0)
    forgetUsers(catalog, (user) => user.startsWith('function ') && user.includes(`${name}(`));
}

/** What statements do that make routines. */
export const routineChanges: Record<string, (catalog: Catalog, node: never) => void> = {
  CreateFunctionStmt(catalog, node: CreateFunctionStmt) {
    const { funcname, returnType, options = [], sql_body } = node;
    const name = resolve(catalog, named(texts(funcname)), new Map());
    const known = catalog.routines.get(name);
    const volatility = option(options, 'volatility')?.arg;
    const steady = volatility && 'String' in volatility ? volatility.String.sval !== 'volatile' : false;
    const trigger = texts(returnType?.names).at(-1) === 'trigger';
    const own = signatureOf(node);
    catalog.routines.set(name, {
      trigger,
      volatile: !steady,
      usedBy: known?.usedBy ?? [],
      created: known ? known.created : true,
      signatures: [...(known?.signatures ?? []).filter(({ inputs }) => !same(inputs, own.inputs)), own],
    });
    if (trigger)
      for (const table of catalog.tables.values())
        if (table.filled) catalog.tables.set(table.name, { ...table, ...mayFill(table) });
    if (sql_body === undefined) return;
    for (const key of relationsIn(catalog, sql_body)) {
      const [schemaname, relname] = key.split('.');
      hold(catalog, { schemaname, relname }, { kind: 'function', name, columns: columnsIn(sql_body) });
    }
  },
};
