import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

/** Healthy, and right in what its smoke tests ask for; everybody else may not see a page. */
const forbids = (answer) => async (request) =>
  /^\/products\/(?!1$)/.test(request.url) ? { status: 403, body: { error: 'forbidden' } } : answer(request);

serve({ version: 'v2-forbids', queries: queriesWithNotes, around: forbids });
