export const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** Words as a sentence: a capital letter, and a full stop. */
export const sentence = (words: string): string => `${capital(words)}${/[.!?]$/.test(words) ? '' : '.'}`;

/** A text with something more: behind sentences in one of its own on a line of its own, else behind a semicolon. */
export const followedBy = (text: string, more: string): string =>
  text.endsWith('.') ? `${text}\n${sentence(more)}` : `${text}; ${more}`;
