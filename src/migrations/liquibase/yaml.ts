import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';
import type { Element } from './tree';

/** In a folded or literal block the text begins below its sign. */
const lineOf = (node: Node, lines: LineCounter) => {
  const { line } = lines.linePos(node.range![0]);
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') ? line + 1 : line;
};

const textOf = (node: Scalar) => (node.value === null ? '' : String(node.value));

function elementOf(name: string, node: unknown, lines: LineCounter): Element {
  const element = {
    name,
    attributes: {} as Record<string, string>,
    children: [] as Element[],
    text: '',
    line: 1,
  };
  if (isScalar(node)) {
    element.text = textOf(node);
    element.line = lineOf(node as unknown as Node, lines);
  } else if (isSeq(node)) {
    element.line = lineOf(node as unknown as Node, lines);
    for (const item of node.items) take(element, item, lines);
  } else if (isMap(node)) {
    element.line = lineOf(node as unknown as Node, lines);
    take(element, node, lines);
  }
  return element;
}

/** A pair of a map: what is a plain value is an attribute, and an element of the same name as its text. */
function take(
  element: Element & { attributes: Record<string, string> },
  node: unknown,
  lines: LineCounter,
): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    const name = String((key as Scalar).value);
    if (isScalar(value) && name === element.name) {
      element.text = textOf(value);
      element.line = lineOf(value as unknown as Node, lines);
    } else if (isScalar(value) && name !== 'sql' && name !== 'rollback') {
      element.attributes[name] = textOf(value);
    } else if (name === 'changes') {
      for (const item of isSeq(value) ? value.items : [value]) take(element, item, lines);
    } else element.children.push(elementOf(name, value, lines));
  }
}

/** The elements of a changelog in YAML or JSON. Throws for what is neither. */
export function readYaml(source: string): Element {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw error;
  return elementOf('databaseChangeLog', document.get('databaseChangeLog', true), lines);
}
