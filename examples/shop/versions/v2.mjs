import { serve } from '../src/serve.mjs';
import { queriesWithNotes } from '../src/with-notes.mjs';

serve({ version: 'v2', queries: queriesWithNotes });
