/** Paints text for a terminal, or leaves it alone. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  blue(text: string): string;
  yellow(text: string): string;
}

const style = (enabled: boolean, on: number, off: number) => (text: string) =>
  enabled ? `\x1b[${on}m${text}\x1b[${off}m` : text;

export const paint = (enabled: boolean): Paint => ({
  bold: style(enabled, 1, 22),
  dim: style(enabled, 2, 22),
  red: style(enabled, 31, 39),
  green: style(enabled, 32, 39),
  blue: style(enabled, 34, 39),
  yellow: style(enabled, 33, 39),
});

/** Colours are for people at a terminal who did not decline them (https://no-color.org). */
export const wantsColour = (stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv) =>
  Boolean(stream.isTTY) && !environment.NO_COLOR && environment.TERM !== 'dumb';
