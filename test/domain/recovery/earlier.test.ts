import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryOf, progressOf } from '../../../src/domain/recovery/progress';
import { reportOf } from '../../../src/domain/report';
import { results, type StepName } from '../../../src/domain/results';
import { JOURNAL_VERSION, type JournalRow } from '../../../src/domain/results/row';
import { readSettings } from '../../../src/domain/settings/stored';

/**
 * What Greenlight wrote before settings had keys, secrets of readers and public addresses: the settings of the example, and the
 * rows of a release and of a rollback on the local cloud. They are kept as they were; what is changed in what steps say has to be
 * read beside them, or has another version.
 */
const lines = readFileSync(join(__dirname, 'earlier.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { settings?: object; release?: JournalRow; rollback?: JournalRow });
const recorded = {
  settings: lines[0]!.settings!,
  release: lines.flatMap(({ release }) => release ?? []),
  rollback: lines.flatMap(({ rollback }) => rollback ?? []),
};

it('settings that an earlier Greenlight stored are read, with the defaults of what it did not know', () => {
  const read = readSettings(JSON.stringify(recorded.settings), 'settings');
  expect(recorded.settings).not.toHaveProperty('keys');
  expect(read).toMatchObject({
    settings: { service: 'shop', keys: { secrets: [] }, database: { otherSecrets: [] } },
  });
});

describe.each(['release', 'rollback'] as const)(
  'the rows that an earlier Greenlight wrote of a %s',
  (which) => {
    const rows = recorded[which];

    it('are what their steps declare today', () => {
      expect(rows.length).toBeGreaterThan(15);
      for (const { step, result } of rows)
        expect([step, results[step as StepName]().safeParse(result).error]).toEqual([step, undefined]);
    });

    it('are recovered from, at whatever row they end', () => {
      for (let length = 1; length <= rows.length; length++) {
        const progress = progressOf(rows.slice(0, length));
        expect([length, progress?.deployment.settings.service]).toEqual([length, 'shop']);
        expect(typeof entryOf(progress!, 'recover')).toBe('string');
      }
      expect(progressOf(rows)).toMatchObject({ finished: which === 'release', begun: true });
    });

    it('are reported', () => {
      const report = reportOf('one', rows, null);
      expect(report.outcome).toBe(which === 'release' ? 'DeploymentSucceeded' : 'RolledBack');
      expect(report.phases.length).toBeGreaterThan(5);
    });

    it('would be refused, had a newer one written them', () => {
      const newer = rows.map((row) => ({ ...row, version: JOURNAL_VERSION + 1 }));
      expect(() => progressOf(newer)).toThrow(/use the Greenlight that wrote it, or a newer one/);
      expect(() => reportOf('one', newer, null)).toThrow(/reads versions up to/);
    });
  },
);
