import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Nothing is wrong with this code: it is v4's second migration that fails, so it never runs. */
const product = {
  name: 'product-with-supplier',
  text: `select product.id, product.name, price_cents, supplier.name as supplier
         from products product left join suppliers supplier on supplier.id = product.supplier_id
         where product.id = $1`,
};

serve({ version: 'v4', queries: { ...queriesWithNotes, product } });
