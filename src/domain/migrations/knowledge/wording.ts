import type { AlterTableCmd, TypeName } from 'libpg-query';
import type { ColumnType } from '../catalog';
import { ident } from '../names';
import type { Statement } from '../parse';
import { asConstraint, typeOf } from '../syntax';
import { bare, type Subject } from './rule';

/** A type as people write it. */
export function written({ name, modifiers }: ColumnType): string {
  const base = name.startsWith('_') ? `${name.slice(1)}[]` : name;
  return modifiers.length > 0 ? `${base}(${modifiers.join(', ')})` : base;
}

export const typeText = (type: TypeName | undefined): string => written(typeOf(type));

/** A CREATE INDEX, with the word that is missing. */
export const concurrently = ({ text }: Statement): string =>
  text.replace(/\bINDEX\b/i, (word) => `${word} CONCURRENTLY`).replace(/\s+/g, ' ');

/** Add the rule for new rows first, check the old ones beside the traffic. */
export function notValidFirst({ relation, node, statement }: Subject<AlterTableCmd>): string {
  const name = asConstraint(node.def)?.conname;
  // with a single part the statement's own text is the recipe
  const first = /,\s*ADD\b/i.test(statement.text)
    ? `add ${name ?? `the constraint on ${bare(relation)}`} NOT VALID`
    : `${statement.text.replace(/\s+/g, ' ')} NOT VALID`;
  return `${first}; in the next migration: ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${name === undefined ? '…' : ident(name)}`;
}

/** A name as SQL has it, with its schema and in quotation marks where it needs them. */
export const sqlName = (name: string): string => name.split('.').map(ident).join('.');
