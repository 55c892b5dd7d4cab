import type { Secret } from '../../../platform/secret.ts'
import { readCode } from '../break-glass/code.ts'

/** Bound to its person: a code of one is none of another's. Written as printed codes are, and no printed code is one. */
export const digestOfRecoveryCode = (secret: Secret, userId: string, code: string) =>
  secret.hmac('recovery code', `${userId}\n${readCode(code) ?? ''}`)
