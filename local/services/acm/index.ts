import { randomUUID } from 'node:crypto';
import { arn } from '../../names';
import type { Certificates } from '../../postgres/certificates';
import type { Resource, Service } from '../../service';

/** What a TLS server shows, and its key, both PEM. */
export interface Identity {
  certificate: string;
  key: string;
}

export interface Acm extends Service {
  /** Undefined for a certificate that no template has made: nobody here knows its names. */
  identityOf(certificateArn: string): Promise<Identity> | undefined;
}

interface CertificateProperties {
  DomainName: string;
  SubjectAlternativeNames?: string[];
}

/** Certificates for the names that a template asks them for, issued at once by the authority of this run; nobody's domain is validated. */
export function createAcm({ certificates }: { certificates: Certificates }): Acm {
  const issued = new Map<string, Promise<Identity>>();
  return {
    signingName: 'acm',
    operations: {},
    resources: {
      'AWS::CertificateManager::Certificate': (properties: CertificateProperties): Resource => {
        const { DomainName, SubjectAlternativeNames = [] } = properties;
        const certificateArn = arn('acm', `certificate/${randomUUID()}`);
        const names = [...new Set([DomainName, ...SubjectAlternativeNames])];
        issued.set(certificateArn, certificates.issue(DomainName, names));
        return { ref: certificateArn };
      },
    },
    removals: { 'AWS::CertificateManager::Certificate': (ref) => void issued.delete(ref) },
    identityOf: (certificateArn) => issued.get(certificateArn),
  };
}
