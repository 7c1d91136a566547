import { testRequests } from '../../src/aws/smoke-tests';

/** Asks as the workflow does, in a process of its own: what it trusts is said when it starts. `ask.ts BASE [HOST]` */
async function main([base = '', host]: string[]) {
  const test = { path: '/version', status: 200, headers: { 'x-asked-by': 'a test' } };
  console.log(JSON.stringify(await testRequests.open({} as never).ask(base, test, host)));
}
void main(process.argv.slice(2));
