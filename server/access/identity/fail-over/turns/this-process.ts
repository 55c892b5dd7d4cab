import { hostname } from 'node:os'

/** By which it takes its turns: told apart from those beside it, and found again on its machine. */
export const THIS_PROCESS = `${hostname()} ${process.pid}`
