/** A CloudFormation template, as far as the local cloud reads it. */
export interface Template {
  Description?: string;
  Parameters?: Record<string, Parameter>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Rules?: Record<string, unknown>;
  Transform?: unknown;
  Resources: Record<string, ResourceDeclaration>;
  Outputs?: Record<string, OutputDeclaration>;
}

export interface Parameter {
  Type: string;
  Default?: string | number;
  Description?: string;
  NoEcho?: boolean | string;
  AllowedValues?: readonly (string | number)[];
  AllowedPattern?: string;
}

export interface ResourceDeclaration {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  Condition?: string;
  Metadata?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface OutputDeclaration {
  Value: unknown;
  Description?: string;
  Condition?: string;
  Export?: { Name: unknown };
}

export class TemplateError extends Error {
  override name = 'TemplateError';
}
