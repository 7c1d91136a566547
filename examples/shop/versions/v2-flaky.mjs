import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** As good as v2, until somebody creates the table `outage`: from then on every fourth page is an error, by chance. */
const product = {
  name: 'product-until-outage',
  text: `select id, name, price_cents / (to_regclass('outage') is null or random() > 0.25)::int as price_cents
    from products where id = $1`,
};

serve({ version: 'v2-flaky', queries: { ...queriesWithNotes, product } });
