import type { MessageAttributeValue, PublishInput } from '@aws-sdk/client-sns';
import { invalid } from './faults';
import type { Message } from './message';

/** Bytes of a message with its attributes (Amazon SNS Developer Guide, "Quotas"). */
const LARGEST = 262_144;
const ATTRIBUTE_NAME = /^(?!\.)(?!.*\.\.)(?!AWS\.|Amazon\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;

/** What there is to publish: a text for everybody, or one for each protocol. */
export type Publication = Pick<Message, 'message' | 'subject' | 'attributes' | 'byProtocol'>;

/** Reads a request to publish; throws InvalidParameterException for one that SNS refuses. */
export function publicationOf(request: Omit<PublishInput, 'TopicArn' | 'TargetArn'>): Publication {
  const { Message: message, Subject: subject, MessageStructure, MessageAttributes = {} } = request;
  if (!message) throw invalid('Empty message');
  if (subject !== undefined && !/^(?! )[\x20-\x7e]{1,99}$/.test(subject)) throw invalid('Subject');
  if (MessageStructure !== undefined && MessageStructure !== 'json')
    throw invalid(`MessageStructure Reason: ${MessageStructure} is not a valid message structure; use json`);
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, value]) => [name, attributeOf(name, value)]),
  );
  const sizes = Object.entries(attributes).map(([name, { Type, Value }]) =>
    Buffer.byteLength(name + Type + Value),
  );
  if (sizes.reduce((sum, size) => sum + size, Buffer.byteLength(message)) > LARGEST)
    throw invalid('Message too long');
  return {
    message,
    subject,
    attributes,
    ...(MessageStructure === 'json' && { byProtocol: messagesOf(message) }),
  };
}

/** `MessageStructure: json`: an object of texts by protocol, with one for all others. */
function messagesOf(message: string): Record<string, string> {
  let messages: unknown;
  try {
    messages = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const entries = Object.entries((messages ?? {}) as object);
  const byProtocol = Object.fromEntries(entries.filter(([, text]) => typeof text === 'string'));
  if (byProtocol.default === undefined)
    throw invalid('Message Structure - No default entry in JSON message body');
  return byProtocol;
}

function attributeOf(name: string, { DataType, StringValue, BinaryValue }: MessageAttributeValue) {
  if (!ATTRIBUTE_NAME.test(name)) throw invalid(`The message attribute name '${name}' is not valid`);
  const [kind] = DataType!.split('.');
  if (kind !== 'String' && kind !== 'Number' && kind !== 'Binary') {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const Value = kind === 'Binary' ? Buffer.from(BinaryValue ?? '').toString('base64') : StringValue;
  if (!Value) {
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${kind}'.`,
    );
  }
  if (kind === 'Number' && Number.isNaN(Number(Value)))
    throw invalid(`Could not cast message attribute '${name}' value to number.`);
  if (DataType === 'String.Array' && !isArray(Value))
    throw invalid(`The message attribute '${name}' of type String.Array is no JSON array`);
  return { Type: DataType!, Value };
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
