import { folderOf, nameOf, type Project } from '../../migrations/project';
import { inRelease, type Timed, type WrittenFile } from './file';

interface Entry {
  idx: number;
  version: string;
  when: number;
  tag: string;
  breakpoints: boolean;
}
interface Journal {
  version: string;
  dialect: string;
  entries: Entry[];
}

const isJournal = (file: string) => nameOf(file) === '_journal.json' && nameOf(folderOf(file)) === 'meta';

function journalOf(project: Project): Journal {
  const file = project.files.find(isJournal);
  if (file !== undefined) return JSON.parse(project.read(file)) as Journal;
  return { version: '7', dialect: 'postgresql', entries: [] };
}

/**
 * One folder for each stage, in the order of their names: the file, and the whole journal as it is with it, by which alone
 * drizzle-kit migrates; it reads a snapshot only to generate. It runs all that is pending in one transaction, so stages that
 * must not share one are runs of their own, and what wants none is a `.psql` file for psql. Source: drizzle-orm 0.45,
 * `dialect.migrate`.
 */
export function drizzle(timed: readonly Timed[], project: Project): WrittenFile[] {
  const journal = journalOf(project);
  let { idx, when } = journal.entries.at(-1) ?? { idx: -1, when: 0 };
  return timed.flatMap(({ stage, time }, index) => {
    const folder = `${String(index + 1).padStart(2, '0')}_${stage.name}`;
    const text = `-- ${stage.when}\n-- ${stage.why.replaceAll('\n', '\n-- ')}\n${stage.up}\n`;
    if (!stage.transactional) return inRelease(stage, { path: `${folder}/${stage.name}.psql`, text });
    idx += 1;
    // an entry that is not newer than all others would be passed over in silence
    when = Math.max(time.getTime(), when + 1);
    const tag = `${String(idx).padStart(4, '0')}_${stage.name}`;
    journal.entries.push({ idx, version: journal.version, when, tag, breakpoints: false });
    const whole = `${JSON.stringify(journal, null, 2)}\n`;
    return [
      inRelease(stage, { path: `${folder}/${tag}.sql`, text }),
      inRelease(stage, { path: `${folder}/meta/_journal.json`, text: whole }),
    ];
  });
}
