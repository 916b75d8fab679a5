/** Slots of the operand stack that are followed; operands above are taken for unknown. */
const followedSlots = 1024
/** How many of the latest ranges are looked through: enough for what compilers repeat, and it keeps scanning linear. */
const lookBack = 24
const unknown = 0

/**
 * Which accesses need no check, because one at the same address went before on every path.
 *
 * An address is known by the number of its value. Reading a local variable gives its value's number, and a local that is set to
 * such a value shares it. Pages that an access made ready stay so until the message ends, whatever is called meanwhile; so a
 * range holds from its access on, up to the end of the construct that the access stands in.
 *
 * Where paths meet a copy that one of them made is no longer one. A loop begins with no ranges, and with no copies: its locals
 * may change on the way back to its start.
 */
export class ReadyRanges {
  /** Number of the value that each local holds; never reused. */
  #values = new Int32Array(256)
  /** The body in which that number was given. */
  #bodies = new Int32Array(256)
  #body = 0
  #lastValue = 0
  readonly #slotValues = new Int32Array(followedSlots)
  readonly #rangeValues: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #written: boolean[] = []
  readonly #edits: number[] = []
  #count = 0
  /** Ranges below this stand outside of a loop that is open. */
  #floor = 0
  /** Locals that share a value's number, and how many of them had it taken away by a loop. */
  readonly #copies: number[] = []
  #copyCount = 0
  #loopedCopies = 0
  readonly #countsAtEntry: number[] = []
  readonly #floorsAtEntry: number[] = []
  readonly #copiesAtEntry: number[] = []

  /** Starts a body with that many parameters and locals. */
  reset(localCount: number): void {
    if (this.#values.length < localCount) {
      this.#values = new Int32Array(localCount * 2)
      this.#bodies = new Int32Array(localCount * 2)
    }
    this.#body++
    this.#count = 0
    this.#floor = 0
    this.#copyCount = 0
    this.#loopedCopies = 0
  }

  /** `local.get`: the slot holds the local's present value. */
  read(local: number, slot: number): void {
    if (this.#bodies[local] !== this.#body) this.#renew(local)
    this.#slotValues[slot] = this.#values[local] ?? unknown
  }

  /** `local.set` and `local.tee`, of what is in that slot. */
  write(local: number, slot: number): void {
    const value = this.#slotValues[slot] ?? unknown
    if (value <= unknown) {
      this.#renew(local)
      return
    }
    this.#values[local] = value
    this.#bodies[local] = this.#body
    this.#copies[this.#copyCount++] = local
  }

  /** The slot holds what the load of that edit gave. */
  loaded(slot: number, edit: number): void {
    this.#slotValues[slot] = -1 - edit
  }

  /** The edit of the load that gave what the slot holds; -1 if it was none that was told. */
  loadOf(slot: number): number {
    return -1 - Math.min(0, this.#slotValues[slot] ?? unknown)
  }

  /** The slot holds something else. */
  forget(slot: number): void {
    this.#slotValues[slot] = unknown
  }

  /** All slots from one on, up to another, hold something else. */
  forgetSlots(from: number, to: number): void {
    this.#slotValues.fill(unknown, from, to)
  }

  /** A construct opens, at that depth. */
  enter(depth: number, isLoop: boolean): void {
    if (isLoop) {
      this.#renewCopies(this.#loopedCopies)
      this.#loopedCopies = this.#copyCount
    }
    this.#countsAtEntry[depth] = this.#count
    this.#floorsAtEntry[depth] = this.#floor
    this.#copiesAtEntry[depth] = this.#copyCount
    if (isLoop) this.#floor = this.#count
  }

  /** What the construct at that depth has added so far no longer holds: at its `else` and its `end`. */
  leave(depth: number): void {
    this.#count = this.#countsAtEntry[depth] ?? 0
    this.#floor = this.#floorsAtEntry[depth] ?? 0
    const kept = Math.max(this.#copiesAtEntry[depth] ?? 0, this.#loopedCopies)
    this.#renewCopies(kept)
    this.#copyCount = kept
  }

  #renewCopies(from: number): void {
    for (let index = from; index < this.#copyCount; index++) this.#renew(this.#copies[index] ?? 0)
  }

  #renew(local: number): void {
    this.#values[local] = ++this.#lastValue
    this.#bodies[local] = this.#body
  }

  /** Whether it is known which value the slot holds. */
  isKnown(slot: number): boolean {
    return (this.#slotValues[slot] ?? unknown) > unknown
  }

  /** Whether the range that was added last has the same bytes as the one before it. */
  repeatsPrevious(): boolean {
    const [last, before] = [this.#count - 1, this.#count - 2]
    return (
      before >= this.#floor &&
      this.#rangeValues[last] === this.#rangeValues[before] &&
      this.#from[last] === this.#from[before] &&
      this.#to[last] === this.#to[before]
    )
  }

  /** The edit of the access that made the bytes ready which the last `isReady` was about, when exactly those were read there; else -1. */
  readBy = -1

  /** Whether the bytes `[from, to)` behind the address in the slot are ready; if not, they are from here on, by that edit. */
  isReady(slot: number, from: number, to: number, writes: boolean, edit: number): boolean {
    const value = this.#slotValues[slot] ?? unknown
    if (value <= unknown) return false
    const last = Math.max(this.#floor, this.#count - lookBack)
    for (let index = this.#count - 1; index >= last; index--) {
      if (
        this.#rangeValues[index] === value &&
        from >= (this.#from[index] ?? 0) &&
        to <= (this.#to[index] ?? 0) &&
        (!writes || this.#written[index] === true)
      ) {
        const same = from === this.#from[index] && to === this.#to[index] && this.#written[index] === false
        this.readBy = same ? (this.#edits[index] ?? -1) : -1
        return true
      }
    }
    const at = this.#count++
    this.#rangeValues[at] = value
    this.#from[at] = from
    this.#to[at] = to
    this.#written[at] = writes
    this.#edits[at] = edit
    return false
  }
}
