import { constants } from 'node:os';
import { freePort } from '../../processes/ports';
import type { Image } from '../ecr';
import { writeLines } from './container-output';
import { watchHealth } from './health';
import { isChecked } from './health-check';
import { roleName } from './names';
import type { EcsParts } from './parts';
import type { Task, TaskContainer } from './task';

/** Why a task could not start; the message is the task's stoppedReason. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

function overrideOf(task: Task, container: TaskContainer) {
  return task.overrides.containerOverrides?.find(({ name }) => name === container.name);
}

/** Finds the image; the failure is worded as the container agent's. */
export function pull(container: TaskContainer, parts: EcsParts): Image {
  const reference = container.definition.image!;
  const image = parts.images.resolve(reference);
  if (image === undefined) {
    throw new StartFailure(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`,
    );
  }
  return image;
}

function secretsOf(container: TaskContainer, parts: EcsParts): Record<string, string> {
  try {
    return Object.fromEntries(
      (container.definition.secrets ?? []).map(({ name, valueFrom }) => [
        name,
        parts.secrets.value(valueFrom!),
      ]),
    );
  } catch (error) {
    throw new StartFailure(
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${(error as Error).message}`,
    );
  }
}

const pairs = (list: { name?: string; value?: string }[] | undefined) =>
  Object.fromEntries((list ?? []).map(({ name, value }) => [name!, value ?? '']));

/** What a process needs of the machine; nothing else of the cloud's own environment reaches a container. */
function machineEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '/', TMPDIR } = process.env;
  return TMPDIR === undefined ? { PATH, HOME } : { PATH, HOME, TMPDIR };
}

/** The access key id names the task's role, so that its calls are authorised as that role's. */
function credentials(task: Task): Record<string, string> {
  const role = task.overrides.taskRoleArn ?? task.definition.taskRoleArn;
  if (role === undefined) return {};
  return { AWS_ACCESS_KEY_ID: roleName(role), AWS_SECRET_ACCESS_KEY: 'local' };
}

async function environmentOf(task: Task, container: TaskContainer, image: Image, parts: EcsParts) {
  const port = container.definition.portMappings?.length ? await freePort() : undefined;
  if (port !== undefined) container.address = { id: '127.0.0.1', port };
  return {
    ...machineEnvironment(),
    ...image.environment,
    ...pairs(container.definition.environment),
    ...pairs(overrideOf(task, container)?.environment),
    ...secretsOf(container, parts),
    ...parts.environment(),
    ...credentials(task),
    // on AWS each task has an address of its own; here they share one, so each gets a port of its own
    ...(port === undefined ? {} : { PORT: String(port), HOST: '127.0.0.1' }),
  };
}

/** As in Docker: an entry point of the definition drops the image's command. */
function commandLine(task: Task, container: TaskContainer, image: Image): string[] {
  const { entryPoint, command } = container.definition;
  const own = overrideOf(task, container)?.command ?? command;
  const words = entryPoint?.length
    ? [...entryPoint, ...(own ?? [])]
    : [...image.entryPoint, ...(own?.length ? own : image.command)];
  return onThisMachine(words);
}

const onThisMachine = (words: string[]) =>
  words[0] === 'node' ? [process.execPath, ...words.slice(1)] : words;

/** A process ended by a signal has the exit code that a shell and Docker give it. */
const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null) =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/** What becomes of a container. */
interface Told {
  /** Called once, after its output is complete. */
  exited(): void;
  healthChanged(): void;
}

/**
 * Starts the container's process, and its health check. Throws StartFailure when it cannot be started; then the container
 * has no exit code.
 */
export async function startContainer(
  task: Task,
  container: TaskContainer,
  parts: EcsParts,
  { exited, healthChanged }: Told,
) {
  const image = container.image!;
  const env = await environmentOf(task, container, image, parts);
  // stopped while the port was looked for: nothing may be started any more
  if (task.desiredStatus === 'STOPPED') return;
  const [command, ...args] = commandLine(task, container, image);
  const child = parts.processes.spawn(command!, args, {
    cwd: image.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  container.process = child;
  if (child.pid !== undefined) container.runtimeId = String(child.pid);
  const write = writeLines(task, container, parts.logs);
  child.stdout!.on('data', write.data());
  child.stderr!.on('data', write.data());
  container.ended = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      if (child.pid === undefined) return;
      write.end();
      container.exitCode = exitCodeOf(code, signal);
      container.lastStatus = 'STOPPED';
      // a stopped task is kept for long, and with a process its pipes would be
      container.process = undefined;
      resolve();
      exited();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new StartFailure(`CannotStartContainerError: ${error.message}`));
    });
  });
  if (container.exitCode !== undefined) return;
  container.lastStatus = 'RUNNING';
  if (isChecked(container.definition))
    void watchHealth(
      container,
      { cwd: image.folder, env, commandOf: onThisMachine },
      parts,
      healthChanged,
    ).catch(() => {});
}
