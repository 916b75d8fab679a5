// The part of Azle that the canisters use. Azle ships TypeScript sources that do not pass this repository's compiler
// options, so type checking reads these declarations instead; bundling still takes the real package.
import type { IDL } from '@dfinity/candid'
import type { Principal } from '@dfinity/principal'

type Method = (...args: never[]) => unknown
type MethodDecorator = (method: Method, context: ClassMethodDecoratorContext) => void

export declare function inspectMessage(method: Method, context: ClassMethodDecoratorContext): void
export declare function onLowWasmMemory(method: Method, context: ClassMethodDecoratorContext): void
export declare function init(parameters: IDL.Type[], options?: { manual: true }): MethodDecorator
export declare function postUpgrade(parameters: IDL.Type[], options?: { manual: true }): MethodDecorator
export declare function query(parameters: IDL.Type[], result?: IDL.Type, options?: { manual: true } | { composite: true }): MethodDecorator
export declare function update(parameters: IDL.Type[], result?: IDL.Type, options?: { manual: true }): MethodDecorator

/** Calls another canister with encoded arguments; rejects with a `CallError`. */
export declare function call(
  canister: Principal,
  method: string,
  options: { raw: true; args: Uint8Array; cycles?: bigint },
): Promise<Uint8Array>

/** What a failed call rejects with. */
export type CallError =
  | { type: 'CallPerformFailed' }
  | { type: 'CallRejected'; rejectCode: number; rejectMessage: string }
  | { type: 'CleanupCallback' }
  | { type: 'InsufficientLiquidCycleBalance'; available: bigint; required: bigint }

export declare function canisterCycleBalance(): bigint
export declare function canisterSelf(): Principal
/** Burns cycles of the canister. Returns how many. */
export declare function cyclesBurn(amount: bigint): bigint
export declare function isController(principal: Principal): boolean
export declare function msgArgData(): Uint8Array
export declare function msgCaller(): Principal
/** Answers a method whose decorator says `manual` with a reject. */
export declare function msgReject(message: string): void
/** Answers a method whose decorator says `manual`, with an encoded result. */
export declare function msgReply(result: Uint8Array): void
export declare function setTimer(seconds: number, callback: () => void | Promise<void>): bigint
export declare function setTimerInterval(seconds: number, callback: () => void | Promise<void>): bigint
export declare function time(): bigint
export declare function trap(message: string): never

/** How a key or a value of a stable map becomes bytes. Maps are ordered by the bytes of their keys. */
export interface Serializable {
  toBytes(data: unknown): Uint8Array
  fromBytes(bytes: Uint8Array): unknown
}

/** A map in stable memory. */
export declare class StableBTreeMap<Key, Value> {
  constructor(memoryId: number, key?: Serializable, value?: Serializable)
  get(key: Key): Value | undefined
  insert(key: Key, value: Value): Value | undefined
  remove(key: Key): Value | undefined
  keys(start?: number, length?: number): Key[]
  values(start?: number, length?: number): Value[]
}
