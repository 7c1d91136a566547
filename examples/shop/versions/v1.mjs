import { queries } from '../src/queries.mjs';
import { serve } from '../src/serve.mjs';

serve({ version: 'v1', queries });
