import { told } from '../../text/markdown';
import { type Point, type State, TIMES } from './point';

const WORDS: Record<State, string> = { proven: '', 'not so': '**not so**: ', open: '', people: '*people*: ' };

/** A task of a list, ticked where it was proven. Source: GitHub Flavored Markdown Spec, 5.3. */
function task({ what, state, says }: Point): string {
  const why = says === '' ? '' : ` — ${told(says)}`;
  return `- [${state === 'proven' ? 'x' : ' '}] ${WORDS[state]}${told(what)}${why}`;
}

/** A checklist for a pull request, a ticket or a wiki. */
export function checklistMarkdown(points: readonly Point[]): string {
  const count = (state: State) => points.filter((point) => point.state === state).length;
  return [
    `${count('proven')} of ${points.length} proven, ${count('not so')} not so, ${count('open')} open, ${count('people')} for people`,
    ...TIMES.flatMap((at) => ['', `#### ${at}`, '', ...points.filter((point) => point.at === at).map(task)]),
  ].join('\n');
}
