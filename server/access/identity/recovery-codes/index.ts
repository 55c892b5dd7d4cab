export { makeRecoveryCodes, recoveryCodesOf } from './make-codes.ts'
export { type RecoveryCodeUsed, type UseRecoveryCode, useRecoveryCode } from './use-code.ts'
