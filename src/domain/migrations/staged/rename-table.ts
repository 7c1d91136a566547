import { ident, literal, qualified } from '../names';
import { inFormat } from './likeness';
import { slug } from './names';
import { type StagedPlan, stage, type Target } from './stage';

/** Gives a relation the rights of another one. */
const sameRights = (from: string, to: string) => `DO $rights$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('GRANT %s ON ${inFormat(to)} TO %s%s', privilege_type,
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class, aclexplode(relacl) WHERE oid = ${literal(from)}::regclass AND grantee <> relowner AND privilege_type <> 'MAINTAIN'
  LOOP
    EXECUTE statement;
  END LOOP;
END $rights$;`;

export function renameTable(target: Target, after: string): StagedPlan {
  const renamed = qualified(target.schema, after);
  // whoever asks for the view is held to his own rights and to the policies of the table; before 15 to its owner's
  const invoker = (target.catalog?.major ?? 18) >= 15 ? ' WITH (security_invoker)' : '';
  const view = `CREATE VIEW ${target.sql}${invoker} AS SELECT * FROM ${renamed};\n${sameRights(renamed, target.sql)}`;
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
        why: `insert, update, upsert and FOR UPDATE work through the view of the old name, which has the rights of the table`,
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
