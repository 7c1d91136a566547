/**
 * The shop's statements, each with the parameters of its route. Columns are named one by one: `select *` in a
 * prepared statement would break on the first added column.
 */
export const queries = {
  health: { name: 'health', text: 'select 1' },
  products: {
    name: 'products',
    text: 'select id, name, price_cents from products where id > $1 order by id limit 20',
  },
  product: { name: 'product', text: 'select id, name, price_cents from products where id = $1' },
  order: { name: 'order', text: 'select id, product_id, quantity, ordered_at from orders where id = $1' },
  createOrder: {
    name: 'create-order',
    text: 'insert into orders (product_id, quantity) values ($1, $2) returning id, product_id, quantity, ordered_at',
    values: (order) => [order.productId, order.quantity],
  },
};
