import { ident, qualified } from '../names';
import { slug } from './names';
import { type StagedPlan, stage, type Target } from './stage';

export function renameTable(target: Target, after: string): StagedPlan {
  const renamed = qualified(target.schema, after);
  const view = `CREATE VIEW ${target.sql} AS SELECT * FROM ${renamed};`;
  const of = slug(`${target.name}_to_${after}`);
  return {
    change: `rename table ${target.name} to ${after}`,
    missing: [],
    stages: [
      stage({
        name: `rename_${of}`,
        release: 1,
        when: 'first, in one transaction',
        up: `ALTER TABLE ${target.sql} RENAME TO ${ident(after)};\n${view}`,
        down: `DROP VIEW ${target.sql};\nALTER TABLE ${renamed} RENAME TO ${ident(target.name)};`,
        why: `insert, update, upsert and FOR UPDATE work through the view of the old name; grant the application's role on the view what it has on the table`,
      }),
      stage({
        name: `switch_${of}`,
        release: 1,
        when: `with this release's application, which knows ${after} only`,
        up: '',
        down: '',
        why: `the previous version goes on with ${target.name}`,
      }),
      stage({
        name: `contract_${of}`,
        phase: 'contract',
        release: 2,
        when: `after the safety period, when no version that knows ${target.name} runs or will be gone back to`,
        up: `DROP VIEW ${target.sql};`,
        down: view,
        why: 'only the view goes; no row is touched',
        works: { old: false, new: true },
      }),
    ],
  };
}
