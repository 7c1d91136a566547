import { en } from 'zod/locales';
import * as z from 'zod/mini';

/**
 * The language of zod's messages. `zod/mini` has none and calls every problem "Invalid input", while people read the
 * messages and `problemsOf` takes them apart; so whoever makes a schema gets this file by its imports. The locale comes by
 * its own name: `z.locales` would bring all sixty, 260 KB, into every function.
 */
z.config(en());
