import type { CreateFunctionStmt, Node } from 'libpg-query';
import { type Catalog, type Routine, resolve, type Signature } from './catalog';
import type { Statement } from './parse';
import { argumentsOf, signatureOf, withInputs } from './schema/routines';
import { named, nameParts, texts } from './syntax';

/** Which of pg_proc's kinds a word of SQL means. */
const KINDS: Record<string, [kinds: string, word: string]> = {
  OBJECT_FUNCTION: ['fw', 'function'],
  OBJECT_PROCEDURE: ['p', 'procedure'],
  OBJECT_AGGREGATE: ['a', 'aggregate'],
  OBJECT_ROUTINE: ['fpwa', 'routine'],
};

/** Signatures of all routines of the name that the search path finds. */
function found(catalog: Catalog, parts: string[]): Signature[] | undefined {
  const bare = parts.at(-1) ?? '';
  const schemas = parts.length > 1 ? [parts.at(-2)!] : (catalog.sessionPath ?? catalog.searchPath);
  const routines = schemas.flatMap((schema): Routine[] => {
    const routine = catalog.routines.get(`${schema}.${bare}`);
    return routine ? [routine] : [];
  });
  return routines.length > 0 ? routines.flatMap(({ signatures }) => signatures) : undefined;
}

interface Meant {
  type?: string;
  objects: (Node | undefined)[];
  ifThere?: boolean;
}

function meantBy({ tag, node }: Pick<Statement, 'tag' | 'node'>): Meant {
  const own = node as Record<string, never>;
  switch (tag) {
    case 'DropStmt':
      return { type: own.removeType, objects: own.objects ?? [], ifThere: own.missing_ok };
    case 'AlterFunctionStmt':
      return { type: own.objtype, objects: own.func ? [{ ObjectWithArgs: own.func }] : [] };
    case 'RenameStmt':
      return { type: own.renameType, objects: [own.object] };
    case 'AlterOwnerStmt':
    case 'AlterObjectSchemaStmt':
      return { type: own.objectType, objects: [own.object] };
    case 'CommentStmt':
      return { type: own.objtype, objects: [own.object] };
    case 'GrantStmt':
      return { type: own.objtype, objects: own.targtype === 'ACL_TARGET_OBJECT' ? (own.objects ?? []) : [] };
    default:
      return { objects: [] };
  }
}

/** A routine that the database has with other arguments alone, with several, or as something else: in words. */
function absent(
  catalog: Catalog,
  object: Node | undefined,
  type: string,
  ifThere?: boolean,
): string | undefined {
  const [kinds, word] = KINDS[type]!;
  const parts = nameParts(object);
  const known = found(catalog, parts);
  if (!known) return undefined;
  const inputs = argumentsOf(object);
  if (inputs === undefined && known.length > 1)
    return `one ${word} ${parts.join('.')}, of which there are ${known.length}`;
  // PROCEDURE may be named with its OUT parameters as well
  if (inputs && known.some(({ kind, result }) => kind === 'p' && result === undefined)) return undefined;
  const own = inputs ? withInputs(known, inputs) : known[0];
  if (own ? kinds.includes(own.kind) : ifThere) return undefined;
  return `${word} ${parts.join('.')}${inputs ? `(${inputs.join(', ')})` : ''}`;
}

/** The routine that a statement names and the database does not have. */
export function wrongRoutine(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>) {
  const { type = '', objects, ifThere } = meantBy(statement);
  if (!KINDS[type]) return undefined;
  const missing = objects
    .map((object) => absent(catalog, object, type, ifThere))
    .find((name) => name !== undefined);
  return missing === undefined ? undefined : { form: 'Missing', name: missing };
}

/** Why PostgreSQL does not put a function into the place of the one that is there. Source: pg_proc.c, ProcedureCreate. */
export function unfitRoutine(catalog: Catalog, node: CreateFunctionStmt): string | undefined {
  const key = resolve(catalog, named(texts(node.funcname)), new Map());
  const own = signatureOf(node);
  const known = withInputs(catalog.routines.get(key)?.signatures ?? [], own.inputs);
  if (!known) return undefined;
  const name = `${key}(${own.inputs.join(', ')})`;
  if (!node.replace) return `${name} is there already`;
  if (known.kind !== own.kind) return `${name} is another kind of routine`;
  if (known.result !== undefined && own.result !== undefined && known.result !== own.result)
    return `${name} returns ${known.result}`;
  const renamed = known.names.find((before, i) => before !== '' && before !== own.names[i]);
  if (renamed) return `its parameter ${renamed} has another name`;
  return own.defaults < known.defaults ? `${name} has more defaults` : undefined;
}
