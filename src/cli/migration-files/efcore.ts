import { nameOf, type Project } from '../../migrations/project';
import { inRelease, stamp, type Timed, type WrittenFile } from './file';

const ALWAYS = ['Microsoft.EntityFrameworkCore.Infrastructure', 'Microsoft.EntityFrameworkCore.Migrations'];

/** What the model's snapshot says of the context: its type, the namespace of the migrations, and what both need. */
function contextOf(project: Project) {
  const snapshots = project.files.filter((file) => nameOf(file).endsWith('ModelSnapshot.cs'));
  if (snapshots.length !== 1)
    throw new Error(
      `${snapshots.length} model snapshots of Entity Framework found; name the folder of one project that has migrations`,
    );
  const text = project.read(snapshots[0]!);
  const type = /\[DbContext\(typeof\(([\w.]+)\)\)\]/.exec(text)?.[1];
  if (type === undefined)
    throw new Error(`${snapshots[0]} does not name its context; expected [DbContext(typeof(...))]`);
  const usings = [...text.matchAll(/^\s*using ([\w.]+);/gm)].map(([, name]) => name!);
  return { type, namespace: /^\s*namespace ([\w.]+)/m.exec(text)?.[1], usings };
}

const pascal = (name: string) => name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

const call = (sql: string, transactional: boolean) =>
  `migrationBuilder.Sql(@"${sql.replaceAll('"', '""')}"${transactional ? '' : ', suppressTransaction: true'});`;

const method = (name: string, body: string) =>
  `    protected override void ${name}(MigrationBuilder migrationBuilder)\n    {\n        ${body}\n    }`;

/**
 * One class for each stage, with the attributes that `dotnet ef migrations add` puts into a second file: without that
 * file's model a migration is applied as any other, and the model's snapshot stays as it is. Source: Entity Framework
 * Core's documentation, "Managing Migrations" and `MigrationBuilder.Sql`.
 */
export function efcore(timed: readonly Timed[], project: Project): WrittenFile[] {
  const { type, namespace, usings } = contextOf(project);
  const needed = [...new Set([...usings, ...ALWAYS])].sort().map((name) => `using ${name};`);
  return timed.map(({ stage, time }) => {
    const { name, up, down, transactional, when, why } = stage;
    const id = `${stamp(time)}_${pascal(name)}`;
    const back =
      down === null
        ? `throw new System.NotSupportedException("${name} cannot be taken back");`
        : down === ''
          ? '// nothing to take back'
          : call(down, transactional);
    const lines = [
      ...needed,
      '',
      ...(namespace === undefined ? [] : [`namespace ${namespace};`, '']),
      ...[when, why].map((text) => `// ${text.replaceAll('\n', '\n// ')}`),
      `[DbContext(typeof(${type}))]`,
      `[Migration("${id}")]`,
      `public class ${pascal(name)} : Migration`,
      '{',
      method('Up', call(up, transactional)),
      '',
      method('Down', back),
      '}',
    ];
    return inRelease(stage, { path: `${id}.cs`, text: `${lines.join('\n')}\n` });
  });
}
