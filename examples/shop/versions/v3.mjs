import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/**
 * Healthy, and wrong: the price of a single piece divides by the pack size, which is 0 for what is sold
 * by weight, a third of the products. Only customers meet it, never the health check.
 */
const product = {
  name: 'product-with-piece-price',
  text: 'select id, name, price_cents, price_cents / pack_size as piece_cents from products where id = $1',
};

serve({ version: 'v3', queries: { ...queriesWithNotes, product } });
