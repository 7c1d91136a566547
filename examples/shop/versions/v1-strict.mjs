import { knowsItsHistory } from '../src/history.mjs';
import { queries } from '../src/queries.mjs';
import { serve } from '../src/serve.mjs';

/** As v1, but it does not start on a database that a later version has migrated; once it runs it serves on it. */
serve({ version: 'v1-strict', queries, required: knowsItsHistory });
