import { adoptFlags, change, importFlags, restoreFlags, rollOut, setFlag } from '../flags/changing.ts'
import { diffFlags, exportFlags, getFlag, showFleet, tryFlag } from '../flags/reading.ts'
import { rotateKey } from '../flags/rotating.ts'
import { type Noun, paging } from '../noun.ts'

const reason = { means: 'why; it stands in the history' } as const
const confirm = { means: 'how many may be taken away', kind: 'number' } as const
const many = {
  confirm,
  'dry-run': { means: 'only tell what would happen', kind: 'yes' },
  reason,
} as const
const keep = { before: { means: 'file to keep what is served now in; one in this folder when left out' } } as const

/** Of tables that lost something, "there is none" would be a lie. */
function notice(body: unknown): string | undefined {
  const { standing, total } = body as { standing: { state: string; sentence: string }; total: number }
  if (standing.state !== 'holding') return undefined
  return `These rows are not what is answered: ${standing.sentence} ${total} are served as they were. See "holdfast flags restore --dry-run".`
}

const lookingVerbs: Noun['verbs'] = {
  list: {
    line: 'GET /v1/flags',
    summary: 'in the order of their keys',
    notice,
    flags: {
      query: { means: 'somewhere in key, name or description', name: 'q' },
      state: { means: 'live, archived or all' },
      tag: { means: 'those with this tag' },
      ...paging,
    },
  },
  get: { line: 'GET /v1/flags/{key}', summary: 'one flag: its rule in words, and its JSON', run: getFlag },
  try: {
    line: 'POST /v1/flags/try',
    words: { key: { means: 'which' } },
    summary: 'what a flag answers for somebody, and why',
    flags: {
      context: { means: 'who asks, as JSON', kind: 'json' },
      at: { means: 'as it was then, RFC 3339' },
      definition: { means: 'file with a definition that is not saved; - for standard input' },
    },
    run: tryFlag,
  },
  history: {
    line: 'GET /v1/flags/changes',
    summary: 'what was done, newest first',
    columns: [
      ['change', 'change_id'],
      ['at', 'at'],
      ['key', 'key'],
      ['deed', 'deed'],
      ['by', 'by.label'],
      ['what', 'diff'],
    ],
    flags: { key: { means: 'of this flag or segment alone' }, kind: { means: 'flag, segment or set' }, ...paging },
  },
  segments: { line: 'GET /v1/flags/segments', summary: 'rules with a name that flags ask', notice, flags: paging },
  diff: {
    line: 'GET /v1/flags/diff',
    summary: 'what differs between an instant and now',
    flags: { at: { means: 'RFC 3339, such as 2026-11-21T10:42:00Z', isRequired: true } },
    run: diffFlags,
  },
  export: {
    line: 'GET /v1/flags/export',
    summary: 'all of them as a flagd definition, on standard output',
    flags: { at: { means: 'as they were then, RFC 3339' } },
    run: exportFlags,
  },
  trust: { line: 'GET /v1/flags/trust', summary: 'the fingerprint that apps pin, and which key signs' },
  fleet: { line: 'GET /v1/flags/fleet', summary: 'which processes answer by which number', run: showFleet },
}

