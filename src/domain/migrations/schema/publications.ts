import type { AlterPublicationStmt, CreatePublicationStmt, Node } from 'libpg-query';
import { type Catalog, partitionsOf, resolve, type Table } from '../catalog';
import { columnsIn, texts } from '../syntax';
import { hold, option } from './held';

/** UPDATE or DELETE are to be published; undefined where nothing is said. */
export function publishesRows(options: Node[] | undefined): boolean | undefined {
  const given = option(options, 'publish')?.arg;
  return given && 'String' in given ? /update|delete/.test(given.String.sval ?? '') : undefined;
}

type Publication = AlterPublicationStmt & CreatePublicationStmt;

function join(catalog: Catalog, { pubname = '', pubobjects = [], for_all_tables: all }: Publication) {
  const changes = catalog.publications.get(pubname) ? { published: true } : {};
  const membership = ({ publications = [] }: Table) => ({ publications: [...publications, pubname] });
  const publish = (table: Table) =>
    catalog.tables.set(table.name, { ...table, ...changes, ...membership(table) });
  const plain = [...catalog.tables.values()].filter(({ kind }) => kind === 'table');
  if (all) plain.forEach(publish);
  for (const node of pubobjects) {
    const { pubtable, name, pubobjtype } = 'PublicationObjSpec' in node ? node.PublicationObjSpec : {};
    if (pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA')
      plain.filter((table) => table.name.startsWith(`${name}.`)).forEach(publish);
    if (!pubtable?.relation) continue;
    const columns = [...texts(pubtable.columns), ...columnsIn({ where: pubtable.whereClause })];
    hold(catalog, pubtable.relation, { kind: 'publication', name: pubname, columns }, (table) =>
      // its partitions are published, and each has an identity of its own
      table.kind === 'partitioned' ? membership(table) : { ...changes, ...membership(table) },
    );
    partitionsOf(catalog, resolve(catalog, pubtable.relation, catalog.tables)).forEach(publish);
  }
}

function leave(catalog: Catalog, pubname: string, isMeant: (table: Table) => boolean) {
  for (const table of catalog.tables.values()) {
    if (!table.publications?.includes(pubname) || !isMeant(table)) continue;
    const publications = table.publications.filter((name) => name !== pubname);
    catalog.tables.set(table.name, {
      ...table,
      publications,
      published: publications.some((name) => catalog.publications.get(name) === true),
      columnUsers: table.columnUsers?.filter((user) => user.kind !== 'publication' || user.name !== pubname),
    });
  }
}

/** What statements do about publications. */
export const publicationChanges: Record<string, (catalog: Catalog, node: never) => void> = {
  CreatePublicationStmt(catalog, node: Publication) {
    catalog.publications.set(node.pubname ?? '', publishesRows(node.options) ?? true);
    join(catalog, node);
  },
  AlterPublicationStmt(catalog, node: Publication) {
    const { pubname = '', pubobjects = [], options, action } = node;
    const changes = publishesRows(options);
    if (changes !== undefined) {
      catalog.publications.set(pubname, changes);
      for (const table of catalog.tables.values())
        if (table.publications?.includes(pubname) && table.kind === 'table')
          catalog.tables.set(table.name, {
            ...table,
            published: table.publications.some((name) => catalog.publications.get(name) === true),
          });
    }
    const named = pubobjects.flatMap((one) => {
      const range = 'PublicationObjSpec' in one ? one.PublicationObjSpec.pubtable?.relation : undefined;
      return range ? [resolve(catalog, range, catalog.tables)] : [];
    });
    if (action === 'AP_DropObjects')
      leave(
        catalog,
        pubname,
        ({ name, partitionOf }) => named.includes(name) || named.includes(partitionOf ?? ''),
      );
    if (action === 'AP_SetObjects') leave(catalog, pubname, () => true);
    if (action !== 'AP_DropObjects') join(catalog, node);
  },
};

/** DROP PUBLICATION. */
export function dropPublication(catalog: Catalog, pubname: string) {
  leave(catalog, pubname, () => true);
  catalog.publications.delete(pubname);
}
