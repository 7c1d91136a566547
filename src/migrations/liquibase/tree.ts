/** An element of a changelog, whichever form it is written in. */
export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: Element[];
  /** Its own text, not that of its children. */
  text: string;
  /** Line at which the text begins, 1-based. */
  line: number;
}

export const childrenOf = ({ children }: Element, ...names: string[]) =>
  children.filter(({ name }) => names.includes(name));

export const isTrue = ({ attributes }: Element, name: string) => attributes[name] === 'true';
