import { randomBytes } from 'node:crypto';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Answer, Question, QuestionName } from '../domain/approval/question';
import { AlreadyAnswered } from '../domain/step/errors';
import type { Port } from '../domain/step/port';
import { hashOf } from './secret';
import { attributes, beaten, itemsOf, ofDeployment } from './table';

/**
 * Questions to people and their answers, beside the journal's rows. Keys: `pk` = `deployment#<id>`,
 * `sk` = `question#<name>`. The row decides: the first answer written to it stands, and the task token only wakes the
 * execution, which then reads the row. The row holds the token and the SHA-256 of the link's secret: whoever may read
 * the table may answer.
 */
export interface Asking {
  /**
   * Stores the question and makes the link that answers it, empty where the workflow has no page; asked again, by a retry with a new token, the newer token
   * and link count. Throws AlreadyAnswered when the answer was faster than the retry.
   */
  ask(question: Question, token: string): Promise<{ link: string; workflow: string }>;
}

export interface StoredQuestion {
  question: Question;
  token: string;
  secretHash: string;
  answer?: Answer;
}

export interface Settling {
  /** Writes the answer unless there is one; resolves with the one that stands. */
  settle(deployment: string, name: QuestionName, answer: Answer): Promise<Answer>;
}

export interface Answering {
  /** The questions of a deployment, answered or not. */
  questions(deployment: string): Promise<StoredQuestion[]>;
  /**
   * Answers, unless somebody already has, and wakes the execution with the answer that stands. Answered twice it is
   * woken twice, which is harmless: the first call may have died before it could. `waiting`: the execution took it.
   */
  answer(question: StoredQuestion, answer: Answer): Promise<{ stands: Answer; waiting: boolean }>;
}

/** 256 bits, which nobody guesses. */
const SECRET_BYTES = 32;

/** Writes to the question's row unless it is answered; false when it is. */
async function update(
  db: DynamoDBClient,
  table: string,
  at: { deployment: string; name: QuestionName },
  values: Record<string, string>,
): Promise<boolean> {
  const names = Object.keys(values);
  try {
    await db.send(
      new UpdateItemCommand({
        TableName: table,
        Key: attributes(ofDeployment(at.deployment, `question#${at.name}`)),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: 'attribute_not_exists(#answer)',
        ExpressionAttributeNames: Object.fromEntries(
          [...new Set([...names, 'answer'])].map((name) => [`#${name}`, name]),
        ),
        ExpressionAttributeValues: attributes(
          Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
        ),
      }),
    );
    return true;
  } catch (error) {
    if (!beaten(error)) throw error;
    return false;
  }
}

async function read(client: DynamoDBClient, table: string, deployment: string): Promise<StoredQuestion[]> {
  const items = await itemsOf(client, table, deployment, 'question#');
  // a question that was only ever answered, by a time-out before it could be stored, was never asked
  return items
    .filter(({ question }) => question !== undefined)
    .map(({ question, token = '', secretHash = '', answer }) => ({
      question: JSON.parse(String(question)),
      token: String(token),
      secretHash: String(secretHash),
      answer: answer === undefined ? undefined : JSON.parse(String(answer)),
    }));
}

async function settle(
  db: DynamoDBClient,
  table: string,
  at: { deployment: string; name: QuestionName },
  answer: Answer,
): Promise<Answer> {
  if (await update(db, table, at, { answer: JSON.stringify(answer) })) return answer;
  const standing = (await read(db, table, at.deployment)).find(({ question }) => question.name === at.name);
  return standing?.answer ?? answer;
}

export const asking: Port<Asking> = {
  grants: [{ sid: 'Ask', actions: ['dynamodb:UpdateItem'], on: ['table'] }],
  open({ table, settingsPrefix, answers }) {
    const db = new DynamoDBClient({});
    return {
      async ask(question, token) {
        const secret = randomBytes(SECRET_BYTES).toString('base64url');
        const row = { question: JSON.stringify(question), token, secretHash: hashOf(secret) };
        if (!(await update(db, table, question, row)))
          throw new AlreadyAnswered(`the ${question.name} of ${question.deployment} is already answered`);
        const query = new URLSearchParams({
          deployment: question.deployment,
          question: question.name,
          key: secret,
        });
        return { link: answers && `${answers}?${query}`, workflow: settingsPrefix.split('/').at(-1) ?? '' };
      },
    };
  },
};

export const settling: Port<Settling> = {
  grants: [{ sid: 'Settle', actions: ['dynamodb:UpdateItem', 'dynamodb:Query'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return { settle: (deployment, name, answer) => settle(db, table, { deployment, name }, answer) };
  },
};

export const answering: Port<Answering> = {
  grants: [
    { sid: 'Answer', actions: ['dynamodb:UpdateItem', 'dynamodb:Query'], on: ['table'] },
    { sid: 'Wake', actions: ['states:SendTaskSuccess'], on: ['stateMachine'] },
  ],
  open({ table }) {
    const db = new DynamoDBClient({});
    const states = new SFNClient({});
    return {
      questions: (deployment) => read(db, table, deployment),
      async answer({ question, token }, answer) {
        const stands = await settle(db, table, question, answer);
        try {
          await states.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(stands) }));
          return { stands, waiting: true };
        } catch (error) {
          // the task was answered, timed out, or its execution ended
          if (!['TaskTimedOut', 'TaskDoesNotExist'].includes((error as Error).name)) throw error;
          return { stands, waiting: false };
        }
      },
    };
  },
};
