import { subnetGroupNotFound } from './faults';

/** Subnet groups: names alone, for there is no network; one named "default" exists without having been made. */
export function createSubnetGroups() {
  const names = new Set(['default']);
  return {
    add: (name: string) => {
      names.add(name.toLowerCase());
    },
    delete: (name: string) => names.delete(name.toLowerCase()),
    /** Throws DBSubnetGroupNotFoundFault. */
    check(name: string): void {
      if (!names.has(name.toLowerCase())) throw subnetGroupNotFound(name);
    },
  };
}

export type SubnetGroups = ReturnType<typeof createSubnetGroups>;
