import type { Queries } from '../../platform/database/index.ts'
import { type Job, startJobs } from '../../platform/jobs.ts'
import { Refusal } from '../../platform/refusal.ts'
import { auditAt, type By } from '../audit/index.ts'
import { signalAt } from '../signals/index.ts'
import { assertMay, type Asker, type HeldBack, noOrganization, type Wish } from './authority.ts'
import * as changes from './changes/queries.ts'
import { MEMBERSHIPS_A_PERSON_MAX, type Membership, type Standing } from './membership.ts'
import { type AddMember, addMember } from './memberships/add-member.ts'
import { type ChangeRoles, changeRoles } from './memberships/change-roles.ts'
import * as memberships from './memberships/queries.ts'
import { askerIn } from './memberships/reach-membership.ts'
import { removeMember, removePerson } from './memberships/remove-member.ts'
import type { Organization } from './organization.ts'
import { purgeOrganizations } from './organizations/purge-organizations.ts'
import * as organizations from './organizations/queries.ts'
import type { Parts } from './parts.ts'

export type OpenTenantsOptions = Omit<Parts, 'signal' | 'audit' | 'heldBack'>

/** The front of the feature. What takes a `db` runs in the caller's transaction. */
export interface Tenants extends AsyncDisposable {
  /** For this feature's own routes. */
  readonly parts: Parts
  find(db: Queries, id: string): Promise<Organization | undefined>
  /** One change of it or its members after the other, until the caller's transaction ends. Refuses one that is not there, or going. */
  lock(db: Queries, id: string): Promise<Organization>
  /** Of those that are not going to be deleted, newest first. */
  ids(db: Queries, page: { beforeId: string | undefined; limit: number }): Promise<string[]>
  names(db: Queries, ids: readonly string[]): Promise<Map<string, string>>
  /** Whoever knows how people sign in says whom an organisation does not take; until then nobody but staff is answered. */
  onAsk(heldBack: HeldBack): void
  /** Of these, those that the session of this person is not taken by. */
  heldBack: HeldBack
  /** Refuses what this asker may not do there; to a stranger the organisation is not there. */
  assertMay(db: Queries, organizationId: string, actor: Asker['actor'], wish: Wish): Promise<Asker>
  membershipsOf(db: Queries, userId: string): Promise<memberships.ListedMembership[]>
  /** Of several people at once: the ids of the organisations each is in. */
  organizationsOf(
    db: Queries,
    userIds: readonly string[],
  ): Promise<Pick<Membership, 'user_id' | 'organization_id' | 'created_at'>[]>
  membershipIn(db: Queries, organizationId: string, userId: string): Promise<Membership | undefined>
  findMembership(db: Queries, id: string): Promise<Membership | undefined>
  members(db: Queries, organizationId: string, limit: number): Promise<memberships.ListedMembership[]>
  addMember(db: Queries, input: AddMember): Promise<Membership>
  changeRoles(db: Queries, input: ChangeRoles): Promise<Membership>
  removeMember(db: Queries, input: { id: string; actor: Asker['actor']; by: By }): Promise<void>
  /** Everywhere, for whoever deletes a person for good. */
  removePerson(db: Queries, input: { userId: string; by: By }): Promise<void>
  /** In whose name a session begins: the last used, or else the oldest; held until the transaction ends. */
  standingAtSignIn(db: Queries, userId: string): Promise<Standing | null>
  /** What somebody is there now, held until the transaction ends; null: nothing, or it is being deleted. */
  standingIn(db: Queries, organizationId: string, userId: string): Promise<Standing | null>
  /** The next sign-in begins there. */
  noteUse(db: Queries, organizationId: string, userId: string): Promise<void>
  /** Runs a change, and has the sessions follow at once where this process can see to it. */
  changing<T>(change: () => Promise<T>): Promise<T>
  /** As `changing`, for a page: what was refused with a reason is answered, and shown where it was asked for. */
  refusalOf(change: () => Promise<void>): Promise<Refusal | undefined>
  /** Ids of its members, newest person first. */
  membersOf(organizationId: string, page: { beforeId: string | undefined; limit: number }): Promise<string[]>
  onChange(listener: () => Promise<void>): void
  changes: {
    after(seq: number, limit: number): Promise<changes.MembershipChange[]>
    position(): Promise<{ head: number; applied: number }>
    noteApplied(seq: number): Promise<void>
  }
}

