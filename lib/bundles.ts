import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { beside, phases } from '../lambdas';

const ROOT = join(__dirname, '..');
const BUNDLES = join(ROOT, 'build', 'lambdas');
const ENTRIES = join(ROOT, 'build', 'entries');

const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
const camel = (name: string) => name[0]?.toLowerCase() + name.slice(1);

/**
 * Bundles every step's function, those beside the graph, and the ones of the constructs, in a single esbuild call: a call
 * per function costs a process each.
 */
function bundle(): void {
  rmSync(join(ROOT, 'build'), { recursive: true, force: true });
  mkdirSync(ENTRIES, { recursive: true });
  const entryPoints: Record<string, string> = {
    'HoldRule/index': join(ROOT, 'lib', 'hold-rule.handler.ts'),
    'ShopCheck/index': join(ROOT, 'lib', 'example', 'shop-check.handler.ts'),
    'MaintenancePage/index': join(ROOT, 'lib', 'maintenance-page.handler.ts'),
  };
  for (const [folder, functions] of Object.entries({ ...phases, beside }))
    for (const { name } of functions) {
      const entry = join(ENTRIES, `${name}.ts`);
      const handler = folder === 'beside' ? 'besideHandlerOf' : 'handlerOf';
      writeFileSync(
        entry,
        `import { ${handler} } from '../../src/runtime/handler';
import { ${camel(name)} } from '../../lambdas/${folder}/${kebab(name)}';
export const handler = ${handler}(${camel(name)});
`,
      );
      entryPoints[`${name}/index`] = entry;
    }
  buildSync({
    entryPoints,
    outdir: BUNDLES,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // optional native driver of pg
    external: ['pg-native'],
    logLevel: 'warning',
  });
  // PostgreSQL's parser loads its WebAssembly from beside itself
  for (const parsing of ['AnalyseMigrations', 'ChooseRollback'])
    copyFileSync(
      require.resolve('libpg-query/wasm/libpg-query.wasm'),
      join(BUNDLES, parsing, 'libpg-query.wasm'),
    );
}

let bundled = false;

/** The code of a function by its step's name; everything is bundled when the first is asked for. */
export function codeOf(name: string): Code {
  if (!bundled) bundle();
  bundled = true;
  return Code.fromAsset(join(BUNDLES, name));
}
