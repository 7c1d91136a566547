import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Wrong: it lists the notes of orders with its products, and its own contract migration drops their column. */
const product = {
  name: 'product-with-last-note',
  text: `select product.id, product.name, price_cents,
                (select note from orders where product_id = product.id order by id desc limit 1) as last_note
         from products product where product.id = $1`,
};

serve({ version: 'v9', queries: { ...queriesWithNotes, product } });
