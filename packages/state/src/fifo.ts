import { type StateClass, Unchanging } from './capture/stateClass.ts'

interface FifoState {
  /** With those before the head, which are gone. */
  readonly items: Unchanging<readonly unknown[]>
  readonly head: number
}

/** A first-in first-out queue whose `shift` takes constant time on average. Items are not changed while they are in it. */
export class Fifo<T> {
  #items: T[] = []
  #head = 0
  /** Whether a capture has the array too: then it is copied before it is changed. */
  #captured = false

  static readonly stateClass: StateClass<Fifo<unknown>, FifoState, readonly unknown[]> = {
    name: 'Fifo',
    type: Fifo,
    capture: (fifo) => {
      fifo.#captured = true
      return { items: new Unchanging(fifo.#items), head: fifo.#head }
    },
    revive: ({ items, head }) => {
      const fifo = new Fifo<unknown>()
      // Copied before the first change: see `#own`.
      fifo.#items = items.value as unknown[]
      fifo.#head = head
      fifo.#captured = true
      return fifo
    },
    toPortable: ({ items, head }) => items.value.slice(head),
    fromPortable: (items) => ({ items: new Unchanging(items), head: 0 }),
  }

  get size(): number {
    return this.#items.length - this.#head
  }

  /** The oldest item. */
  peek(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#own()
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined
    const item = this.#items[this.#head] as T
    this.#head++
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#compact()
    }
    return item
  }

  /** Removes and returns the first item that the predicate accepts. */
  remove(predicate: (item: T) => boolean): T | undefined {
    for (let i = this.#head; i < this.#items.length; i++) {
      const item = this.#items[i] as T
      if (predicate(item)) {
        this.#own()
        this.#items.splice(this.#items.indexOf(item, this.#head), 1)
        return item
      }
    }
    return undefined
  }

  /** Puts another item in the place of one. @returns false when it is not there */
  replace(item: T, by: T): boolean {
    this.#own()
    const position = this.#items.indexOf(item, this.#head)
    if (position < 0) return false
    this.#items[position] = by
    return true
  }

  /** Removes and returns all items that the predicate accepts, in order. */
  removeAll(predicate: (item: T) => boolean): T[] {
    const removed: T[] = []
    const kept: T[] = []
    for (const item of this) (predicate(item) ? removed : kept).push(item)
    if (removed.length > 0) {
      this.#items = kept
      this.#head = 0
      this.#captured = false
    }
    return removed
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i] as T
  }

  #own(): void {
    if (this.#captured) this.#compact()
  }

  #compact(): void {
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
    this.#captured = false
  }
}
