import { queries } from '../src/queries.mjs';
import { serve } from '../src/serve.mjs';

/** Orders without notes again. Its code is fine; its migration takes a column away that v2 still reads and writes. */
serve({ version: 'v6', queries });
