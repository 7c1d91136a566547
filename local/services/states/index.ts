import { randomUUID } from 'node:crypto';
import {
  InvalidArn,
  MissingRequiredParameter,
  type SFN,
  StateMachineDoesNotExist,
  ValidationException,
} from '@aws-sdk/client-sfn';
import { arn } from '../../names';
import type { Operations, ResourceMaker, Service } from '../../service';
import { describedExecution, describedMachine, listedExecution, listedMachine } from './descriptions';
import { type ExecutionDependencies, Executions } from './executions';
import { historyPage } from './history';
import { page } from './pages';
import { startRequest } from './start-request';
import { type ObjectOf, refusalOf, revised, type StateMachine, stateMachineOf } from './state-machine';
import { taskTokenOperations } from './task-tokens';
import { machineOfState, resultOf } from './test-state';

export type { MayInvoke } from './lambda-task';

const $metadata = {};

export interface States extends Service {
  /** For EventBridge targets: starts an execution with a name of its own and this JSON text as input. */
  startExecution(stateMachineArn: string, input: string): Promise<void>;
  /** The ARN of the state machine that gave out a task token. */
  machineOf(taskToken: string): string | undefined;
}

interface StatesDependencies extends ExecutionDependencies {
  /** Where definitions are that are no part of their template. */
  objectOf?: ObjectOf;
}

/** Step Functions, Standard workflows whose tasks are Lambda functions; everything else is refused by name. */
export function createStates({ objectOf = () => undefined, ...deps }: StatesDependencies): States {
  const machines = new Map<string, StateMachine>();
  const executions = new Executions(deps);

  /** A state machine by its ARN, with or without a version or alias behind it. */
  function machineOf(stateMachineArn = ''): StateMachine {
    if (!/^arn:aws:states:[^:]+:\d+:stateMachine:.+/.test(stateMachineArn)) {
      throw new InvalidArn({ message: `Invalid Arn: '${stateMachineArn}'`, $metadata });
    }
    const machine = machines.get(stateMachineArn.split(':').slice(0, 7).join(':'));
    if (machine) return machine;
    throw new StateMachineDoesNotExist({
      message: `State Machine Does Not Exist: '${stateMachineArn}'`,
      $metadata,
    });
  }

  const newestFirst = () => [...executions.records.values()].reverse();

  const operations: Operations<SFN> = {
    StartExecution(request) {
      const record = executions.start(machineOf(request.stateMachineArn), request);
      return { executionArn: record.arn, startDate: new Date(record.startedAt) };
    },
    DescribeExecution: ({ executionArn }) =>
      describedExecution(executions.find(executionArn), deps.clock.now()),
    async StopExecution({ executionArn, error, cause }) {
      const record = executions.find(executionArn);
      if (record.status === 'RUNNING') record.execution.stop(error, cause);
      await record.ended;
      return { stopDate: new Date(record.stoppedAt!) };
    },
    ListExecutions(request) {
      const machine = machineOf(request.stateMachineArn);
      const wanted = newestFirst().filter(
        (record) =>
          record.machine.arn === machine.arn &&
          (request.statusFilter === undefined || record.status === request.statusFilter),
      );
      const { items, nextToken } = page(wanted, request);
      return { executions: items.map(listedExecution), nextToken };
    },
    GetExecutionHistory: (request) =>
      historyPage(executions.find(request.executionArn).execution.history, request),
    RedriveExecution({ executionArn, clientToken }) {
      const record = executions.find(executionArn);
      executions.redrive(record, clientToken);
      return { redriveDate: new Date(record.redrive!.at) };
    },
    DescribeStateMachine: ({ stateMachineArn }) => describedMachine(machineOf(stateMachineArn)),
    DescribeStateMachineForExecution({ executionArn }) {
      const { machine } = executions.find(executionArn);
      const { creationDate: _, status: __, type: ___, ...described } = describedMachine(machine);
      return { ...described, updateDate: new Date(machine.updatedAt) };
    },
    /** Executions that run keep what they began with; on AWS, so may those that are started within a few seconds. */
    UpdateStateMachine({ stateMachineArn, definition, roleArn, publish }) {
      const machine = machineOf(stateMachineArn);
      if (definition === undefined && roleArn === undefined) {
        const message = 'Either the definition, the role ARN, or both must be specified';
        throw new MissingRequiredParameter({ message, $metadata });
      }
      if (publish) {
        const message = 'versions of state machines are not served locally; leave publish out';
        throw new ValidationException({ message, $metadata });
      }
      const change = { text: definition ?? machine.text, roleArn: roleArn ?? machine.roleArn };
      const updated = revised(machine, change, deps.clock.now());
      machines.set(updated.arn, updated);
      return { updateDate: new Date(updated.updatedAt), revisionId: updated.revisionId };
    },
    async TestState(request) {
      const { definition, state } = machineOfState(request);
      const { value } = startRequest({ stateMachineArn: undefined, input: request.input });
      const name = randomUUID();
      const ground = { arn: arn('states', `stateMachine:${name}`), name, createdAt: deps.clock.now() };
      const change = { text: JSON.stringify(definition), roleArn: request.roleArn ?? '' };
      const { events, outcome } = await executions.tryOut(revised(ground, change, deps.clock.now()), value);
      return resultOf(state, events, outcome);
    },
    ListStateMachines(request) {
      const { items, nextToken } = page([...machines.values()], request);
      return { stateMachines: items.map(listedMachine), nextToken };
    },
    ...taskTokenOperations(() => executions.records.values(), executions.issuedTokens),
  };

  const declareStateMachine: ResourceMaker = (properties, { name }) => {
    const declared = stateMachineOf(properties, name, deps.clock.now(), objectOf);
    const { createdAt } = machines.get(declared.arn) ?? declared;
    const machine = { ...declared, createdAt };
    machines.set(machine.arn, machine);
    const attributes = { Arn: machine.arn, Name: machine.name, StateMachineRevisionId: machine.revisionId };
    return { ref: machine.arn, attributes };
  };

  return {
    signingName: 'states',
    operations,
    resources: { 'AWS::StepFunctions::StateMachine': declareStateMachine },
    updates: { 'AWS::StepFunctions::StateMachine': declareStateMachine },
    refusals: { 'AWS::StepFunctions::StateMachine': refusalOf },
    live: {
      'AWS::StepFunctions::StateMachine': (ref) => {
        const machine = machines.get(ref);
        return machine && { RoleArn: machine.roleArn, DefinitionString: machine.text };
      },
    },
    // executions that run go on to their end
    removals: { 'AWS::StepFunctions::StateMachine': (ref) => void machines.delete(ref) },
    async startExecution(stateMachineArn, input) {
      executions.start(machineOf(stateMachineArn), { stateMachineArn, input });
    },
    machineOf: (token) => executions.issuedTokens.get(token),
    close: () => executions.close(),
  };
}
