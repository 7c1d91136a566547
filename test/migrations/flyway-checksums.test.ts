import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flyway } from '../../src/migrations/flyway';
import { openProject } from '../../src/migrations/project';

/**
 * What a real Flyway stored for scripts that are published beside a dump of its history table.
 * Source: https://github.com/navikt/lydia-api, src/main/resources/db/migration and the rows of flyway_schema_history in
 * its dump of a test database.
 */
const PUBLISHED = [
  {
    script: 'V3__legg_til_navn_pa_virksomhet.sql',
    lines: ["alter table virksomhet add column navn varchar not null default '';"],
    checksum: '60790216',
  },
  {
    script: 'V4__endre_prosent_til_sykefraversprosent.sql',
    lines: ['alter table sykefravar_statistikk_virksomhet rename column prosent to sykefraversprosent;'],
    checksum: '125199402',
  },
  {
    script: 'V38__oppdatere_moduler.sql',
    lines: [
      "update modul set navn = 'Muskel- og skjelett' where id = 11 and navn = 'Bedriftstiltaket';",
      '',
      'insert into modul (id, ia_tjeneste, navn) VALUES',
      "    (12, 3,'Smertemestring og arbeidsmiljø'),",
      "    (13, 3,'Psykisk helse'),",
      "    (14, 3,'Sees i morgen');",
      '',
    ],
    checksum: '-246234034',
  },
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-flyway-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const checksumOf = (script: string, text: string) => {
  writeFileSync(join(folder, script), text);
  return flyway.list(openProject(folder)).map(({ checksum }) => checksum);
};

describe.each(PUBLISHED)('$script', ({ script, lines, checksum }) => {
  test.each([
    ['as it is', '', '\n'],
    ['with the line ends of Windows', '', '\r\n'],
    ['with a byte order mark', '\ufeff', '\n'],
  ])('has the checksum that Flyway stored for it, %s', (_how, mark, end) => {
    expect(checksumOf(script, mark + lines.join(end))).toEqual([checksum]);
  });

  it('has another one when a letter is another', () => {
    expect(checksumOf(script, lines.join('\n').replace('e', 'E'))).not.toEqual([checksum]);
  });
});
