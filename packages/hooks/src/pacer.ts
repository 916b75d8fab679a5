/** What the pacing of calls is made with. */
export interface PacerOptions {
  /** Calls under way above which another one waits. */
  readonly capacity: number
  /** Is told how many are under way after each change, and whenever a call finds no room. */
  onChange(size: number): void
  /** Waits for a round or two. */
  pass(): Promise<void>
}

/** Counts outgoing calls and lets one wait until there is room for it, in the order of asking. */
export class Pacer {
  readonly #options: PacerOptions
  #underWay = 0
  #waiting = 0

  constructor(options: PacerOptions) {
    this.#options = options
  }

  /** Calls under way that were made through `call`. */
  get size(): number {
    return this.#underWay
  }

  /** Makes a call once there is room, and counts it until it has ended one way or the other. */
  async call<Result>(make: () => Promise<Result>): Promise<Result> {
    if (this.#underWay < this.#options.capacity && this.#waiting === 0) this.#count(1)
    else await this.#slot()
    try {
      return await make()
    } finally {
      this.#count(-1)
    }
  }

  /** Waits for room and takes it. */
  async #slot(): Promise<void> {
    this.#waiting += 1
    this.#options.onChange(this.#underWay)
    try {
      // At least once: those who waited longer come first.
      do await this.#options.pass()
      while (this.#underWay >= this.#options.capacity)
      // Before anything else can run: whoever waits beside this one must not see the same room.
      this.#count(1)
    } finally {
      this.#waiting -= 1
    }
  }

  #count(change: 1 | -1): void {
    this.#underWay += change
    this.#options.onChange(this.#underWay)
  }
}
