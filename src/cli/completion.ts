import { print } from './print';
import type { Verb } from './verbs/verb';

const visible = (verb: Verb) => verb.createHelp().visibleCommands(verb);
const optionsOf = (verb: Verb) => verb.createHelp().visibleOptions(verb);

/** What may come next behind a verb: its own verbs, what an argument may be, its options. */
const words = (verb: Verb): string[] => [
  ...visible(verb).map((one) => one.name()),
  ...verb.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  ...optionsOf(verb).flatMap(({ long }) => long ?? []),
];

/** Every verb that has something to complete, by its full name. */
const verbsOf = (verb: Verb, path: readonly string[] = []): { path: readonly string[]; verb: Verb }[] => [
  { path, verb },
  ...visible(verb).flatMap((one) => verbsOf(one, [...path, one.name()])),
];

/**
 * A function that completes the word at the cursor. Where it has nothing to offer, the shell completes files.
 * Source: Bash Reference Manual, Programmable Completion.
 */
function bash(program: Verb): string {
  const all = verbsOf(program);
  const verbs = all.map(({ path, verb }) => `    '${path.join(' ')}') words='${words(verb).join(' ')}' ;;`);
  const choices = all.flatMap(({ path, verb }) =>
    optionsOf(verb)
      .filter(({ required }) => required)
      .map(
        ({ long, argChoices = [] }) => `    '${path.join(' ')} ${long}') words='${argChoices.join(' ')}' ;;`,
      ),
  );
  return `_greenlight() {
  local words='' verb='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    case " ${all.map(({ path }) => path.join(':')).join(' ')} " in
      *" \${verb:+\${verb// /:}:}$word "*) verb="\${verb:+$verb }$word" ;;
    esac
  done
  case "$verb" in
${verbs.join('\n')}
  esac
  case "$verb \${COMP_WORDS[COMP_CWORD-1]}" in
${choices.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _greenlight greenlight`;
}

/** zsh runs bash's completions. Source: zshcompsys(1), bashcompinit. */
const zsh = (program: Verb) =>
  `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash(program)}`;

const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

/** Source: fish, "Writing your own completions". */
function fish(program: Verb): string {
  const lines = verbsOf(program).flatMap(({ path, verb }) => {
    const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
    const inside = visible(verb).map((one) => one.name());
    const fresh = inside.length > 0 ? `not __fish_seen_subcommand_from ${inside.join(' ')}` : '';
    const condition = [seen, fresh].filter(Boolean).join('; and ') || 'true';
    const offer = (what: string, explained: string) =>
      `complete -c greenlight -n ${quoted(condition)} ${what} -d ${quoted(explained)}`;
    return [
      ...visible(verb).map((one) => offer(`-f -a ${one.name()}`, one.summary() || one.description())),
      ...verb.registeredArguments.flatMap(({ argChoices, description }) =>
        argChoices ? [offer(`-f -a ${quoted(argChoices.join(' '))}`, description)] : [],
      ),
      ...optionsOf(verb).map(({ long, required, argChoices, description }) => {
        const value = argChoices ? ` -x -a ${quoted(argChoices.join(' '))}` : required ? ' -r' : '';
        return offer(`-l ${long?.slice(2)}${value}`, description);
      }),
    ];
  });
  return lines.join('\n');
}

const SHELLS = { bash, zsh, fish };

/** Prints what a shell reads to complete verbs and options, made from the verbs' declarations. */
export function completion(shell: keyof typeof SHELLS, program: Verb): number {
  print(SHELLS[shell](program));
  return 0;
}
