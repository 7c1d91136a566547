import type {
  AlterEnumStmt,
  AlterTableCmd,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateSchemaStmt,
  CreateSeqStmt,
  CreateStmt,
  CreateTableAsStmt,
  IndexStmt,
  RangeVar,
  ViewStmt,
} from 'libpg-query';
import { type Catalog, resolve } from './catalog';
import type { Subject } from './knowledge/rule';
import { newName } from './schema/objects';
import { asColumn, asConstraint, named, texts } from './syntax';

type Taken = string | undefined;

const hasType = ({ enums, domains, composites, tables }: Catalog, key: string): boolean =>
  [enums, domains, composites, tables].some((among) => among.has(key));

/** Tables, views, sequences and indexes share their names. */
const hasRelation = ({ tables, sequences }: Catalog, key: string): boolean =>
  tables.has(key) ||
  sequences.has(key) ||
  [...tables.values()].some(({ name, indexes }) => {
    const schema = name.slice(0, name.indexOf('.') + 1);
    return indexes.some((index) => `${schema}${index.name}` === key);
  });

function relation(catalog: Catalog, range: RangeVar | undefined): Taken {
  const name = newName(catalog, range ?? {});
  return range?.relpersistence !== 't' && hasRelation(catalog, name) ? name : undefined;
}

function type(catalog: Catalog, parts: string[]): Taken {
  const name = resolve(catalog, named(parts), new Map());
  return hasType(catalog, name) ? `type ${name}` : undefined;
}

const CREATES: Record<string, (subject: Subject) => Taken> = {
  CreateStmt: ({ node, catalog }) => {
    const { relation: range, if_not_exists: ifNeeded } = node as CreateStmt;
    return ifNeeded ? undefined : relation(catalog, range);
  },
  CreateTableAsStmt({ node, catalog }) {
    const { into, if_not_exists: ifNeeded } = node as CreateTableAsStmt;
    return ifNeeded ? undefined : relation(catalog, into?.rel);
  },
  ViewStmt({ node, catalog }) {
    const { view, replace } = node as ViewStmt;
    const isView = catalog.tables.get(newName(catalog, view ?? {}))?.kind === 'view';
    return replace && isView ? undefined : relation(catalog, view);
  },
  CreateSeqStmt({ node, catalog }) {
    const { sequence, if_not_exists: ifNeeded } = node as CreateSeqStmt;
    return ifNeeded ? undefined : relation(catalog, sequence);
  },
  IndexStmt({ node, catalog, relation: table }) {
    const { idxname, if_not_exists: ifNeeded } = node as IndexStmt;
    const name = `${table.slice(0, table.indexOf('.') + 1)}${idxname}`;
    return idxname !== undefined && !ifNeeded && hasRelation(catalog, name) ? name : undefined;
  },
  CreateEnumStmt: ({ node, catalog }) => type(catalog, texts((node as AlterEnumStmt).typeName)),
  CreateDomainStmt: ({ node, catalog }) => type(catalog, texts((node as CreateDomainStmt).domainname)),
  CompositeTypeStmt({ node, catalog }) {
    const { schemaname, relname = '' } = (node as CompositeTypeStmt).typevar ?? {};
    return type(
      catalog,
      [schemaname, relname].filter((part) => part !== undefined),
    );
  },
  CreateSchemaStmt({ node, catalog }) {
    const { schemaname = '', if_not_exists: ifNeeded } = node as CreateSchemaStmt;
    return !ifNeeded && catalog.schemas?.includes(schemaname) ? `schema ${schemaname}` : undefined;
  },
  AlterEnumStmt({ node, catalog, statement }) {
    const { newVal, oldVal, skipIfNewValExists: ifNeeded } = node as AlterEnumStmt;
    const key = resolve(catalog, named(texts((statement.node as AlterEnumStmt).typeName)), catalog.enums);
    const has = newVal !== undefined && catalog.enums.get(key)?.includes(newVal) === true;
    return has && !(ifNeeded && oldVal === undefined) ? `value '${newVal}' of ${key}` : undefined;
  },
  AT_AddColumn({ node, table, parts = [] }) {
    const { def, missing_ok: ifNeeded } = node as AlterTableCmd;
    const name = asColumn(def)?.colname;
    const goes = parts.some((part) => part.subtype === 'AT_DropColumn' && part.name === name);
    const has = table?.columns.some((column) => column.name === name);
    return has && !ifNeeded && !goes ? `column ${name} of ${table?.name}` : undefined;
  },
  AT_AddConstraint({ node, table }) {
    const name = asConstraint((node as AlterTableCmd).def)?.conname;
    const has = table?.constraints.some((constraint) => constraint.name === name);
    return table && name !== undefined && has ? `constraint ${name} of ${table.name}` : undefined;
  },
};

/** A subject whose new name is taken in a database that was looked at; undefined where it is free. */
export function presence(subject: Subject): Subject | undefined {
  const taken = CREATES[subject.form]?.(subject);
  return taken === undefined ? undefined : { ...subject, form: 'Taken', name: taken };
}
