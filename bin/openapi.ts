// node bin/run.js bin/openapi.ts [--write]: docs/openapi.json, from what the HTTP API is declared to take.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../src/domain/api/openapi';

const PAGE = join(__dirname, '..', 'docs', 'openapi.json');

/** The file as it has to be. */
export const openApiFile = (): string => `${JSON.stringify(openApi(), null, 2)}\n`;

if (process.argv.includes('--write')) writeFileSync(PAGE, openApiFile());
