import { SaxesParser } from 'saxes';
import type { Element } from './tree';

const lines = (text: string) => text.split('\n').length - 1;

/** The elements of an XML changelog, without the prefixes of their namespaces. Throws for what is no XML. */
export function readXml(source: string): Element {
  const parser = new SaxesParser({ position: true });
  const root: Element = { name: '', attributes: {}, children: [], text: '', line: 1 };
  const open = [root];
  /** Where the text that is being read began. */
  let begun = 1;
  const add = (text: string, line: number) => {
    const element = open.at(-1)!;
    const first = element.text === '';
    // blanks between elements are no text, but keep what follows them on its line
    if (first && text.trim() === '') return;
    if (first) element.line = line;
    element.text += text;
  };
  parser.on('opentag', ({ name, attributes }) => {
    const element = {
      name: name.replace(/^.*:/, ''),
      attributes: attributes as Record<string, string>,
      children: [],
      text: '',
      line: parser.line,
    };
    open.at(-1)!.children.push(element);
    open.push(element);
    begun = parser.line;
  });
  parser.on('closetag', () => {
    open.pop();
    begun = parser.line;
  });
  parser.on('comment', () => {
    begun = parser.line;
  });
  parser.on('text', (text) => add(text, begun));
  parser.on('cdata', (text) => {
    add(text, parser.line - lines(text));
    begun = parser.line;
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(source).close();
  return root.children[0]!;
}
