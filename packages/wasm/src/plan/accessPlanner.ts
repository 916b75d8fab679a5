import { code } from '../binary/codeWriter.ts'
import { accessSizeOf, pushesOf, storedOperandOf, storesOf } from '../opcodes/opcodeTable.ts'
import { edit, scratch, type BodyPlan } from './bodyPlan.ts'
import { ReadyRanges } from './readyRanges.ts'

/**
 * Where objects of Motoko have the pointer to where they have been moved: mostly to themselves. No other compiler loads from
 * odd offsets.
 */
const forwarding = 9
/** Where any load may go on, one may that begins up to so many bytes further. */
const nearBytes = 4096

/** What is checked of loads and stores. */
export interface AccessSettings {
  /** 64-bit memory: every access can trap without passing through the slow path. */
  readonly wideMemory: boolean
  readonly checkLoads: boolean
  readonly checkStores: boolean
}

/** Decides which loads and stores of a body are checked, and how. */
export class AccessPlanner {
  readonly #settings: AccessSettings
  readonly ready = new ReadyRanges()
  /** Whether anything can have trapped since the last load of a known address. */
  trapped = false
  /** That load, by its edit, and whether its block had to be exact before it. */
  #lastLoad = -1
  #exactBeforeLoad = 0

  constructor(settings: AccessSettings) {
    this.#settings = settings
  }

  /** Starts a body with that many parameters and locals. */
  reset(localCount: number): void {
    this.ready.reset(localCount)
    this.trapped = false
    this.#lastLoad = -1
  }

  /**
   * Plans the load or store at `[start, end)`, whose address is in that slot.
   *
   * @param exact - whether the block has had to be exact so far; as a result, whether it has to be from here on
   */
  plan(opcode: number, offset: number, slot: number, start: number, end: number, exact: number, plan: BodyPlan): number {
    const { wideMemory, checkLoads, checkStores } = this.#settings
    const { ready } = this
    const stores = storesOf[opcode] !== 0
    const size = accessSizeOf[opcode] ?? 0
    const repeats = ready.isReady(slot, offset, offset + size, stores, plan.editCount)
    const known = !repeats && checkStores && ready.isKnown(slot)
    const pointer = ready.loadOf(slot)
    if (pushesOf[opcode] !== 0) ready.forget(slot)
    const forwards = checkLoads && wideMemory && opcode === code.i64Load && offset === forwarding
    if (repeats) {
      if (forwards && ready.readBy >= 0) ready.loaded(slot, ready.readBy)
      return exact
    }
    const checked = stores ? checkStores : checkLoads
    if (stores && known && !this.trapped && this.#lastLoad === plan.editCount - 1 && ready.repeatsPrevious()) {
      // Nothing stands between a load and this store to the same bytes: one check before the load serves both.
      plan.setKind(this.#lastLoad, edit.accessToChange)
      plan.needAddress(wideMemory, offset)
      return wideMemory ? exact : this.#exactBeforeLoad
    }
    if (known && !stores) {
      this.#lastLoad = plan.editCount
      this.#exactBeforeLoad = exact
      this.trapped = false
    } else if (!checked) this.trapped = true
    if (checked || (known && !stores)) {
      const behind = checked && !stores && pointer >= 0 && offset + size <= nearBytes && plan.kindOf(pointer) !== edit.accessToChange
      if (behind) {
        plan.setKind(pointer, edit.accessNoted)
        plan.scratch |= 1 << scratch.noted
      } else if (forwards) ready.loaded(slot, plan.editCount)
      plan.add(behind ? edit.accessBehind : checked ? edit.access : edit.plainAccess, start, end, opcode, plan.offsets.length)
      plan.offsets.push(offset)
    }
    if (checked) {
      plan.needAddress(wideMemory, offset)
      const operand = storedOperandOf[opcode] ?? 0
      if (operand !== 0) plan.scratch |= 1 << (scratch.i32 + operand - 1)
    }
    return !checked || wideMemory ? 1 : exact
  }
}
