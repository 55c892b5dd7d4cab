import { type Reason, reasons as told } from '../../../../../sdk/contract.ts'

/** Why a session ended: the API's own sentences. */
export const reasons: Record<Reason, string> = told
