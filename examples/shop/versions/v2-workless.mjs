import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Serves users as v2 does, and cannot work: its worker wants a table that nobody has made. */
const printers = (database) => database.query('select 1 from printers limit 1');

serve({
  version: 'v2-workless',
  queries: queriesWithNotes,
  required: process.env.SHOP_MODE === 'worker' ? printers : undefined,
});
