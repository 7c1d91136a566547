import type { Make } from './place';
import { alter } from './tables';

export const chains: Record<string, Make> = {
  'select into': ({ table }) => `SELECT * INTO public.fresh_copy FROM ${table.sql}`,
  'safe not null': (place) => {
    if (place.column.notNull || place.column.kind.id === 'text' || place.column.generated) return undefined;
    const name = 'fresh_known';
    const [add, validate] = [
      `ADD CONSTRAINT ${name} CHECK (${place.c} IS NOT NULL) NOT VALID`,
      `VALIDATE CONSTRAINT ${name}`,
    ];
    const ends = place.chance.pick([
      [`ALTER COLUMN ${place.c} SET NOT NULL`, `DROP CONSTRAINT ${name}`],
      [`ALTER COLUMN ${place.c} SET NOT NULL, DROP CONSTRAINT ${name}`],
    ]);
    return [add, validate, ...ends].map((part) => alter(part, place)!);
  },
  'not null taken back': (place) =>
    place.column.notNull &&
    !place.table.primary?.columns.includes(place.column.name) &&
    !place.column.numbered
      ? [`ALTER COLUMN ${place.c} DROP NOT NULL`, `ALTER COLUMN ${place.c} SET NOT NULL`].map(
          (part) => alter(part, place)!,
        )
      : undefined,
};
