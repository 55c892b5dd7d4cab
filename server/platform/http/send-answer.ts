import { stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer, CookieChange } from './answer.ts'
import type { EventStreams } from './events.ts'
import { OUTAGE_RETRY_SECONDS, PROBLEM_MEDIA_TYPE, PROBLEMS_PATH, type Problem } from './problem.ts'
import { readableOf } from './text-stream.ts'
import { pagePolicy, securityHeaders } from './security-headers.ts'

export interface Send {
  answer(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply
  problem(reply: FastifyReply, said: Problem): FastifyReply
}

interface SenderParts {
  origin: string
  streams: EventStreams
  /** A stream that broke after its head was sent. */
  onBroken(error: unknown, route: string): void
}

export function sender({ origin, streams, onBroken }: SenderParts): Send {
  const constant = securityHeaders(origin)
  /** The documentation of a code is at our own origin, whichever app forwarded the request. */
  const written = (body: unknown) => {
    const { type } = (body ?? {}) as Partial<Problem>
    const isOurs = typeof type === 'string' && type.startsWith(PROBLEMS_PATH)
    return JSON.stringify(isOurs ? { ...(body as Problem), type: origin + type } : body)
  }

  return {
    problem(reply, said) {
      // What a handler had set before it failed (a cookie, a location) belongs to an answer that is not given.
      for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
      return reply
        .code(said.status)
        .headers({ ...constant, 'cache-control': 'no-store', ...headersOf(said) })
        .type(PROBLEM_MEDIA_TYPE)
        .send(written(said))
    },
    answer(request, reply, answer) {
      if (answer.kind === 'events') {
        // The head of a stream is written here and not by the framework, whose hooks do not see it.
        if (answer.headers) reply.headers(answer.headers)
        if (request.method !== 'HEAD') return streams.start(reply, answer.start)
        return reply.code(200).type('text/event-stream; charset=utf-8').send()
      }
      reply.header('cache-control', 'no-store')
      if (answer.headers) reply.headers(answer.headers)
      if (answer.cookies?.length) reply.header('set-cookie', answer.cookies.map(setCookie))
      switch (answer.kind) {
        case 'json':
          if (!answer.headers?.['content-type']) reply.type('application/json; charset=utf-8')
          return reply.code(answer.status).send(written(answer.body))
        case 'page':
          return reply
            .code(answer.status)
            .headers(languageHeaders(answer.html))
            .header('content-security-policy', pagePolicy(answer.formActions))
            .type('text/html; charset=utf-8')
            .send(answer.html)
        case 'text':
          return reply.code(answer.status).type(answer.type).send(answer.text)
        case 'bytes':
          return reply.code(answer.status).type(answer.type).send(answer.bytes)
        case 'stream': {
          reply.code(200).type(answer.type).header('content-disposition', `attachment; filename="${answer.fileName}"`)
          if (request.method === 'HEAD') return reply.send()
          const route = request.routeOptions.url ?? ''
          return reply.send(readableOf(answer, { onBroken: (error) => onBroken(error, route) }))
        }
        case 'redirect':
          return reply.code(answer.status).header('location', encodedLocation(answer.location)).send()
        case 'empty':
          // Without content there is nothing to be careful with (RFC 9110 §15.4.5); who has it stored has these too.
          if (answer.status === 304) for (const name of Object.keys(constant)) reply.removeHeader(name)
          return reply.code(answer.status).send()
      }
    },
  }
}

/** What a refusal says in headers as well: when to come back, and which methods there are. */
export function headersOf(said: Problem): Record<string, string> {
  if (said.status === 405 && typeof said.allowed === 'string') return { allow: said.allowed }
  if (said.status === 503) return { 'retry-after': String(said.retry_after_s ?? OUTAGE_RETRY_SECONDS) }
  return said.status === 429 && said.retry_after_s ? { 'retry-after': String(said.retry_after_s) } : {}
}

/** A header is printable ASCII; a line break in it would begin another one. */
function encodedLocation(location: string): string {
  return location.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

/** What a page says of its own language; it was chosen by these two headers (RFC 9110 §12.5.5). */
function languageHeaders(html: string): Record<string, string> {
  const language = /^<!doctype html>\s*<html lang="([a-zA-Z-]{2,35})"/i.exec(html)?.[1]
  return language ? { 'content-language': language, vary: 'accept-language, cookie' } : {}
}

function setCookie(change: CookieChange): string {
  const { name, value, isSecure, sameSite = 'lax', maxAgeSeconds } = change
  const maxAge = value === null ? 0 : maxAgeSeconds
  return stringifySetCookie({
    name,
    value: value ?? '',
    path: '/',
    httpOnly: true,
    secure: isSecure,
    sameSite,
    ...(maxAge !== undefined && { maxAge }),
  })
}
