import { readFileSync } from 'node:fs';
import { type Configuration, parseConfiguration } from '../../src/domain/settings/environments';

/** A project's `greenlight.json`. Throws one error that names the file and every problem in it. */
export function readConfiguration(file: string): Configuration {
  const read = parseConfiguration(JSON.parse(readFileSync(file, 'utf8')));
  if ('configuration' in read) return read.configuration;
  throw new Error(`${file} cannot be used:\n${read.problems.join('\n')}`);
}
