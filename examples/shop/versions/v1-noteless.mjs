import { queries } from '../src/queries.mjs';
import { serve } from '../src/serve.mjs';

/** Starts on the column that v2 brings, but not on what v2's users write into it. */
async function hasNoNotes(database) {
  const { rows } = await database.query(
    "select id from orders where to_jsonb(orders) ->> 'note' is not null limit 1",
  );
  if (rows.length > 0) throw new Error(`order ${rows[0].id} has a member that this version does not know`);
}

serve({ version: 'v1-noteless', queries, required: hasNoNotes });
