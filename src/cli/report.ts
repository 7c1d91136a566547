import { reportOn } from '../acts/report';
import { findWorkflow } from '../aws/workflow';
import type { Report } from '../domain/report';
import { print } from './print';
import { deploymentNamed } from './said';
import { UsageError } from './usage-error';

interface ReportOptions {
  deployment: string;
  workflow: string;
  format: 'text' | 'json' | 'markdown' | 'html';
  json?: true;
  url?: true;
}

/** The address of a page lasts as long, where the credentials do. */
const URL_SECONDS = 3600;

/** Each form is loaded when it is asked for. */
const FORMS: Record<ReportOptions['format'], () => Promise<(report: Report) => string>> = {
  text: async () => (await import('../domain/report/text.ts')).reportText,
  json: async () => (report) => JSON.stringify(report, null, 2),
  markdown: async () => (await import('../domain/report/markdown.ts')).reportMarkdown,
  html: async () => (await import('../domain/report/html.ts')).reportHtml,
};

export async function report({
  deployment: named,
  workflow: stack,
  ...form
}: ReportOptions): Promise<number> {
  const deployment = deploymentNamed(named);
  const workflow = await findWorkflow(stack);
  if (form.url) {
    if (form.json || form.format !== 'text')
      throw new UsageError('expected --url or a format, received both; the page that is stored is HTML');
    if (!workflow.reports)
      throw new Error(
        `the workflow ${stack} leaves no reports; deploy its stack with this version of Greenlight, or leave out --url`,
      );
    print(await (await import('../aws/reports.ts')).reportLink(workflow, deployment, URL_SECONDS));
    return 0;
  }
  const told = await reportOn(workflow, deployment);
  if (!told)
    throw new Error(
      `the journal of ${stack} (${workflow.table}) has nothing of ${JSON.stringify(deployment)}; the name of a deployment is that of its execution`,
    );
  const formed = await FORMS[form.json ? 'json' : form.format]();
  print(formed(told));
  return 0;
}
