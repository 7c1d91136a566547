import type { CreateSchemaStmt, CreateStmt, Node, RangeVar } from 'libpg-query';
import type { Statement } from './parse';

/** As much of a statement as says what it does. */
type Act = Pick<Statement, 'tag' | 'node'>;

const NAMES = ['relation', 'view', 'sequence'] as const;

/** What CREATE SCHEMA makes in the new schema, as statements that say so. */
function elements({ schemaname, schemaElts = [] }: CreateSchemaStmt): Act[] {
  return schemaElts.flatMap((element: Node) =>
    Object.entries(element).map(([tag, node]) => {
      const own = { ...(node as Record<string, unknown>) };
      for (const name of NAMES) {
        const range = own[name] as RangeVar | undefined;
        if (range) own[name] = { schemaname, ...range };
      }
      return { tag, node: own };
    }),
  );
}

/** Statements that another one holds: those of CREATE SCHEMA, and the partition that a foreign table becomes. */
export function actsInside({ tag, node }: Act): Act[] {
  if (tag === 'CreateSchemaStmt') return elements(node as CreateSchemaStmt);
  const { base } = node as { base?: CreateStmt };
  return tag === 'CreateForeignTableStmt' && base?.partbound ? [{ tag: 'CreateStmt', node: base }] : [];
}

/** Those of them that others may meet: nobody waits for an index of a table that comes with its schema. */
export function actsOnOthers(statement: Act): Act[] {
  const acts = actsInside(statement);
  const nameIn = ({ node }: Act) => (node as { relation?: RangeVar }).relation?.relname;
  const made = acts.filter(({ tag }) => tag === 'CreateStmt').map(nameIn);
  return acts.filter((act) => act.tag !== 'IndexStmt' || !made.includes(nameIn(act)));
}
