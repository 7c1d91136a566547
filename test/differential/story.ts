import type { View } from './differential';
import type { Script } from './statements';

/** What a statement was found to do that is easily missed; it stays as a case. */
export interface Story extends Pick<Script, 'statements' | 'alone'> {
  about: string;
  setup: string[];
  /** What the old version does; a statement that begins with PREPARE is one it has prepared by name. */
  uses?: string[];
  /** PostgreSQL's answer. */
  harm: 'none' | 'blocks' | 'breaks' | 'refused';
  /** Only from this major on; until then there is no such syntax, or another answer. */
  since?: number;
}

/** Many short stories of one database, which is made once: each is taken back before the next one. */
export interface ManyStories {
  about: string;
  setup: string[];
  uses: string[];
  /** Statements, PostgreSQL's answer, and the view that is asked where not both are. */
  told: [sql: string, harm: Story['harm'], view?: View][];
}

const ROWS = "SELECT n, n, 'v' || n FROM generate_series(1, 300) AS n";
export const GRANT = 'GRANT ALL ON ALL TABLES IN SCHEMA public TO app';
export const table = (name: string, more = '') => [
  `CREATE TABLE ${name} (id int PRIMARY KEY, n int NOT NULL, word varchar(20)${more})`,
  `INSERT INTO ${name} (id, n, word) ${ROWS}`,
];
export const T = table('t');
