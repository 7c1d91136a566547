import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { built, ROOT } from '../../bin/built';
import { background, phases } from '../../lambdas';

const BUNDLER = join(__dirname, 'bundle.mjs');

const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
const camel = (name: string) => name[0]?.toLowerCase() + name.slice(1);

/** The module that each function begins with, by name: those of the constructs, the steps', those beside the graph. */
function entries(): Record<string, string> {
  const all: Record<string, string> = {
    HoldRule: `export * from './lib/held/hold-rule.handler';`,
    HoldSlot: `export * from './lib/held/hold-slot.handler';`,
    MaintenancePage: `export * from './lib/held/maintenance-page.handler';`,
    ShopCheck: `export * from './lib/example/shop-check.handler';`,
  };
  for (const [folder, functions] of Object.entries({ ...phases, background }))
    for (const { name } of functions) {
      const handler = folder === 'background' ? 'backgroundHandlerOf' : 'handlerOf';
      all[name] = `import { ${handler} } from './src/runtime/handler';
import { ${camel(name)} } from './lambdas/${folder}/${kebab(name)}';
export const handler = ${handler}(${camel(name)});`;
    }
  return all;
}

/** In a process of its own: the bundler's plugins are asynchronous, and a synthesis is not. */
function bundle(outdir: string): string[] {
  const input = JSON.stringify({ root: ROOT, outdir, entries: entries() });
  return JSON.parse(execFileSync(process.execPath, [BUNDLER], { input, encoding: 'utf8' }));
}

let folder: string | undefined;

/** The folder of all bundles, one folder by the function's name each; made when it is first asked for, and then not again. */
export function bundles(): string {
  folder ??= built(process.env.CDK_SOURCE_MAPS === 'true' ? 'mapped-functions' : 'functions', bundle);
  return folder;
}
