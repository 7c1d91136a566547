import type { CreateSchemaStmt, CreateStmt, Node, RangeVar } from 'libpg-query';
import type { Statement } from './parse';

/** As much of a statement as says what it does. */
type Act = Pick<Statement, 'tag' | 'node'>;

const NAMES = ['relation', 'view', 'sequence'] as const;

/** What CREATE SCHEMA makes in the new schema, as statements that say so. */
function elements({ schemaname, schemaElts = [] }: CreateSchemaStmt): Act[] {
  return schemaElts.flatMap((element: Node) =>
    Object.entries(element).map(([tag, node]) => {
      const made = { ...(node as Record<string, unknown>) };
      for (const name of NAMES) {
        const range = made[name] as RangeVar | undefined;
        if (range) made[name] = { schemaname, ...range };
      }
      return { tag, node: made };
    }),
  );
}

/** Statements that another one holds: those of CREATE SCHEMA, and the partition that a foreign table becomes. */
export function actsInside({ tag, node }: Act): Act[] {
  if (tag === 'CreateSchemaStmt') return elements(node as CreateSchemaStmt);
  const { base } = node as { base?: CreateStmt };
  return tag === 'CreateForeignTableStmt' && base?.partbound ? [{ tag: 'CreateStmt', node: base }] : [];
}
