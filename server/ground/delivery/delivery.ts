import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/log.ts'
import { type Address, type OutgoingMail, openTransport, type Transport } from '../../platform/mail/index.ts'
import { ATTEMPTS_MAX, afterRound, type Progress } from './after-round.ts'
import { type Message, type Outcome, type Receipt, systemTimers, type Timers } from './message.ts'
import { openOutbox, type Step } from './outbox.ts'
import { refuse } from './refusals.ts'
import { type Hedging, type Route, sendHedged } from './send-hedged.ts'
import { openTransportHealth, type TransportStatus } from './transport-health.ts'

/** How often is looked whether a server is due for a probe, and how long one may take. */
const PROBE_TICK_MS = 10_000
const PROBE_DEADLINE_MS = 5000

/** By its URL, or by what sends to it. */
export type MailServer = { name: string } & ({ url: string } | { transport: Transport })

export interface DeliveryOptions {
  /** In the order in which they are tried: A, then B. Throws on a URL that cannot work. */
  transports: readonly MailServer[]
  /** `Acme Notes <no-reply@acme.test>`, or the address alone. */
  from: string
  clock: Clock
  log: Logger
  timers?: Timers
}

/** Plain numbers since the start, for /metrics. */
export interface DeliveryFigures {
  waiting: number
  sending: number
  accepted: number
  refused: number
  attempts: number
  hedged: number
  sent: number
  failed: number
  unknown: number
  expired: number
  lost: number
}

export interface Delivery extends AsyncDisposable {
  /** Takes the message or refuses at once with `delivery.overloaded`; what becomes of it is in the receipt. */
  send(message: Message): Receipt
  /** One for each transport, in their order. */
  status(): TransportStatus[]
  figures(): DeliveryFigures
}

interface Item extends Progress {
  message: Message
  mail: OutgoingMail
  acceptedMs: number
  receive(outcome: Outcome): void
}

export function openDelivery(options: DeliveryOptions): Delivery {
  const { clock, log, timers = systemTimers } = options
  const from = readSender(options.from)
  const routes = options.transports.map((server) =>
    openRoute(server.name, 'url' in server ? openTransport(server.url) : server.transport, clock, log),
  )
  if (routes.length === 0) throw new TypeError('delivery needs at least one mail server')

  const counts = {
    accepted: 0,
    refused: 0,
    attempts: 0,
    hedged: 0,
    sent: 0,
    failed: 0,
    unknown: 0,
    expired: 0,
    lost: 0,
  }
  const ended = new AbortController()
  let isStopping = false
  const outbox = openOutbox<Item>({ work, timers, abandon: (item) => settle(item, givenUp(item)) })
  const stopProbes = startProbes(routes, timers, ended.signal)

  function send(message: Message): Receipt {
    if (isStopping) throw refuse('stopping')
    if (!outbox.hasRoomFor(message.lane)) {
      counts.refused++
      throw refuse('overloaded')
    }
    counts.accepted++
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const { expiresAt, html, id, lane, subject, text, to } = message
    const mail = { id, from, to, subject, text, html, date: clock.now() }
    const progress = { lane, expiresAt, attempts: 0, rounds: 0, unknowns: 0 }
    outbox.add({ ...progress, message, mail, acceptedMs: clock.monotonicMs(), receive: resolve })
    return { settled: promise }
  }

  async function work(item: Item): Promise<Step> {
    item.rounds++
    try {
      const { result, via } = await sendHedged(hedging(item, { routes, clock, timers, signal: ended.signal, counts }))
      if (result.outcome === 'unknown') item.unknowns++
      if (ended.signal.aborted && result.outcome !== 'ok') return settle(item, givenUp(item), via)
      const then = afterRound(item, result, clock.now())
      if ('restMs' in then) return then
      return settle(item, then.outcome, via, result.outcome === 'failed' ? result.code : undefined)
    } catch (error) {
      log.error({ message: item.message.id, error: String(error) }, 'sending a mail threw: this is a bug')
      return settle(item, 'failed')
    }
  }

  /** Names no address, no subject and no code: those are somebody's. */
  function settle(item: Item, outcome: Outcome, via?: string, reason?: string): 'done' {
    const { id, purpose } = item.message
    const ms = Math.round(clock.monotonicMs() - item.acceptedMs)
    counts[outcome]++
    const said = { message: id, purpose, outcome, via, reason, attempts: item.attempts, ms }
    if (outcome === 'sent') log.info(said, 'mail sent')
    else log.warn(said, 'mail not known to be sent')
    item.receive(outcome)
    return 'done'
  }

  return {
    send,
    status: () => routes.map(({ health }) => health.status(routes.length > 1)),
    figures: () => ({ ...outbox.figures(), ...counts }),
    async [Symbol.asyncDispose]() {
      if (isStopping) return
      isStopping = true
      stopProbes()
      await outbox.end(() => ended.abort())
    },
  }
}

interface Sending extends Pick<Hedging, 'clock' | 'timers' | 'signal'> {
  routes: readonly Route[]
  counts: Pick<DeliveryFigures, 'attempts' | 'hedged'>
}

function hedging(item: Item, { routes, clock, timers, signal, counts }: Sending): Hedging {
  return {
    routes: inOrder(routes),
    mail: item.mail,
    expiresAt: item.expiresAt,
    clock,
    timers,
    signal,
    mayTry() {
      if (item.attempts >= ATTEMPTS_MAX || clock.now() >= item.expiresAt) return false
      // Counted before it is sent: a server that hangs must use up the attempt, or it is tried for ever.
      item.attempts++
      counts.attempts++
      return true
    },
    onHedge: () => counts.hedged++,
  }
}

/** At the end of the process: what may have been taken is not called lost. */
function givenUp(item: Item): Outcome {
  return item.unknowns > 0 ? 'unknown' : 'lost'
}

function openRoute(name: string, transport: Transport, clock: Clock, log: Logger): Route {
  return { name, transport, health: openTransportHealth(name, transport.place, clock, log) }
}

/** Those that missed lately come last; none is left out, because they may be all there is. */
function inOrder(transports: readonly Route[]): Route[] {
  return transports.toSorted((one, other) => Number(one.health.isResting()) - Number(other.health.isResting()))
}

/** Proves servers that had no mail lately, from the start on. */
function startProbes(transports: readonly Route[], timers: Timers, signal: AbortSignal): () => void {
  let cancel = () => {}
  const tick = async () => {
    const due = transports.filter(({ health }) => health.isDueForProbe())
    cancel = timers.after(PROBE_TICK_MS, tick)
    await Promise.all(
      due.map(async ({ transport, health }) => {
        const tell = health.beginProbe()
        const result = await transport.probe({ deadlineMs: PROBE_DEADLINE_MS, signal })
        if (!signal.aborted) tell(result)
      }),
    )
  }
  void tick()
  return () => cancel()
}

/** `Acme Notes <no-reply@acme.test>` or `no-reply@acme.test`. */
function readSender(text: string): Address {
  const [, name, address] = text.match(/^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/) ?? [undefined, '', text.trim()]
  return { name: name!, address: address! }
}
