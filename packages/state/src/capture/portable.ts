/** Captured state as values that can be written down, and back. */
import { InvariantError, Principal } from '@tidemark/types'
import { PersistentMap } from '../persistentMap.ts'
import { Captured, type StateClasses, Unchanging } from './stateClass.ts'

/** Plain values, collections of them, and objects of named classes. */
export type PortableValue =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Principal
  | PortableObject
  | readonly PortableValue[]
  | ReadonlyMap<PortableValue, PortableValue>
  | ReadonlySet<PortableValue>
  | PersistentMap<number | string, PortableValue>
  | { readonly [field: string]: PortableValue }

/** An object of a class that hides its fields. */
export class PortableObject {
  readonly className: string
  readonly content: PortableValue

  constructor(className: string, content: PortableValue) {
    this.className = className
    this.content = content
  }
}

/** What `capture` gave, written with names in place of classes. Shares bytes with it. @throws InvariantError for an unknown kind of object */
export function toPortable(captured: unknown): PortableValue {
  if (captured instanceof Captured) {
    return new PortableObject(captured.stateClass.name, toPortable(captured.stateClass.toPortable(captured.state)))
  }
  if (captured instanceof Unchanging) return toPortable(captured.value)
  return each(captured, toPortable) as PortableValue
}

/** What `revive` takes. @throws RangeError for a class that the state does not have */
export function fromPortable(classes: StateClasses, portable: PortableValue): unknown {
  if (portable instanceof PortableObject) {
    const stateClass = classes.named(portable.className)
    if (stateClass === undefined) throw new RangeError(`the state has no class ${portable.className}`)
    return new Captured(stateClass, stateClass.fromPortable(fromPortable(classes, portable.content)))
  }
  return each(portable, (part) => fromPortable(classes, part as PortableValue))
}

/** A value with another one for each of its parts. */
function each(value: unknown, change: (part: unknown) => unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new InvariantError(`a ${typeof value} cannot be written down`)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Principal) return value
  if (Array.isArray(value)) return value.map(change)
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, change(part)]))
  if (value instanceof Set) return value
  if (value instanceof PersistentMap) return changed(value as PersistentMap<number | string, unknown>, change)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new InvariantError(`an object of class ${value.constructor.name} cannot be written down`)
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part)]))
}

/** Pages and the like stay as they are, however many there are. */
function changed(map: PersistentMap<number | string, unknown>, change: (part: unknown) => unknown): unknown {
  let result = map
  for (const [key, part] of map.entries()) {
    const other = change(part)
    if (other !== part) result = result.set(key, other)
  }
  return result
}
