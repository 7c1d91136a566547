import type { Definition, State } from '../expand';
import { waysOf } from './layout';
import { signOf, type Trail } from './trail';

type Machine = Pick<Definition, 'States' | 'StartAt'>;

const quoted = (text: string) => `"${text.replaceAll('"', '#quot;')}"`;

const STYLES = `  classDef done fill:#e6f6e8,stroke:#1a7f37,color:#1f2328
  classDef caught fill:#fff8e1,stroke:#b27b00,color:#1f2328
  classDef running fill:#eaf3ff,stroke:#0b64c4,stroke-width:3px,color:#1f2328
  classDef failed fill:#fdecea,stroke:#b42318,color:#1f2328`;

/**
 * A machine as a flowchart of Mermaid, which GitHub and GitLab draw.
 * @param open whether phases show what stands in them
 * @param trail what an execution has done to it; left out, the machine alone
 */
export function mermaidOf(machine: Machine, open: boolean, trail?: Trail): string {
  // names of states may be words of Mermaid, such as `end`
  const ids = new Map<string, string>();
  const idOf = (name: string) => ids.get(name) ?? ids.set(name, `s${ids.size}`).get(name)!;

  const node = (name: string, { Type, Branches }: State, indent: string): string[] => {
    const id = idOf(name);
    const label = quoted(name + signOf(trail?.visits.get(name)));
    const branch = open ? Branches?.[0] : undefined;
    if (branch) return [`${indent}subgraph ${id}[${label}]`, ...lines(branch, `${indent}  `), `${indent}end`];
    return [`${indent}${id}${Type === 'Choice' ? `{${label}}` : `[${label}]`}`];
  };
  const lines = ({ States }: Machine, indent: string): string[] => [
    ...Object.entries(States).flatMap(([name, state]) => node(name, state, indent)),
    ...Object.entries(States).flatMap(([name, state]) => {
      const arrows = new Map<string, string>();
      // what an error takes as well as a decision is drawn once, as the decision
      for (const { to, caught } of waysOf(state)) {
        const arrow = caught ? '-.->' : trail?.followed(name, to) ? '==>' : '-->';
        if (!caught || !arrows.has(to)) arrows.set(to, arrow);
      }
      return [...arrows].map(([to, arrow]) => `${indent}${idOf(name)} ${arrow} ${idOf(to)}`);
    }),
  ];
  const drawn = lines(machine, '  ');
  const marked = [...ids].flatMap(([name, id]) => {
    const mark = trail?.visits.get(name);
    return mark ? [`  class ${id} ${mark.look}`] : [];
  });
  return ['flowchart TB', ...drawn, ...(marked.length > 0 ? [STYLES, ...marked] : []), ''].join('\n');
}