const changingVerbs: Noun['verbs'] = {
  set: {
    line: 'PATCH /v1/flags/{key}',
    summary: 'make a flag, or change what is given of it',
    flags: {
      variants: { means: `JSON: '{"on": true, "off": false}'`, kind: 'json' },
      default: { means: 'the variant that counts where no rule gives another' },
      state: { means: 'on or off; off: the default of the code counts' },
      targeting: { means: 'the rule, as JSONLogic', kind: 'json' },
      definition: { means: 'file with the whole definition; - for standard input' },
      name: { means: 'what people call it' },
      description: { means: 'what it is for' },
      tags: { means: 'words to find it by, with commas between', kind: 'list' },
      reason,
    },
    run: setFlag,
  },
  rollout: {
    line: 'POST /v1/flags/{key}/rollout',
    summary: 'give a variant to so many per cent; whoever has it keeps it',
    flags: {
      variant: { means: 'what is rolled out', isRequired: true },
      percent: { means: '0 to 100', kind: 'number', isRequired: true },
      segment: { means: 'of this segment alone' },
      where: { means: `conditions as JSON: '[{"attribute":"plan","is":"is","values":["pro"]}]'`, kind: 'json' },
      by: { means: 'the attribute to deal out by; targetingKey when left out' },
      reason,
    },
    run: rollOut,
  },
  kill: {
    line: 'POST /v1/flags/{key}/kill',
    summary: 'switch it off at once, or give everybody one variant',
    flags: { variant: { means: 'for everybody from now on' }, reason },
    run: change,
  },
  archive: {
    line: 'POST /v1/flags/archive',
    words: { keys: { means: 'which, with commas between', kind: 'list' } },
    summary: 'deliver them no more; they can be brought back',
    flags: { confirm, reason },
    run: change,
  },
  delete: {
    line: 'POST /v1/flags/delete',
    words: { keys: { means: 'which, with commas between', kind: 'list' } },
    summary: 'as archive, and gone from the list',
    flags: { confirm, reason },
    run: change,
  },
  'bring-back': {
    line: 'POST /v1/flags/{key}/bring-back',
    summary: 'one that was archived or deleted',
    flags: { reason },
    run: change,
  },
  undo: {
    line: 'POST /v1/flags/changes/{change_id}/undo',
    summary: 'take a change back',
    flags: { confirm, reason },
    run: change,
  },
}

const setVerbs: Noun['verbs'] = {
  import: {
    line: 'POST /v1/flags/import',
    words: { file: { means: 'where it is; - for standard input' } },
    summary: 'take over a flagd definition; - as the file is standard input',
    flags: {
      mode: { means: 'merge, or replace: what is not in it is archived' },
      ...many,
    },
    run: importFlags,
  },
  restore: {
    line: 'POST /v1/flags/restore',
    summary: 'put them back to an instant; a new epoch begins',
    flags: {
      at: { means: 'RFC 3339; left out: what access serves, into tables that lost it' },
      keys: { means: 'these alone, with commas between', kind: 'list' },
      ...many,
      ...keep,
    },
    run: restoreFlags,
  },
  adopt: {
    line: 'POST /v1/flags/adopt',
    summary: 'say that what the database has is the truth',
    flags: { ...many, ...keep },
    run: adoptFlags,
  },
  'rotate-key': {
    line: 'POST /v1/flags/rotate-key',
    summary: 'sign with another key: for one that was stolen',
    flags: {
      confirm: { means: 'the number of the key list that is replaced; "trust" tells it', kind: 'number' },
      'dry-run': many['dry-run'],
      reason,
    },
    run: rotateKey,
  },
}

export const flags: Noun = {
  summary: 'feature flags: look, change, roll out, switch off, restore',
  help: `Each change has a number, and "undo" takes it back. What takes away many flags has to be confirmed by their number.

Examples:
  holdfast flags set new-view --name "New view" --reason "Ticket 4711"
  holdfast flags rollout new-view --variant on --percent 25 --by organization
  holdfast flags try new-view --context '{"targetingKey":"usr_1","plan":"pro"}'
  holdfast flags kill new-view --reason "Lists stay empty"
  holdfast flags diff --at 2026-11-21T10:42:00Z
  holdfast flags restore --at 2026-11-21T10:42:00Z --dry-run
  holdfast flags rotate-key --reason "Stolen"
  holdfast flags export > flags.json
  holdfast flags import flags.json --mode replace --dry-run`,
  columns: [
    ['key', 'key'],
    ['version', 'version'],
    ['rule', 'sentence'],
    ['changed', 'changed_at'],
    ['by', 'changed_by.label'],
    ['archived', 'archived_at'],
  ],
  verbs: { ...lookingVerbs, ...changingVerbs, ...setVerbs },
}
