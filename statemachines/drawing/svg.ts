import type { Box, Layout, Line } from './layout';
import { TITLE } from './layout';
import { signOf, type Trail } from './trail';

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

function path({ from, to, points, caught }: Line, trail: Trail | undefined): string {
  const taken = trail?.followed(from, to) ? ' taken' : '';
  return `<path class="${caught ? 'caught' : 'way'}${taken}" d="M${points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}" marker-end="url(#tip)"/>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Colours of a state by what it is; an end by how it ends. */
const kind = ({ state: { Type }, inside }: Box) => (inside ? 'phase' : Type.toLowerCase());

function box(one: Box, trail: Trail | undefined): string {
  const { name, state, x, y, width, height, inside } = one;
  const [left, top] = [round(x - width / 2), round(y - height / 2)];
  const mark = trail?.visits.get(name);
  const called = escaped(name + signOf(mark));
  const label = inside
    ? `<text x="${left + 10}" y="${top + 18}" class="title">${called}</text>`
    : `<text x="${round(x)}" y="${round(y + 4.5)}" text-anchor="middle">${called}</text>`;
  const shape = `<rect class="${[kind(one), ...(trail ? [mark?.look ?? 'idle'] : [])].join(' ')}" x="${left}" y="${top}" width="${round(width)}" height="${round(height)}" rx="${state.Type === 'Choice' ? 16 : 4}"/>`;
  const tip = state.Comment ? `<title>${escaped(state.Comment)}</title>` : '';
  const content = inside
    ? `<g transform="translate(${round(left + (width - inside.width) / 2)} ${top + TITLE})">${drawn(inside, trail)}</g>`
    : '';
  return `<g>${tip}${shape}${label}</g>${content}`;
}

const drawn = ({ boxes, lines }: Layout, trail: Trail | undefined): string =>
  [...boxes.map((one) => box(one, trail)), ...lines.map((line) => path(line, trail))].join('\n');

const COLOURS = `rect { fill: #fff; stroke: #5f6b7a; }
rect.ground { stroke: none; }
rect.phase { fill: #f6f8fa; stroke: #b4bbc4; }
rect.parallel, rect.task { fill: #eaf3ff; stroke: #0b64c4; }
rect.choice { fill: #fff8e1; stroke: #b27b00; }
rect.succeed { fill: #e6f6e8; stroke: #1a7f37; }
rect.fail { fill: #fdecea; stroke: #b42318; }
text { fill: #1f2328; }
text.title { font-weight: 600; }
path { fill: none; stroke: #5f6b7a; }
path.caught { stroke: #b42318; stroke-dasharray: 4 3; }
path.tip { fill: #5f6b7a; stroke: none; }
`;

/** Colours of states that an execution was in, and of those that it was not. */
const TRAIL = `rect.idle { fill: #fff; stroke: #d0d7de; }
rect.done { fill: #e6f6e8; stroke: #1a7f37; }
rect.caught { fill: #fff8e1; stroke: #b27b00; }
rect.running { fill: #eaf3ff; stroke: #0b64c4; stroke-width: 3; }
rect.failed { fill: #fdecea; stroke: #b42318; }
path { stroke: #d0d7de; }
path.taken { stroke: #1f2328; stroke-width: 2; }
`;

/** The picture without its colours, for a page that has its own and allows no other. */
export const plainSvgOf = (title: string, layout: Layout, trail?: Trail, colours = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${layout.height}" width="${layout.width}" height="${layout.height}" font-family="system-ui, sans-serif" font-size="13">
<title>${escaped(title)}</title>
${colours}<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="ground" width="100%" height="100%"/>
${drawn(layout, trail)}
</svg>
`;

/**
 * The picture of a machine; a browser shows each state's sentence where the pointer rests.
 * @param trail what an execution has done to it; left out, the machine alone
 */
export const svgOf = (title: string, layout: Layout, trail?: Trail): string =>
  plainSvgOf(title, layout, trail, `<style>\n${COLOURS}${trail ? TRAIL : ''}</style>\n`);
