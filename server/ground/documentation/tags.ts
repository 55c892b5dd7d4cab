/** What each group of addresses is about: the words of the routes, explained. */
export const tags = [
  { name: 'sign-in', description: 'Proving who one is by a mail: ask for a code, then show it in the same browser.' },
  {
    name: 'sign-in methods',
    description: 'One’s own ways in beside the mailbox: passkeys, and recovery codes for the day on which one is lost.',
  },
  { name: 'session', description: 'The session of the browser that asks: is there one, renew its proof, sign out.' },
  { name: 'sessions', description: 'Lists of sessions: one’s own, or in the console everybody’s.' },
  { name: 'users', description: 'The people with an account, for the console.' },
  { name: 'organizations', description: 'The customers of your product. People act on their behalf.' },
  { name: 'memberships', description: 'Who is in which organisation, and what they are there: roles, as claims.' },
  { name: 'invitations', description: 'Asking somebody into an organisation by their address.' },
  {
    name: 'keys',
    description: 'What verifiers need: public keys, and revocations as they happen. The SDK reads both by itself.',
  },
  {
    name: 'providers',
    description: 'Identity providers elsewhere, and how people sign in when one is down.',
  },
  {
    name: 'lockers',
    description: 'What an application keeps for each of its browsers. `HoldfastStore` of the SDK uses them.',
  },
  {
    name: 'flags',
    description:
      'Flags and segments, as one signed and numbered snapshot. The SDK fetches it, and answers from it by itself.',
  },
  { name: 'tokens', description: 'Machine tokens: a program’s way in, with scopes of its own.' },
  {
    name: 'applications',
    description: 'The apps that the SDK speaks for: origins, keys, brand, and what `unknown` does.',
  },
  {
    name: 'staff',
    description: 'Who works in the console, and the codes that let administrators in while mail is down.',
  },
  { name: 'audit', description: 'Who did what to whom, when, from where; sealed, so that a change of it is noticed.' },
  { name: 'statistics', description: 'Sign-ins and sessions over time, without a person in them.' },
  { name: 'search', description: 'One question to everything the reader may see.' },
  { name: 'settings', description: 'What is in force in the process that answers.' },
  {
    name: 'backups',
    description: 'Whether there is a backup, and whether it was proved. They are made on the machine itself.',
  },
  { name: 'health', description: 'Whether this process lives, what it leans on, and figures.' },
] as const
