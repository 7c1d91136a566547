import { queries } from './queries.mjs';

/** From v7 on notes have a table of their own. */
export const queriesWithOrderNotes = {
  ...queries,
  order: {
    name: 'order-with-order-note',
    // the table's own column of that name is still there until the contract migration
    text: `select id, product_id, quantity, order_notes.note, ordered_at
           from orders left join order_notes on order_id = id where id = $1`,
  },
  createOrder: {
    name: 'create-order-with-order-note',
    text: `with created as (
             insert into orders (product_id, quantity) values ($1, $2)
             returning id, product_id, quantity, ordered_at
           ), noted as (
             insert into order_notes (order_id, note) select id, $3::text from created where $3::text is not null
           )
           select id, product_id, quantity, $3::text as note, ordered_at from created`,
    values: (order) => [order.productId, order.quantity, order.note ?? null],
  },
};
