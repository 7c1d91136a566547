import { SaxesParser } from 'saxes';

/** A report's page as a reader of its elements sees it. */
export interface Parsed {
  /** Names of all elements. */
  elements: Set<string>;
  attributes: Set<string>;
  /** The text of each element that has this name, or this class, in the page's order. */
  texts(what: string): string[];
  links: string[];
}

/** @throws Error for a page that is not well-formed: something in it was taken for a mark */
export function parsed(page: string): Parsed {
  const seen: { name: string; className: string; text: string }[] = [];
  const open: typeof seen = [];
  const [elements, attributes, links]: [Set<string>, Set<string>, string[]] = [new Set(), new Set(), []];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes: own }) => {
    const one = { name, className: String(own.class ?? ''), text: '' };
    seen.push(one);
    open.push(one);
    elements.add(name);
    for (const attribute of Object.keys(own)) attributes.add(attribute);
    if (name === 'a') links.push(String(own.href));
  });
  parser.on('text', (text) => {
    for (const one of open) one.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(page.replace('<!doctype html>', '')).close();
  return {
    elements,
    attributes,
    links,
    texts: (what) =>
      seen.filter(({ name, className }) => name === what || className === what).map(({ text }) => text),
  };
}
