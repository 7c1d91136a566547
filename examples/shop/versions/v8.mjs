import { serve } from '../src/serve.mjs';
import { queriesWithOrderNotes } from '../src/with-order-notes.mjs';

/** Nothing is wrong with this code: it is its second contract migration that fails. */
serve({ version: 'v8', queries: queriesWithOrderNotes });
