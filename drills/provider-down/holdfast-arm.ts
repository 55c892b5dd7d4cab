import type { OpenArmOf } from './arm.ts'

export const openHoldfastArm: OpenArmOf = async () => {
  throw new Error('not yet')
}
