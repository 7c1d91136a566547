import type { Tag } from '@aws-sdk/client-cloudformation';
import type { TemplateSource } from './template-source';

/** What a stack is asked to be. */
export interface Wish {
  source: TemplateSource;
  /** Those that are given; the others have their defaults. */
  parameters: Readonly<Record<string, string>>;
  tags?: Tag[];
  capabilities?: string[];
  roleArn?: string;
  notificationArns?: string[];
  /** What is done where its creation or update fails: by default all is put back. */
  onFailure?: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';
}
