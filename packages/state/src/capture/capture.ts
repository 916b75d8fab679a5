/**
 * Copies of mutable state that later changes do not reach, and the way back.
 *
 * Found by reflection: a field that is added to the state is captured without a word here, and a value that cannot be
 * captured stops the first snapshot instead of being missed.
 */
import { InvariantError, Principal } from '@tidemark/types'
import { PersistentMap } from '../persistentMap.ts'
import { Captured, type StateClasses, Unchanging } from './stateClass.ts'
import { isUnchanging, keepsElements } from './unchanging.ts'

/**
 * A copy of a value. What never changes in place is shared: see `unchanging.ts`.
 *
 * @throws InvariantError for a function, a symbol, or an object of a class that is not registered
 */
export function capture<T>(classes: StateClasses, value: T): T {
  return copy(value, (object, field) => {
    const stateClass = classes.of(object)
    if (stateClass === undefined) throw new InvariantError(`${field}: an object of class ${className(object)} cannot be captured`)
    return new Captured(stateClass, capture(classes, stateClass.capture(object)))
  })
}

/** Makes a captured value alive again; the captured one stays as it is and can be revived any number of times. */
export function revive<T>(captured: T): T {
  return copy(captured, (object, field) => {
    if (!(object instanceof Captured)) throw new InvariantError(`${field}: ${className(object)} was never captured`)
    return object.stateClass.revive(revive(object.state))
  })
}

type OtherObject = (object: object, field: string) => object

/** A deep copy of data; `other` says what becomes of objects that are no plain data. */
function copy<T>(value: T, other: OtherObject): T {
  return copyValue(value, 'the state itself', other) as T
}

/** `field` is for the error only: the name of the nearest field around. */
function copyValue(value: unknown, field: string, other: OtherObject): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new InvariantError(`${field}: a ${typeof value} cannot be captured`)
  if (typeof value !== 'object' || value === null || isShared(value)) return value
  if (Array.isArray(value)) return keepsElements(field) ? value.slice() : value.map((element) => copyValue(element, field, other))
  if (value instanceof Map) return keepsElements(field) ? new Map(value) : copyMap(value, field, other)
  if (value instanceof Set) return new Set([...value].map((element) => primitive(element, field)))
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? copyFields(value, other) : other(value, field)
}

function isShared(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Principal || value instanceof PersistentMap || value instanceof Unchanging
}

function copyMap(map: ReadonlyMap<unknown, unknown>, field: string, other: OtherObject): Map<unknown, unknown> {
  const copied = new Map<unknown, unknown>()
  for (const [key, value] of map) copied.set(primitive(key, field), copyValue(value, field, other))
  return copied
}

function copyFields(value: object, other: OtherObject): object {
  // The spread keeps the shape that the engine knows.
  const copied: Record<string, unknown> = { ...value }
  for (const name of Object.keys(copied)) {
    const field = copied[name]
    if (field === null || (typeof field !== 'object' && typeof field !== 'function') || isUnchanging(name)) continue
    copied[name] = copyValue(field, name, other)
  }
  return copied
}

function primitive(value: unknown, field: string): unknown {
  if (typeof value === 'object' || typeof value === 'function') throw new InvariantError(`${field}: a key that is no plain value`)
  return value
}

function className(object: object): string {
  return object.constructor.name
}
