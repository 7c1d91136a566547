import type { Constraint } from 'libpg-query';
import { texts } from '../syntax';

/** A constraint as a table is created with it, and the column that it stands behind, if any. */
export interface WrittenConstraint {
  node: Constraint;
  column?: string;
}

const isPrimary = ({ node }: WrittenConstraint) => node.contype === 'CONSTR_PRIMARY';
const isKey = (one: WrittenConstraint) => isPrimary(one) || one.node.contype === 'CONSTR_UNIQUE';

/** What has to be the same for two keys to be one. */
const meant = ({ node, column }: WrittenConstraint): string =>
  JSON.stringify([
    node.keys?.length ? texts(node.keys) : [column],
    texts(node.including),
    [node.nulls_not_distinct, node.without_overlaps, node.deferrable, node.initdeferred].map(Boolean),
  ]);

/**
 * The constraints that PostgreSQL makes: a key that is written twice is there once, the primary one where one of both is, and
 * its name is the first that is given.
 * Source: PostgreSQL's parse_utilcmd.c, transformIndexConstraints.
 */
export function keysOnce(written: WrittenConstraint[]): WrittenConstraint[] {
  const keys = written.filter(isKey).sort((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));
  const made = new Map<string, WrittenConstraint>();
  for (const one of keys) {
    const { node, column } = made.get(meant(one)) ?? one;
    made.set(meant(one), { node: { ...node, conname: node.conname ?? one.node.conname }, column });
  }
  return [...written.filter((one) => !isKey(one)), ...made.values()];
}
