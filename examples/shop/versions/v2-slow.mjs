import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Right in all it says, and slow: nothing fails, and nobody likes to wait for it. */
const product = {
  name: 'product-slowly',
  text: 'select id, name, price_cents from products, pg_sleep(0.5) where id = $1',
};

serve({ version: 'v2-slow', queries: { ...queriesWithNotes, product } });
