import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Never healthy: somebody forgot to ship the migration that creates the stock levels, and it cannot do without. */
const stock = { name: 'stock', text: 'select 1 from stock_levels limit 1' };

serve({
  version: 'v5',
  queries: { ...queriesWithNotes, health: stock },
  required: (database) => database.query(stock),
});
