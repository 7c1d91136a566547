import { json } from 'node:stream/consumers';

const FOREIGN_KEY_VIOLATION = '23503';
const LARGEST_ID = 2 ** 31 - 1;

const found = (row) => (row ? { status: 200, body: row } : { status: 404, body: { error: 'not found' } });
const invalid = (error) => ({ status: 400, body: { error } });
const isId = (value) => Number.isInteger(value) && value > 0 && value <= LARGEST_ID;

async function orderOf(request) {
  try {
    return await json(request);
  } catch {
    return undefined;
  }
}

/**
 * Answers requests with `{ status, body }`. `queries` are a version's statements; `database` is a pg pool.
 * Database errors reject, except an order for a product that does not exist.
 */
export function routes({ version, queries, database }) {
  const rows = async (query, values) => {
    const { name, text } = query;
    return (await database.query({ name, text, values })).rows;
  };

  async function health() {
    try {
      await rows(queries.health, []);
      return { status: 200, body: { status: 'ok' } };
    } catch (error) {
      return { status: 503, body: { status: 'unavailable', error: error.message } };
    }
  }

  async function createOrder(request) {
    const order = await orderOf(request);
    if (!isId(order?.productId)) return invalid('productId must be the number of a product');
    if (!isId(order.quantity)) return invalid('quantity must be a positive integer');
    try {
      const [created] = await rows(queries.createOrder, queries.createOrder.values(order));
      return { status: 201, body: created };
    } catch (error) {
      if (error.code === FOREIGN_KEY_VIOLATION) return { status: 404, body: { error: 'no such product' } };
      throw error;
    }
  }

  return async function answer(request) {
    const { pathname, searchParams } = new URL(request.url, 'http://shop');
    const [collection, id] = pathname.slice(1).split('/');
    const one = Number(id);
    switch (`${request.method} /${collection}${id === undefined ? '' : '/:id'}`) {
      case 'GET /health':
        return health();
      case 'GET /version':
        return { status: 200, body: { version } };
      case 'GET /products':
        return { status: 200, body: await rows(queries.products, [Number(searchParams.get('after')) || 0]) };
      case 'GET /products/:id':
        return isId(one) ? found((await rows(queries.product, [one]))[0]) : found();
      case 'GET /orders/:id':
        return isId(one) ? found((await rows(queries.order, [one]))[0]) : found();
      case 'POST /orders':
        return createOrder(request);
      default:
        return found();
    }
  };
}
