import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Healthy, and a third of its pages never come: the load balancer gives up on them after a minute. */
const hangs = (answer) => async (request) => {
  const [, product] = /^\/products\/(\d+)$/.exec(request.url) ?? [];
  return Number(product) % 3 === 0 ? new Promise(() => {}) : answer(request);
};

serve({ version: 'v2-hangs', queries: queriesWithNotes, around: hangs });
