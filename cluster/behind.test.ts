/** An asynchronous replica that lacks the last commits is promoted: the database knows less than access does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './testing/eventually.ts'
import { type Installation, openInstallation } from './testing/installation.ts'
import { ask, type Person, signIn, verdictOf } from './testing/person.ts'

const COUNT = 3

/** From one machine, and heard of at the other. */
async function end({ access }: Installation, by: Person, { sessionId, jar }: Person): Promise<void> {
  const { status } = await ask(access[0].url, `DELETE /v1/sessions/${sessionId}`, { jar: by.jar })
  assert.ok(status < 300, String(status))
  await refusedEverywhere(access, { jar })
}

/** The last that this machine has read on to: refused is a session as well where only the database says so. */
async function numberOfEnds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^holdfast_revocation_seq (\d+)/m.exec(text)?.[1])
}

/** At last this, and until then nothing but `unknown`. */
async function comesTo(verdict: string, { url }: { url: string }, person: Person): Promise<void> {
  await eventually(verdict, async () => {
    const answer = await verdictOf(url, person)
    assert.ok(answer === verdict || answer === '503 unknown', `${answer}, and not ${verdict}`)
    return answer === verdict
  })
}

async function refusedEverywhere(access: readonly { url: string }[], person: Pick<Person, 'jar'>): Promise<void> {
  for (const { url } of access)
    await eventually('it is refused', async () => (await verdictOf(url, person)) === '401 invalid')
}

test('sessions whose end the promoted replica had lost stay ended, on every machine and after restarts, and in it as well', async () => {
  await using here = await openInstallation({ replication: 'asynchronous' })
  const { access, postgres, url, mailbox } = here
  const sign = () => signIn(url, mailbox, 'ana@acme.example')
  const staying = await sign()
  const ended: Person[] = []
  for (let n = 0; n < COUNT; n++) ended.push(await sign())
  const later = await sign()
  const { primary, replica } = postgres
  await eventually('the replica has heard of all of them', async () => {
    const [row] = await replica.ask<{ sessions: number }>('select count(*)::int as sessions from sessions.session')
    return row?.sessions === COUNT + 2
  })

  await postgres.detachReplica()
  for (const person of ended) await end(here, staying, person)
  for (const { url: machine } of access)
    await eventually('both machines have it on their disk', async () => (await numberOfEnds(machine)) === COUNT)
  await primary.kill()
  await postgres.promoteReplica()
  const lost = await replica.ask<{ ended: number }>(
    'select count(*)::int as ended from sessions.session where ended_at is not null',
  )
  assert.deepEqual(lost, [{ ended: 0 }], 'the fault took effect: the replica has never heard of an end')

  for (const each of access) {
    for (const person of ended) await comesTo('401 invalid', each, person)
    await comesTo('200 valid', each, staying)
  }
  await eventually('the database was told again', async () => {
    const [row] = await replica.ask<{ ended: number }>(
      `select count(*)::int as ended from sessions.session where ended_at is not null and end_reason <> 'restored'`,
    )
    return row?.ended === COUNT
  })
  // A machine that has never heard of anything, and those that have to remember over a restart.
  const third = here.anotherAccess()
  await third.start()
  for (const each of access) {
    await each.stop()
    await each.start()
  }
  for (const each of [...access, third]) {
    for (const person of ended) await comesTo('401 invalid', each, person)
    await comesTo('200 valid', each, staying)
    await comesTo('200 valid', each, later)
  }
  // Its number is one that nobody has heard, so everybody hears of it.
  const { status } = await ask(access[1].url, `DELETE /v1/sessions/${later.sessionId}`, { jar: staying.jar })
  assert.ok(status < 300, String(status))
  await refusedEverywhere([...access, third], later)
})
