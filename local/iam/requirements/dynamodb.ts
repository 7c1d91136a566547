import { arn } from '../../names';
import type { Requirement, Row, Rows } from './requirement';

const tableArn = (table: string) => (table.startsWith('arn:') ? table : arn('dynamodb', `table/${table}`));

const on = (action: string, resources: readonly string[]): Requirement => ({
  action: `dynamodb:${action}`,
  resources,
});

const onTable =
  (action: string): Row =>
  (i) => [on(action, [tableArn(i.TableName)])];

/** Reading through an index is allowed on the index, not on the table. */
const onTableOrIndex =
  (action: string): Row =>
  (i) => [
    on(action, [i.IndexName ? `${tableArn(i.TableName)}/index/${i.IndexName}` : tableArn(i.TableName)]),
  ];

const onTables =
  (action: string): Row =>
  (i) => [on(action, Object.keys(i.RequestItems).map(tableArn))];

/** Transactions have no action of their own: each part needs the right of the single operation. */
const PARTS = {
  ConditionCheck: 'ConditionCheckItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
};

const transaction: Row = (i) =>
  i.TransactItems.flatMap((item: Record<string, { TableName: string } | undefined>) =>
    Object.entries(PARTS).flatMap(([part, action]) => {
      const table = item[part]?.TableName;
      return table ? [on(action, [tableArn(table)])] : [];
    }),
  );

const TABLE_OPERATIONS = [
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'PutItem',
  'UpdateItem',
  'UpdateTable',
  'UpdateTimeToLive',
];

export const dynamodb: Rows = {
  prefix: 'dynamodb',
  operations: {
    ...Object.fromEntries(TABLE_OPERATIONS.map((name) => [name, onTable(name)])),
    BatchGetItem: onTables('BatchGetItem'),
    BatchWriteItem: onTables('BatchWriteItem'),
    Query: onTableOrIndex('Query'),
    Scan: onTableOrIndex('Scan'),
    TransactGetItems: transaction,
    TransactWriteItems: transaction,
  },
};
