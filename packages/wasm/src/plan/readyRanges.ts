/** Slots of the operand stack that are followed; operands above are taken for unknown. */
const followedSlots = 1024
/** How many of the latest ranges are looked through: enough for what compilers repeat, and it keeps scanning linear. */
const lookBack = 24
const unknown = -1

/**
 * Which accesses need no check, because one at the same address went before on every path.
 *
 * An address is known by the local that it was read from and by which of its values that was. Pages that an access made ready
 * stay so until the message ends, whatever is called meanwhile; so a range holds from its access on, up to the end of the
 * construct that the access stands in. A loop begins with nothing: its locals may change on the way back to its start.
 */
export class ReadyRanges {
  /** Number of the value that each local holds; never reused. */
  #values = new Int32Array(256)
  #lastValue = 0
  readonly #slotLocals = new Int32Array(followedSlots)
  readonly #slotValues = new Int32Array(followedSlots)
  readonly #locals: number[] = []
  readonly #rangeValues: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #written: boolean[] = []
  #count = 0
  /** Ranges below this stand outside of a loop that is open. */
  #floor = 0
  readonly #countsAtEntry: number[] = []
  readonly #floorsAtEntry: number[] = []

  /** Starts a body with that many parameters and locals. */
  reset(localCount: number): void {
    if (this.#values.length < localCount) this.#values = new Int32Array(localCount * 2)
    this.#count = 0
    this.#floor = 0
  }

  /** `local.get`: the slot holds the local's present value. */
  read(local: number, slot: number): void {
    this.#slotLocals[slot] = local
    this.#slotValues[slot] = this.#values[local] ?? 0
  }

  /** `local.set` and `local.tee`. */
  write(local: number): void {
    this.#values[local] = ++this.#lastValue
  }

  /** The slot holds something else. */
  forget(slot: number): void {
    this.#slotLocals[slot] = unknown
  }

  /** All slots from one on, up to another, hold something else. */
  forgetSlots(from: number, to: number): void {
    this.#slotLocals.fill(unknown, from, to)
  }

  /** A construct opens, at that depth. */
  enter(depth: number, isLoop: boolean): void {
    this.#countsAtEntry[depth] = this.#count
    this.#floorsAtEntry[depth] = this.#floor
    if (isLoop) this.#floor = this.#count
  }

  /** What the construct at that depth has added so far no longer holds: at its `else` and its `end`. */
  leave(depth: number): void {
    this.#count = this.#countsAtEntry[depth] ?? 0
    this.#floor = this.#floorsAtEntry[depth] ?? 0
  }

  /** Whether it is known which value the slot holds. */
  isKnown(slot: number): boolean {
    return (this.#slotLocals[slot] ?? unknown) !== unknown
  }

  /** Whether the range that was added last has the same bytes as the one before it. */
  repeatsPrevious(): boolean {
    const [last, before] = [this.#count - 1, this.#count - 2]
    return (
      before >= this.#floor &&
      this.#locals[last] === this.#locals[before] &&
      this.#rangeValues[last] === this.#rangeValues[before] &&
      this.#from[last] === this.#from[before] &&
      this.#to[last] === this.#to[before]
    )
  }

  /** Whether the bytes `[from, to)` behind the address in the slot are ready; if not, they are from here on. */
  isReady(slot: number, from: number, to: number, writes: boolean): boolean {
    const local = this.#slotLocals[slot] ?? unknown
    if (local === unknown) return false
    const value = this.#slotValues[slot] ?? 0
    const last = Math.max(this.#floor, this.#count - lookBack)
    for (let index = this.#count - 1; index >= last; index--) {
      if (
        this.#locals[index] === local &&
        this.#rangeValues[index] === value &&
        from >= (this.#from[index] ?? 0) &&
        to <= (this.#to[index] ?? 0) &&
        (!writes || this.#written[index] === true)
      )
        return true
    }
    const at = this.#count++
    this.#locals[at] = local
    this.#rangeValues[at] = value
    this.#from[at] = from
    this.#to[at] = to
    this.#written[at] = writes
    return false
  }
}
