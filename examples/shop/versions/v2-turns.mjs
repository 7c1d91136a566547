import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** As good as v2, until somebody creates the table `outage`: from then on no page comes without an error. */
const product = {
  name: 'product-until-outage',
  text: `select id, name, price_cents / (to_regclass('outage') is null)::int as price_cents from products where id = $1`,
};

serve({ version: 'v2-turns', queries: { ...queriesWithNotes, product } });
