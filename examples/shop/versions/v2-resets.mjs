import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Healthy, and a third of its pages end in a closed connection: no answer of it is ever wrong. */
const resets = (answer) => async (request) => {
  const [, product] = /^\/products\/(\d+)$/.exec(request.url) ?? [];
  return Number(product) % 3 === 0 ? {} : answer(request);
};

serve({ version: 'v2-resets', queries: queriesWithNotes, around: resets });
