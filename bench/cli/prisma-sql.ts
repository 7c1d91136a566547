/** What `prisma migrate dev` writes into a migration, with its comments and blanks, and what people add by hand. */

const indented = (lines: readonly string[]) => lines.map((line) => `    ${line}`).join(',\n');

export function createTable(table: string, columns: readonly string[], parent?: string): string {
  const all = ['"id" TEXT NOT NULL', ...columns, '"updatedAt" TIMESTAMP(3) NOT NULL'];
  const key = `CONSTRAINT "${table}_pkey" PRIMARY KEY ("id")`;
  const made = `-- CreateTable\nCREATE TABLE "${table}" (\n${indented(all)},\n\n${indented([key])}\n);`;
  if (parent === undefined) return made;
  const reference = addForeignKey(table, 'parentId', parent, 'RESTRICT');
  return [made, createIndex(table, 'parentId'), reference].join('\n\n');
}

export const addColumns = (table: string, columns: readonly string[]): string =>
  `-- AlterTable\nALTER TABLE "${table}" ${columns.map((column) => `ADD COLUMN     ${column}`).join(',\n')};`;

export const addForeignKey = (table: string, column: string, parent: string, onDelete: string): string =>
  `-- AddForeignKey\nALTER TABLE "${table}" ADD CONSTRAINT "${table}_${column}_fkey" FOREIGN KEY ("${column}") REFERENCES "${parent}"("id") ON DELETE ${onDelete} ON UPDATE CASCADE;`;

export const createIndex = (
  table: string,
  column: string,
  number: number | '' = '',
  concurrently = '',
): string =>
  `-- CreateIndex\nCREATE INDEX ${concurrently}"${table}_${column}_idx${number}" ON "${table}"("${column}");`;

export const dropColumn = (table: string, column: string): string =>
  `-- AlterTable\nALTER TABLE "${table}" DROP COLUMN "${column}";`;

export const requireColumn = (table: string, column: string): string =>
  `-- AlterTable\nALTER TABLE "${table}" ALTER COLUMN "${column}" SET NOT NULL;`;

export const backfill = (table: string, column: string): string =>
  `-- rows of before this column
UPDATE "${table}" SET "${column}" = DEFAULT WHERE "${column}" IS NULL AND "updatedAt" < '2024-01-01';

INSERT INTO "${table}" ("id", "updatedAt") SELECT 'copy-' || "id", now() FROM "${table}" WHERE "id" LIKE 'legacy-%';`;

/** A column of an enum, and a value more, for which Prisma makes the type anew in a transaction. */
export const addEnum = (table: string, column: string): string => {
  const type = `${table}_${column}`;
  return `-- CreateEnum
CREATE TYPE "${type}" AS ENUM ('DRAFT', 'ACTIVE');

${addColumns(table, [`"${column}" "${type}" NOT NULL DEFAULT 'DRAFT'`])}

-- AlterEnum
BEGIN;
CREATE TYPE "${type}_new" AS ENUM ('DRAFT', 'ACTIVE', 'ARCHIVED');
ALTER TABLE "${table}" ALTER COLUMN "${column}" DROP DEFAULT;
ALTER TABLE "${table}" ALTER COLUMN "${column}" TYPE "${type}_new" USING ("${column}"::text::"${type}_new");
ALTER TYPE "${type}" RENAME TO "${type}_old";
ALTER TYPE "${type}_new" RENAME TO "${type}";
DROP TYPE "${type}_old";
ALTER TABLE "${table}" ALTER COLUMN "${column}" SET DEFAULT 'DRAFT';
COMMIT;`;
};
