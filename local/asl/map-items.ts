import { queryFault, runtimeFault } from './errors';
import type { Frame } from './frame';
import { partition } from './intrinsics';
import { expectType } from './jsonata';
import { query } from './jsonpath';
import { readNumber } from './map-limits';
import { fillTemplate } from './payload-template';
import type { MapItem } from './scope';
import { json } from './size';

/** The array a Map state goes over: Items, ItemsPath, or its input. */
export async function mapItems(frame: Frame, effective: unknown, isDistributed: boolean): Promise<unknown[]> {
  const items = await itemSource(frame, effective);
  if (Array.isArray(items)) return items;
  const { Items, ItemsPath } = frame.state;
  const isObject = items !== null && typeof items === 'object';
  if (isDistributed && isObject) return Object.entries(items).map(([Key, Value]) => ({ Key, Value }));
  if (frame.usesJsonata && Items !== undefined) expectType(items, 'array', Items, 'Items');
  if (frame.usesJsonata) throw queryFault(`Map state input must be an array but was: ${json(items)}`);
  throw runtimeFault(`Reference path "${ItemsPath ?? '$'}" must point to array.`);
}

function itemSource(frame: Frame, effective: unknown): unknown {
  const { Items, ItemsPath } = frame.state;
  if (frame.usesJsonata) return Items === undefined ? frame.input : frame.evaluate(Items, 'Items');
  return ItemsPath === undefined ? effective : query(ItemsPath, frame.paths(effective), 'ItemsPath');
}

/** The input of one iteration: the item itself, or what ItemSelector (in old definitions Parameters) makes of it. */
export async function iterationInput(frame: Frame, effective: unknown, item: MapItem): Promise<unknown> {
  const selector = frame.state.ItemSelector ?? frame.state.Parameters;
  if (selector === undefined) return item.Value;
  if (frame.usesJsonata) return frame.evaluate(selector, 'ItemSelector', undefined, item);
  return fillTemplate(selector, frame.paths(effective, item));
}

/** The inputs grouped as ItemBatcher says: `{BatchInput?, Items}` for each batch. */
export async function batchInputs(frame: Frame, effective: unknown, inputs: unknown[]): Promise<unknown[]> {
  const { MaxItemsPerBatch, MaxItemsPerBatchPath, BatchInput } = frame.state.ItemBatcher!;
  const size = await readNumber(frame, 'MaxItemsPerBatch', effective, {
    literal: MaxItemsPerBatch,
    path: MaxItemsPerBatchPath,
  });
  if (size === 0) throw runtimeFault('MaxItemsPerBatch must be greater than zero.');
  const shared =
    BatchInput === undefined ? {} : { BatchInput: await batchInput(frame, effective, BatchInput) };
  return partition(inputs, size ?? Math.max(1, inputs.length)).map((Items) => ({ ...shared, Items }));
}

function batchInput(frame: Frame, effective: unknown, template: unknown): unknown {
  if (frame.usesJsonata) return frame.evaluate(template, 'ItemBatcher/BatchInput');
  return fillTemplate(template, frame.paths(effective));
}