/** A process that was away for longer reads its sessions anew in any case. */
const CHANGES_KEPT_MS = 24 * 60 * 60_000
const CHANGES_FORGOTTEN_MAX = 5000

const SHOWN_IN_PLACE: ReadonlySet<number> = new Set([400, 403, 409])

export function openTenants(options: OpenTenantsOptions): Tenants {
  const now = () => options.clock.now()
  let heldBack: HeldBack = () => Promise.reject(new Error('nobody has said whom organisations do not take'))
  const parts: Parts = {
    ...options,
    signal: signalAt(now),
    audit: auditAt(now),
    heldBack: (...asked) => heldBack(...asked),
  }
  const { background } = parts
  const running = startJobs(jobsOf(parts), parts)
  let follow = async () => {}
  async function changing<T>(change: () => Promise<T>): Promise<T> {
    const result = await change()
    await follow()
    return result
  }
  return {
    parts,
    find: organizations.findOrganization,
    lock: lockLive,
    names: organizations.organizationNames,
    ids: async (db, page) =>
      (await organizations.listOrganizations(db, { ...page, words: undefined, state: 'active' })).map(({ id }) => id),
    heldBack: parts.heldBack,
    onAsk(answer) {
      heldBack = answer
    },
    async assertMay(db, organizationId, actor, wish) {
      const asker = await askerIn(parts, db, organizationId, actor)
      assertMay(asker, wish, organizationId)
      return asker
    },
    membershipsOf: (db, userId) => memberships.membershipsOfUser(db, userId, MEMBERSHIPS_A_PERSON_MAX),
    organizationsOf: (db, ids) => memberships.organizationsOf(db, ids, ids.length * MEMBERSHIPS_A_PERSON_MAX),
    membershipIn: memberships.membershipOf,
    findMembership: memberships.findMembership,
    members: (db, organizationId, limit) =>
      memberships.listMemberships(db, { organizationId, userId: undefined, beforeId: undefined, limit }),
    addMember: (db, input) => addMember(parts, db, input),
    changeRoles: (db, input) => changeRoles(parts, db, input),
    removeMember: (db, input) => removeMember(parts, db, input),
    removePerson: (db, input) => removePerson(parts, db, input),
    standingAtSignIn: async (db, userId) => (await memberships.standingAtSignIn(db, userId)) ?? null,
    standingIn: async (db, id, userId) => (await memberships.standingIn(db, id, userId)) ?? null,
    noteUse: (db, organizationId, userId) => memberships.noteUse(db, organizationId, userId, now()),
    changing,
    async refusalOf(change) {
      try {
        await changing(change)
        return undefined
      } catch (error) {
        // What is not there, and what comes too fast, has pages of its own.
        if (error instanceof Refusal && SHOWN_IN_PLACE.has(error.status)) return error
        throw error
      }
    },
    membersOf: (organizationId, page) => memberships.memberIds(parts.db, organizationId, page),
    onChange(listener) {
      follow = listener
    },
    changes: {
      after: (seq, limit) => changes.changesAfter(background, seq, limit),
      position: () => changes.changePosition(background),
      noteApplied: (seq) => changes.noteApplied(background, seq),
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

async function lockLive(db: Queries, id: string): Promise<Organization> {
  const organization = await organizations.lockOrganization(db, id)
  if (!organization || organization.deleted_at) throw noOrganization(id)
  return organization
}

/** What runs by itself. */
function jobsOf(parts: Parts): Job[] {
  return [
    { name: 'purge organisations', everyMs: 60_000, run: () => purgeOrganizations(parts) },
    {
      name: 'forget changes of memberships',
      everyMs: 10 * 60_000,
      run: () =>
        changes.forgetChanges(
          parts.background,
          new Date(parts.clock.now().getTime() - CHANGES_KEPT_MS),
          CHANGES_FORGOTTEN_MAX,
        ),
    },
  ]
}
