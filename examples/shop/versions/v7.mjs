import { serve } from '../src/serve.mjs';
import { queriesWithOrderNotes } from '../src/with-order-notes.mjs';

/** Keeps notes in a table of their own; the column they were in goes once v2, which uses it, is gone. */
serve({ version: 'v7', queries: queriesWithOrderNotes });
