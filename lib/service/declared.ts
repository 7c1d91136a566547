import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib';

/**
 * Throws for what an app still declares itself: CloudFormation puts back what its template says of it, under users if need be.
 * @param path of the property, for the message
 * @param name a name or an ARN, which may be a token
 */
export function refuseDeclared(path: string, name: string | undefined, type: string): void {
  for (const token of Tokenization.reverseString(name ?? '').tokens)
    if (
      Reference.isReference(token) &&
      CfnResource.isCfnResource(token.target) &&
      token.target.cfnResourceType === type
    )
      throw new Error(
        `${path}: expected what no template declares any more, received ${token.target.node.path}; deploy it with RemovalPolicy.RETAIN, then leave it out and write its name here as text`,
      );
}
