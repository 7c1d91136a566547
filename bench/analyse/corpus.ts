import { startProcesses } from '../../local/processes';
import { analyse } from '../../src/domain/migrations/analyse';
import type { Finding } from '../../src/domain/migrations/types';
import { readCatalog } from '../../src/postgres/catalog';
import { CORPUS } from '../../test/domain/migrations/corpus';
import { FIXTURE } from '../../test/domain/migrations/fixture';
import { scoreOf } from '../../test/domain/migrations/histories/score';
import { startServer } from '../../test/domain/migrations/servers';
import type { Measurement } from '../frame/row';
import { fileOf } from './release';
import { scoreRows, scoresOf } from './scores';
import { foundIn, installed, WITHOUT_STYLE } from './squawk';

/** `findings` are on each statement of the corpus, in its order. */
function score(findings: readonly number[]) {
  const judged = CORPUS.map(({ label }) => ({
    blocks: label === 'blocks',
    broken: label === 'breaks' ? [''] : [],
  }));
  return scoresOf(scoreOf(judged, (_one, i) => findings[i]!));
}

const stopping = (found: readonly Finding[][]) =>
  score(found.map((each) => each.filter(({ stops }) => stops).length));

async function withoutDatabase() {
  return stopping(await Promise.all(CORPUS.map(({ sql }, i) => analyse([fileOf(sql, i)], undefined))));
}

/** As a deployment judges: with the catalog of the database that the corpus was proven on. */
async function live() {
  const processes = await startProcesses();
  try {
    const server = await startServer(processes, 18);
    const client = await server.connect('postgres');
    await client.query(FIXTURE);
    // the live version is at work
    const application = await server.connect('postgres', 'app');
    const catalog = await readCatalog(client);
    await Promise.all([client.end(), application.end()]);
    return stopping(
      await Promise.all(
        CORPUS.map(({ sql }, i) => analyse([fileOf(sql, i)], catalog, { bigRows: 1, bigBytes: 1 })),
      ),
    );
  } finally {
    await processes.close();
  }
}

const STATEMENTS = `the ${CORPUS.length} statements of the corpus, whose labels are proven on PostgreSQL`;

export const corpus: Measurement[] = [
  {
    rows: scoreRows('corpus without a database', `${STATEMENTS}; squawk without its rules of style`),
    sample: withoutDatabase,
    beside: {
      ...installed,
      sample: async () => score(CORPUS.map(({ sql }, i) => foundIn(fileOf(sql, i), WITHOUT_STYLE).length)),
    },
    runs: 1,
  },
  {
    rows: scoreRows(
      'corpus with the live catalog',
      `${STATEMENTS}, judged with the catalog of that database`,
    ),
    sample: live,
    runs: 1,
  },
];
