export { beginEnrolment, finishEnrolment } from './enrol.ts'
export { confirmPasskey, listPasskeys, removePasskey, renamePasskey } from './keep.ts'
export { beginPasskeySignIn, finishPasskeySignIn } from './sign-in.ts'
