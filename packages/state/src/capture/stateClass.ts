/** How an object that hides its fields gives its state away and is made from it again. */
import type { PersistentMap } from '../persistentMap.ts'

/**
 * A class of the replicated state.
 *
 * `S` is the state in memory: it may share with the object whatever neither of them changes afterwards. `P` is the portable
 * state, the same for the same content, of values that can be written to a file.
 */
export interface StateClass<T extends object, S = unknown, P = unknown> {
  /** Name in files: never changes its meaning. */
  readonly name: string
  readonly type: { readonly prototype: T }
  /** What the object is made of; parts that can change are captured in turn. */
  capture(value: T): S
  /** The object in that state. It may be the very object that was captured, put back. */
  revive(state: S): T
  toPortable(state: S): P
  fromPortable(portable: P): S
}

/** A captured object. */
export class Captured {
  readonly stateClass: StateClass<object>
  readonly state: unknown

  constructor(stateClass: StateClass<object>, state: unknown) {
    this.stateClass = stateClass
    this.state = state
  }
}

/** A value that nobody changes any more, however large: it is shared and not looked into. */
export class Unchanging<T> {
  readonly value: T

  constructor(value: T) {
    this.value = value
  }
}

/** Pages of a memory by index. */
export type Pages = PersistentMap<number, Uint8Array>

/** The classes that may occur in a state. */
export class StateClasses {
  readonly #byPrototype = new Map<object | null, StateClass<object>>()
  readonly #byName = new Map<string, StateClass<object>>()

  register<T extends object, S, P>(stateClass: StateClass<T, S, P>): this {
    // The registry gives an object's state to the class of that object only.
    const entry = stateClass as unknown as StateClass<object>
    this.#byPrototype.set(entry.type.prototype, entry)
    this.#byName.set(entry.name, entry)
    return this
  }

  of(value: object): StateClass<object> | undefined {
    return this.#byPrototype.get(Object.getPrototypeOf(value) as object | null)
  }

  named(name: string): StateClass<object> | undefined {
    return this.#byName.get(name)
  }
}
