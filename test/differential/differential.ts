import type { Client } from 'pg';
import { analyse } from '../../src/domain/migrations/analyse';
import { type Catalog, copyOf, emptyCatalog } from '../../src/domain/migrations/catalog';
import { parse } from '../../src/domain/migrations/parse';
import { loadParser } from '../../src/domain/migrations/parser';
import { apply, deployed } from '../../src/domain/migrations/schema';
import type { Finding, ReleaseFile } from '../../src/domain/migrations/types';
import { readCatalog } from '../../src/postgres/catalog';
import type { Server } from '../domain/migrations/servers';
import { chance } from './chance';
import { compare, type Disagreement } from './compare';
import { type Bench, type Measured, openBench } from './measure';
import { BIG, randomWorld, type World } from './schemas';
import { pieces, shrunk } from './shrink';
import { randomScript, type Script } from './statements';

/** What is known beforehand: the live catalog, or the files that have made it. */
export const views = ['database', 'files'] as const;
export type View = (typeof views)[number];

export interface Found extends Disagreement {
  view: View;
  seed: number;
  setup: readonly string[];
  script: Script;
  findings: Finding[];
  measured: Measured;
}

export interface Tally {
  cases: number;
  /** PostgreSQL refused them. */
  refused: number;
  /** They blocked or broke the old version. */
  harmful: number;
  /** Of which the files alone tell nothing: they were called opaque. */
  opaque: number;
  found: Found[];
  /** Statements of the setup that PostgreSQL did not take: faults of the generator. */
  failed: string[];
}

/** Cases that share a world: making one costs as much as thirty of them. */
const PER_WORLD = 60;

const fileOf = ({ statements, alone }: Script): ReleaseFile => ({
  id: '1',
  file: '1.sql',
  up: statements.join(';\n'),
  transactional: !alone,
  firstLine: 1,
});

/** The catalog as files leave it that earlier releases have applied. */
export function catalogOf(setup: readonly string[], major: number): Catalog {
  const catalog = emptyCatalog(major);
  for (const sql of setup) for (const statement of parse(sql).statements) apply(catalog, statement);
  return deployed(catalog);
}

/** How big tables are no file tells: what is said of the rest is looked at apart from that. */
function sized(files: Catalog, live: Catalog): Catalog {
  for (const [name, table] of files.tables) {
    const { rows, bytes } = live.tables.get(name) ?? {};
    files.tables.set(name, { ...table, rows, bytes });
  }
  for (const [name, sequence] of files.sequences)
    files.sequences.set(name, { ...sequence, last: live.sequences.get(name)?.last });
  return files;
}

type Catalogs = Record<View, Catalog>;

/** What is known of a bench's database in each view. */
export async function catalogsOf(bench: Bench, major: number): Promise<Catalogs> {
  const database = await readCatalog(bench.client);
  return { database, files: sized(catalogOf(bench.setup, major), database) };
}

const said = (script: Script, catalog: Catalog) =>
  analyse([fileOf(script)], copyOf(catalog), { bigRows: BIG, timeZone: 'UTC' });

/** Executes a script and compares; one disagreement at most for each view. `opaque` and `findings` are those of the last one. */
export async function judge(bench: Bench, catalogs: Catalogs, script: Script, only: readonly View[]) {
  const measured = await bench.measure(script);
  const all: Omit<Found, 'seed' | 'setup'>[] = [];
  let opaque = false;
  let findings: Finding[] = [];
  for (const view of only) {
    findings = await said(script, catalogs[view]);
    const disagreement = compare(findings, measured);
    opaque = findings.some((finding) => finding.class === 'opaque');
    if (disagreement) all.push({ ...disagreement, view, script, findings, measured });
  }
  return { measured, disagreements: all, opaque, findings };
}

export interface Run {
  server: Server;
  admin: Client;
  major: number;
  seed: number;
  cases: number;
  /** Told how many cases are done, after each world of them. */
  onProgress?(done: number): void;
}

/** Seed of a world of a run, so that it can be made again alone. */
const seedOf = (seed: number, index: number) => (seed + index * 7919) % 2 ** 31;

/** Generates worlds and scripts, executes them, and collects where the analyser and PostgreSQL do not agree. */
export async function differ({ server, admin, major, seed, cases, onProgress }: Run): Promise<Tally> {
  await loadParser();
  const tally: Tally = { cases: 0, refused: 0, harmful: 0, opaque: 0, found: [], failed: [] };
  for (let index = 0; tally.cases < cases; index++) {
    const own = seedOf(seed, index);
    const dice = chance(own);
    const world = randomWorld(dice, major);
    const bench = await openBench(server, admin, world, world.setup);
    tally.failed.push(...bench.failed);
    const catalogs = await catalogsOf(bench, major);
    for (let i = 0; i < PER_WORLD && tally.cases < cases; i++) {
      const script = randomScript(world, dice);
      const { measured, disagreements, opaque } = await judge(bench, catalogs, script, views);
      tally.cases++;
      if (measured.refused !== undefined) tally.refused++;
      if (opaque) tally.opaque++;
      if (measured.blocks || measured.broken.some(({ prepared }) => !prepared)) tally.harmful++;
      for (const one of disagreements) tally.found.push({ ...one, seed: own, setup: bench.setup });
    }
    await bench.close();
    onProgress?.(tally.cases);
  }
  return tally;
}

/** The same disagreement with less around it. */
export async function smaller(found: Found, { server, admin, major }: Run): Promise<Found> {
  let best = found;
  const world: World = randomWorld(chance(found.seed), major);
  const holds = async (setup: readonly string[], script: Script) => {
    if (script.statements.length === 0) return false;
    const bench = await openBench(server, admin, world, setup);
    try {
      if (bench.failed.length > 0) return false;
      const { disagreements } = await judge(bench, await catalogsOf(bench, major), script, [found.view]);
      const same = disagreements.find(({ kind }) => kind === found.kind);
      if (same) best = { ...same, seed: found.seed, setup };
      return same !== undefined;
    } catch {
      // a statement without its fellows may be none
      return false;
    } finally {
      await bench.close();
    }
  };
  await shrunk(found.script.statements, (statements) =>
    holds(best.setup, { ...best.script, statements: [...statements] }),
  );
  const [first = ''] = best.script.statements;
  const [, head, tail] = /^(ALTER TABLE (?:ONLY )?(?:"[^"]*"|[^\s"])+ )(.*)$/s.exec(first) ?? [];
  if (head && tail && best.script.statements.length === 1)
    await shrunk(pieces(tail), (parts) =>
      parts.length === 0
        ? Promise.resolve(false)
        : holds(best.setup, { ...best.script, statements: [head + parts.join(', ')] }),
    );
  await shrunk(found.setup, (setup) => holds(setup, best.script));
  return best;
}
