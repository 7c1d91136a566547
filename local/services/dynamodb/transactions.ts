import { createHash } from 'node:crypto';
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  type DynamoDB,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  type TransactGetItemsInput,
  TransactionCanceledException,
  type TransactWriteItem,
  type TransactWriteItemsInput,
} from '@aws-sdk/client-dynamodb';
import { type Item, type Keys, read } from './keys';

const $metadata = {};
const MOST_ACTIONS = 100;
/** How many client tokens are remembered; on AWS each lasts ten minutes. */
const TOKENS = 1_000;

/** One action of a transaction, ready to run. */
interface Step {
  table: string;
  key: Item;
  before: Item | undefined;
  run(): Promise<unknown>;
  /** A check that passes leaves the item as it was; it may have created an empty one. */
  checkOnly: boolean;
  returnItem: boolean;
}

const invalid = (message: string) =>
  new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata });

function onlyAction(action: TransactWriteItem): TransactWriteItem {
  if (Object.values(action).filter(Boolean).length === 1) return action;
  throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
}

/**
 * TransactWriteItems and TransactGetItems, which dynalite lacks. The caller guarantees that nothing else uses the
 * store meanwhile: actions run one after the other, and are all undone when one of their conditions fails.
 */
export class Transactions {
  private readonly tokens = new Map<string, string>();

  constructor(private readonly keys: Keys) {}

  async get(client: DynamoDB, { TransactItems = [] }: TransactGetItemsInput) {
    const Responses = [];
    for (const { Get } of TransactItems) Responses.push({ Item: (await client.getItem(Get!)).Item });
    return { Responses };
  }

  async write(client: DynamoDB, input: TransactWriteItemsInput): Promise<Record<string, never>> {
    const { TransactItems = [], ClientRequestToken } = input;
    if (TransactItems.length === 0 || TransactItems.length > MOST_ACTIONS)
      throw invalid(`Member must have length between 1 and ${MOST_ACTIONS}: transactItems`);
    if (ClientRequestToken && this.known(ClientRequestToken, TransactItems)) return {};
    const steps: Step[] = [];
    for (const action of TransactItems) steps.push(await this.step(client, onlyAction(action)));
    const places = steps.map(({ table, key }) => JSON.stringify([table, key]));
    if (new Set(places).size < places.length)
      throw invalid('Transaction request cannot include multiple operations on one item');
    await this.run(client, steps);
    if (ClientRequestToken) this.remember(ClientRequestToken, TransactItems);
    return {};
  }

  private async run(client: DynamoDB, steps: readonly Step[]): Promise<void> {
    const done: Step[] = [];
    const reasons: CancellationReason[] = [];
    try {
      for (const step of steps) reasons.push(await attempt(step, done));
    } catch (error) {
      await undo(client, done);
      throw error;
    }
    if (reasons.every(({ Code }) => Code === 'None')) {
      await undo(
        client,
        done.filter(({ checkOnly }) => checkOnly),
      );
      return;
    }
    await undo(client, done);
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new TransactionCanceledException({
      message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      CancellationReasons: reasons,
      $metadata,
    });
  }

  private async step(client: DynamoDB, action: TransactWriteItem): Promise<Step> {
    const { ConditionCheck, Put, Delete, Update } = action;
    const any = (ConditionCheck ?? Put ?? Delete ?? Update)!;
    const table = any.TableName!;
    const key = Put ? await this.keys.of(client, table, Put.Item!) : (any as { Key: Item }).Key;
    const { ReturnValuesOnConditionCheckFailure: returned, ...request } = any;
    const run = () => {
      if (Put) return client.putItem({ ...request, Item: Put.Item });
      if (Delete) return client.deleteItem({ ...request, Key: key });
      return client.updateItem({ ...request, Key: key });
    };
    const before = await read(client, table, key);
    return { table, key, before, run, checkOnly: !!ConditionCheck, returnItem: returned === 'ALL_OLD' };
  }

  private known(token: string, actions: readonly TransactWriteItem[]): boolean {
    const digest = this.tokens.get(token);
    if (digest === undefined) return false;
    if (digest === digestOf(actions)) return true;
    throw new IdempotentParameterMismatchException({
      Message: 'The request parameters differ from those of the first call with this token',
      message: 'The request parameters differ from those of the first call with this token',
      $metadata,
    });
  }

  private remember(token: string, actions: readonly TransactWriteItem[]): void {
    this.tokens.set(token, digestOf(actions));
    if (this.tokens.size > TOKENS) this.tokens.delete(this.tokens.keys().next().value!);
  }
}

const digestOf = (actions: readonly TransactWriteItem[]) =>
  createHash('sha256').update(JSON.stringify(actions)).digest('hex');

async function attempt(step: Step, done: Step[]): Promise<CancellationReason> {
  try {
    await step.run();
    done.push(step);
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      ...(step.returnItem && step.before && { Item: step.before }),
    };
  }
}

async function undo(client: DynamoDB, steps: readonly Step[]): Promise<void> {
  for (const { table, key, before } of steps) {
    if (before) await client.putItem({ TableName: table, Item: before });
    else await client.deleteItem({ TableName: table, Key: key });
  }
}
