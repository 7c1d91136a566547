import { escaped } from './html';

/** One line of text that is nothing but text. Source: GitHub Flavored Markdown Spec, 2.4 and 6.6. */
export const told = (text: string) =>
  // what is written for HTML has a # of its own
  escaped(text.replace(/[\\`*_{}[\]#|~]/g, '\\$&')).replaceAll(/\s*\n\s*/g, '<br>');
