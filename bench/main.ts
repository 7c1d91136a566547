import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Figure {
  name: string;
  value: number;
  unit: string;
}

/** `npm run bench [NAME ...]`: every measurement of this folder, one after the other, never in a timed test. */
async function main(names: string[]): Promise<void> {
  const all = readdirSync(__dirname)
    .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
    .map((file) => file.replace(/\.ts$/, ''));
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    console.error(`error: there is no bench ${unknown.join(', ')}; there is ${all.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  for (const name of names.length > 0 ? names : all) {
    console.error(`measuring ${name} ...`);
    const { bench } = (await import(join(__dirname, `${name}.ts`))) as { bench(): Promise<Figure[]> };
    for (const figure of await bench())
      console.log(
        `${name.padEnd(8)} ${figure.name.padEnd(72)} ${figure.value.toLocaleString('en')} ${figure.unit}`,
      );
  }
}

void main(process.argv.slice(2));
