import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** The primary keys of items, from the tables' key schemas, which are asked for once. */
export class Keys {
  private readonly schemas = new Map<string, string[]>();

  async of(client: DynamoDB, table: string, item: Item): Promise<Item> {
    let names = this.schemas.get(table);
    if (!names) {
      const { Table } = await client.describeTable({ TableName: table });
      names = Table!.KeySchema!.map(({ AttributeName }) => AttributeName!);
      this.schemas.set(table, names);
    }
    return Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]!]));
  }

  forget(table: string): void {
    this.schemas.delete(table);
  }
}

/** The stored item of a key, or undefined. */
export async function read(client: DynamoDB, table: string, key: Item): Promise<Item | undefined> {
  const { Item } = await client.getItem({ TableName: table, Key: key, ConsistentRead: true });
  return Item;
}
