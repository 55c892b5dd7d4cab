const deeds: Record<string, string> = {
  make: 'made',
  edit: 'changed',
  archive: 'archived',
  'bring-back': 'brought back',
  delete: 'deleted',
  kill: 'killed',
  undo: 'put back (undo)',
  import: 'imported',
  restore: 'restored',
  adopt: 'taken over from the database',
  'set-metadata': 'set',
  'rotate-key': 'signed with a new key',
}

/** `Ana Duarte changed new-view`; a deed of a newer access is said as it is. */
export function sayDeed(deed: string): string {
  return deeds[deed] ?? deed
}
