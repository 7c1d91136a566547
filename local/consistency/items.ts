import type { Ask, Kind, Read, Shape, Write } from './kind';

const keyOf = (table: string, key: Shape, names: readonly string[]) =>
  JSON.stringify([table, ...names.map((name) => key[name])]);

const isPartial = ({ ProjectionExpression, AttributesToGet, Select }: Shape) =>
  (ProjectionExpression ?? AttributesToGet ?? Select) !== undefined;

/**
 * Items of DynamoDB. A read that wants but attributes of them, one of an index, and one of many keys are answered as things
 * stand; so is `ConsistentRead`, which DynamoDB promises.
 */
export function items(): Pick<Kind, 'reads' | 'writes'> {
  /** What items are known by, of the tables that were written to: of another one nothing lags. */
  const names = new Map<string, string[]>();

  async function before(TableName: string, keyed: Shape, ask: Ask) {
    if (!names.has(TableName)) {
      const { Table } = await ask('DescribeTable', { TableName });
      names.set(
        TableName,
        Table.KeySchema.map(({ AttributeName }: Shape) => AttributeName),
      );
    }
    const known = names.get(TableName)!;
    const Key = Object.fromEntries(known.map((name) => [name, keyed[name]]));
    const { Item } = await ask('GetItem', { TableName, Key, ConsistentRead: true });
    return [keyOf(TableName, Key, known), Item] as const;
  }
  const one = (member: string): Write => ({
    before: async (input, ask) => [await before(input.TableName, input[member], ask)],
  });

  const key: Read['key'] = (item, { TableName }) => keyOf(TableName, item, names.get(TableName) ?? []);
  const isConsistent = (input: Shape) => input.ConsistentRead === true || isPartial(input);
  const get: Read = {
    shown: ({ Item }) => (Item ? [Item] : []),
    showing: ([Item], { Item: _, ...output }) => ({ ...output, ...(Item && { Item }) }),
    key,
    concerns: (_, { TableName, Key }, gone) => gone === keyOf(TableName, Key, names.get(TableName) ?? []),
    isConsistent,
  };
  const many: Read = {
    shown: ({ Items }) => Items ?? [],
    showing: (Items, output) => ({ ...output, Items, Count: Items.length }),
    key,
    isConsistent: (input) => isConsistent(input) || input.IndexName !== undefined,
  };
  return {
    reads: { GetItem: get, Query: many, Scan: many },
    writes: {
      PutItem: one('Item'),
      UpdateItem: one('Key'),
      DeleteItem: one('Key'),
      BatchWriteItem: {
        before: ({ RequestItems }, ask) =>
          Promise.all(
            Object.entries<Shape[]>(RequestItems).flatMap(([table, requests]) =>
              requests.map(({ PutRequest, DeleteRequest }) =>
                before(table, PutRequest?.Item ?? DeleteRequest.Key, ask),
              ),
            ),
          ),
      },
      TransactWriteItems: {
        before: ({ TransactItems }, ask) =>
          Promise.all(
            TransactItems.flatMap(({ Put, Update, Delete }: Shape) => {
              const write = Put ?? Update ?? Delete;
              return write ? [before(write.TableName, write.Item ?? write.Key, ask)] : [];
            }),
          ),
      },
    },
  };
}
