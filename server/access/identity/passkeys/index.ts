export { beginEnrolment, finishEnrolment } from './enrol.ts'
export { listPasskeys, removePasskey, renamePasskey } from './keep.ts'
export { beginPasskeySignIn, finishPasskeySignIn } from './sign-in.ts'
