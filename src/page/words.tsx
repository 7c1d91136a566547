import type { ComponentChildren } from 'preact';
import type { Verdict } from '../domain/page/evidence';

/** `10:15:02`, as the journal has it, in UTC. */
export const time = (iso: string) => iso.slice(11, 19);
export const day = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** Signs beside words: colours alone do not reach everybody. */
const SIGNS: Record<string, string> = {
  healthy: '✓',
  succeeded: '✓',
  applied: '✓',
  done: '✓',
  unhealthy: '✗',
  failed: '✗',
  undecided: '?',
  running: '…',
  now: '…',
};
export const Said = ({ word }: { word: Verdict | string }) => (
  <span class={`said ${word.replaceAll(' ', '-')}`}>
    <span aria-hidden="true">{SIGNS[word] ?? '·'}</span> {word}
  </span>
);

/** A part of the page with its heading. */
export const Part = ({ id, title, children }: { id: string; title: string; children: ComponentChildren }) => (
  <section aria-labelledby={`${id}-title`} id={id}>
    <h2 id={`${id}-title`}>{title}</h2>
    {children}
  </section>
);

/** A table that scrolls by itself, also by the keyboard. */
export const Table = ({
  caption,
  heads,
  children,
}: {
  caption: string;
  heads: readonly string[];
  children: ComponentChildren;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
  <section class="scrolls" tabIndex={0} aria-label={caption}>
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </section>
);
