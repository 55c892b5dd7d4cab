import { databaseHang } from './database-hang/drill.ts'
import { flagsWiped } from './flags-wiped/drill.ts'
import type { Drill } from './frame/run-drill.ts'
import { providerDown } from './provider-down/drill.ts'
import { storeFull } from './store-full/drill.ts'

/** Every drill there is, in the order of `holdfast drill all`. A new one is a folder and a line here. */
export const drills: readonly Drill[] = [databaseHang, storeFull, flagsWiped, providerDown]
