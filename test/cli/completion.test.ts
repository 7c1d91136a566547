import { spawnSync } from 'node:child_process';
import { run } from './project';

/** What bash offers at the end of a line, by the script that greenlight prints. */
async function offered(...words: string[]): Promise<string[]> {
  const { code, out } = await run('completion', 'bash');
  expect(code).toBe(0);
  const line = words.map((word) => `'${word}'`).join(' ');
  const asked = `${out}\nCOMP_WORDS=(greenlight ${line}); COMP_CWORD=${words.length}; _greenlight; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', asked], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

it('completes verbs, options of a verb, and values that an option or an argument can have', async () => {
  expect(await offered('appr')).toEqual(['approve']);
  expect(await offered('report', 'release-7', '--w')).toEqual(['--workflow']);
  expect(await offered('check', 'db', '--format', '')).toEqual(['text', 'github', 'sarif', 'json']);
  expect(await offered('completion', 'f')).toEqual(['fish']);
});

it('leaves files to the shell', async () => expect(await offered('check', '--since', '')).toEqual([]));

it.each(['zsh', 'fish'])('has every verb for %s', async (shell) => {
  const { out } = await run('completion', shell);
  for (const verb of ['approve', 'check', 'local', 'report']) expect(out).toContain(verb);
});
