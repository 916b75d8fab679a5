/** Hooks as the documentation describes them, told by what can be seen between two steps. */

/** A hook that is due at a crossing, and armed again by a clear state. */
export class Crossing {
  #armed = true
  #due = false
  runs = 0

  see(low: boolean, clear: boolean, mayRun: boolean): void {
    if (clear) this.forget()
    else if (this.#armed && low) {
      this.#armed = false
      this.#due = true
    }
    if (!this.#due || !mayRun) return
    this.#due = false
    this.runs += 1
  }

  forget(): void {
    this.#armed = true
    this.#due = false
  }
}

/** `canister_post_init`: once for the newest code. */
export class PostInit {
  #due = false
  runs = 0

  announce(): void {
    this.#due = true
  }

  see(mayRun: boolean): void {
    if (!this.#due || !mayRun) return
    this.#due = false
    this.runs += 1
  }
}

/** `canister_on_error`: once for every error. */
export class Errors {
  #due = 0
  runs = 0

  report(): void {
    this.#due += 1
  }

  see(mayRun: boolean): void {
    if (!mayRun) return
    this.runs += this.#due
    this.#due = 0
  }

  forget(): void {
    this.#due = 0
  }
}

/** `canister_on_unfreeze`: once when a frozen canister is not frozen any more. */
export class Unfreeze {
  #frozen = false
  #due = false
  runs = 0

  see(frozen: boolean, mayRun: boolean): void {
    if (frozen) this.#due = false
    else if (this.#frozen) this.#due = true
    this.#frozen = frozen
    if (!this.#due || !mayRun) return
    this.#due = false
    this.runs += 1
  }

  forget(): void {
    this.#due = false
  }
}
