import { escaped } from '../text/html';
import { type Answer, answerText, type Question } from './question';

/** An answer of a function URL. Source: AWS Lambda Developer Guide, "Invoking function URLs", response payload format. */
export interface Page {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** No script runs, nothing is loaded, nobody frames it, and the link with its secret leaves neither by cache nor by referrer. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
li { overflow-wrap: anywhere }
label, button { display: block; margin: 1rem 0 }
input { width: 100%; font: inherit; padding: .3rem }
button { font: inherit; padding: .3rem 1rem }`;

function page(statusCode: number, title: string, content: string): Page {
  const body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1>
${content}
</body>
</html>
`;
  return { statusCode, headers: { ...HEADERS }, body };
}

const list = (lines: string[]) => `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('\n')}</ul>`;

/** What is asked, and a form that is sent to the address it came from. */
export const formPage = (statusCode: number, { title, lines }: Question, problem = ''): Page =>
  page(
    statusCode,
    title,
    `${list(lines)}
${problem && `<p role="alert">${escaped(problem)}</p>`}
<form method="post">
<label>Your name <input name="by" required maxlength="200" autocomplete="name"></label>
<label>Why <input name="reason" required maxlength="500"></label>
<button name="answer" value="approve">Yes</button>
<button name="answer" value="reject">No</button>
</form>`,
  );

/** A question with the answer that stands. */
export const closedPage = (statusCode: number, { title }: Question, answer: Answer): Page =>
  page(statusCode, title, `<p>${escaped(answerText(answer))} (${escaped(answer.at)})</p>`);

export const plainPage = (statusCode: number, text: string): Page =>
  page(statusCode, 'Greenlight', `<p>${escaped(text)}</p>`);
