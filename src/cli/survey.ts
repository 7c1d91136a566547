import { writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { takeSurvey } from '../postgres/attempts/take-survey';
import { print, remark } from './print';

interface SurveyOptions {
  database: string;
  out?: string;
}

/** What a look at a production database may cost it. */
const LIMITS = {
  application_name: 'greenlight-survey',
  connectionTimeoutMillis: 5_000,
  statement_timeout: 10_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
  options: '-c default_transaction_read_only=on',
};

/** Writes how full a database is; nothing in it is a value of a row. */
export async function survey({ database, out }: SurveyOptions): Promise<number> {
  const client = new Client({ connectionString: database, ...LIMITS });
  client.on('error', () => {});
  await client.connect();
  try {
    const found = await takeSurvey(client, new Date());
    const text = `${JSON.stringify(found, null, 2)}\n`;
    if (out === undefined) print(text.trimEnd());
    else writeFileSync(out, text);
    const { length } = Object.keys(found.tables);
    remark(
      `${length} ${length === 1 ? 'table' : 'tables'}: names of tables and columns, rows, bytes, widths, shares without a value, numbers of different values; no value of a row, default or check`,
    );
    if (found.unknown.length > 0)
      remark(`never analysed, so nothing is known of them: ${found.unknown.join(', ')}; ANALYZE them`);
    return 0;
  } finally {
    await client.end().catch(() => {});
  }
}
