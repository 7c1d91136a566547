/** A kind of resources that reads show later than writes have made or changed them. All shapes are the API's own. */

// biome-ignore lint/suspicious/noExplicitAny: one shape per operation
export type Shape = any;

/** Asks the service itself, which always knows how things stand. */
export type Ask = (operation: string, input: Shape) => Promise<Shape>;

export interface Read {
  /** What an answer shows. */
  shown(output: Shape, input: Shape): Shape[];
  /** The answer when it shows these instead; `missing` are the keys of those that are not there yet. Throws where AWS does. */
  showing(shown: Shape[], output: Shape, input: Shape, missing: readonly string[]): Shape;
  key(entity: Shape, input: Shape): string;
  /** Whether the question is about this one, which is gone: it is then shown as it was. Never, without. */
  concerns?(entity: Shape, input: Shape, key: string): boolean;
  /** A question that is answered as things stand. */
  isConsistent?(input: Shape): boolean;
}

export interface Write {
  /** What it is about to change, by key, as it stands before; undefined for what is not there. */
  before?(input: Shape, ask: Ask): Promise<(readonly [key: string, entity: Shape])[]>;
  /** The keys of what it has made. */
  made?(output: Shape): string[];
}

export interface Kind {
  /** The service's signing name. */
  service: string;
  /** For how long reads may be behind, in ms of cloud time. */
  lagMs: number;
  reads: Readonly<Record<string, Read>>;
  writes: Readonly<Record<string, Write>>;
}

/** An answer with a list of whole entities. */
export const listed = (list: string, key: Read['key'], more: Partial<Read> = {}): Read => ({
  shown: (output) => output[list] ?? [],
  showing: (shown, output) => ({ ...output, [list]: shown }),
  key,
  ...more,
});

/** What a read shows of things, before a write changes them. */
export const seen =
  (operation: string, { shown, key }: Read, question: (input: Shape) => Shape): Write['before'] =>
  async (input, ask) => {
    const asked = question(input);
    return shown(await ask(operation, asked), asked).map((entity) => [key(entity, asked), entity] as const);
  };
