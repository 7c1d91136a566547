import { queries } from './queries.mjs';

/** From v2 on an order may carry a note; its column comes with v2's migration. */
export const queriesWithNotes = {
  ...queries,
  order: {
    name: 'order-with-note',
    text: 'select id, product_id, quantity, note, ordered_at from orders where id = $1',
  },
  createOrder: {
    name: 'create-order-with-note',
    text: `insert into orders (product_id, quantity, note) values ($1, $2, $3)
           returning id, product_id, quantity, note, ordered_at`,
    values: (order) => [order.productId, order.quantity, order.note ?? null],
  },
};
