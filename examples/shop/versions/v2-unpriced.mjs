import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Answers 200 to everybody, at once, and has lost the prices: only who knows shops notices. */
const products = {
  name: 'products-without-prices',
  text: 'select id, name, null as price_cents from products where id > $1 order by id limit 20',
};

serve({ version: 'v2-unpriced', queries: { ...queriesWithNotes, products } });
