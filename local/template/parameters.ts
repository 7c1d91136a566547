import { type Parameter, type Template, TemplateError } from './template';

/** Looks a Systems Manager parameter up by name; undefined when there is none. */
export type LookUpParameter = (name: string) => string | undefined;

const SSM_TYPE = /^AWS::SSM::Parameter::Value<(.*)>$/;

function check(name: string, value: string, { AllowedValues, AllowedPattern }: Parameter): void {
  if (AllowedValues && !AllowedValues.map(String).includes(value))
    throw new TemplateError(`Parameter '${name}' must be one of AllowedValues: ${AllowedValues.join(', ')}`);
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    throw new TemplateError(`Parameter '${name}' must match pattern ${AllowedPattern}`);
}

/** The values of a template's parameters: given ones, else defaults; SSM types hold the name of what is looked up. */
export function parameterValues(
  template: Template,
  given: Record<string, string>,
  lookUp: LookUpParameter,
): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const [name, declared] of Object.entries(template.Parameters ?? {})) {
    const { Type: type, Default: fallback } = declared;
    const value = given[name] ?? fallback;
    if (value === undefined) {
      throw new TemplateError(`parameter ${name} has neither a value nor a default; give it one`);
    }
    check(name, String(value), declared);
    const ssm = SSM_TYPE.exec(type);
    const found = ssm ? lookUp(String(value)) : String(value);
    if (found === undefined) {
      throw new TemplateError(`parameter ${name} names the SSM parameter ${value}, which does not exist`);
    }
    const valueType = ssm?.[1] ?? type;
    values[name] = /^(List<|CommaDelimitedList)/.test(valueType)
      ? found.split(',').map((item) => item.trim())
      : found;
  }
  return values;
}
