/** Builds programs of the universal canister. */
import type { Principal } from '@tidemark/types'
import { systemFunctions } from '../systemApi.ts'
import { type MachineOpcode, type ProgramSlot, opcodeByName, programSlots } from './opcodes.ts'

/** An argument: a number, or bytes (text as UTF-8, a program as its code) that count as address and length. */
export type Operand = number | bigint | string | Uint8Array | Program | Principal

/** What goes with a call besides its argument. */
export interface CallParts {
  readonly onReply?: Program
  readonly onReject?: Program
  readonly onCleanup?: Program
  /** Cycles to attach. */
  readonly cycles?: bigint
  /** Makes it a best-effort call. */
  readonly timeoutSeconds?: number
}

const encoder = new TextEncoder()

/** A fresh, empty program. */
export function program(): Program {
  return new Program()
}

/** A program under construction; every method adds to it and returns it. */
export class Program {
  readonly #bytes: number[] = []

  /** The code, as it goes into an argument. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  /** An instruction of the machine. */
  op(name: MachineOpcode): this {
    return this.#emit(name)
  }

  /** Pushes a number, modulo 2^64. */
  int(value: number | bigint): this {
    this.#emit('push_int')
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true)
    this.#append(new Uint8Array(view.buffer))
    return this
  }

  /** Pushes address and length of bytes. */
  blob(value: Exclude<Operand, number | bigint>): this {
    const bytes = bytesOf(value)
    this.#emit('push_blob')
    const view = new DataView(new ArrayBuffer(4))
    view.setUint32(0, bytes.length, true)
    this.#append(new Uint8Array(view.buffer))
    this.#append(bytes)
    return this
  }

  /** Pushes operands and calls a system function; its result, if any, is pushed. */
  sys(name: string, ...operands: Operand[]): this {
    if (systemFunctions[name] === undefined) throw new Error(`no system function ${name}`)
    for (const operand of operands) {
      if (typeof operand === 'number' || typeof operand === 'bigint') this.int(operand)
      else this.blob(operand)
    }
    return this.#emit(name)
  }

  /** Pushes the blob that the pair `NAME_size` and `NAME_copy` hands out. */
  read(name: string): this {
    return this.sys(`${name}_size`).op('alloc').op('dup2').int(0).op('swap').sys(`${name}_copy`)
  }

  /** Pushes the 16 bytes that a function writes which takes operands and then a destination. */
  amount(name: string, ...operands: (number | bigint)[]): this {
    this.int(16).op('alloc').op('dup2').op('drop')
    for (const operand of operands) {
      this.int(operand)
      // The destination comes last.
      this.op('swap')
    }
    return this.#emit(name)
  }

  /** Answers with the given bytes. */
  reply(value: Exclude<Operand, number | bigint> = ''): this {
    return this.sys('msg_reply_data_append', value).sys('msg_reply')
  }

  /** Answers with the blob on the stack. */
  replyTop(): this {
    return this.sys('msg_reply_data_append').sys('msg_reply')
  }

  /** Answers with the number on the stack, 8 bytes little-endian. */
  replyInt(): this {
    return this.op('int_to_blob').replyTop()
  }

  reject(text: string): this {
    return this.sys('msg_reject', text)
  }

  /** Traps with a text. */
  trap(text: string): this {
    return this.sys('trap', text)
  }

  /** Replaces the state of the canister. */
  setState(value: Exclude<Operand, number | bigint>): this {
    return this.blob(value).op('set_state')
  }

  /** Adds to the state: how tests see the order of what ran. */
  note(value: Exclude<Operand, number | bigint>): this {
    return this.blob(value).op('append_state')
  }

  /** Answers with the state. */
  replyState(): this {
    return this.op('get_state').replyTop()
  }

  /** Sets what an entry point without an argument runs. */
  on(slot: ProgramSlot, body: Program): this {
    return this.int(programSlots.indexOf(slot)).blob(body).op('set_program')
  }

  /** Runs a program if the number on the stack is not zero. */
  when(body: Program): this {
    return this.blob(body).op('when')
  }

  /** Runs a program so many times. */
  repeat(times: number, body: Program): this {
    return this.blob(body).int(times).op('repeat')
  }

  /** Burns at least 7 instructions per turn. */
  burn(turns: number): this {
    return this.int(turns).op('burn')
  }

  /** Grows the heap by 64 KiB pages; the old size is dropped. */
  growHeap(pages: number): this {
    return this.int(pages).op('memory_grow').op('drop')
  }

  /** Starts a call with callbacks, without performing it. */
  prepareCall(callee: Principal, method: string, arg: Exclude<Operand, number | bigint>, parts: CallParts = {}): this {
    this.blob(callee).blob(method)
    this.blob(parts.onReply ?? program()).op('closure')
    this.blob(parts.onReject ?? program()).op('closure')
    this.sys('call_new')
    if (parts.onCleanup !== undefined) this.blob(parts.onCleanup).op('closure').sys('call_on_cleanup')
    this.sys('call_data_append', arg)
    if (parts.cycles !== undefined) this.sys('call_cycles_add128', parts.cycles >> 64n, parts.cycles)
    if (parts.timeoutSeconds !== undefined) this.sys('call_with_best_effort_response', parts.timeoutSeconds)
    return this
  }

  /** Makes a call; pushes the result of `call_perform`. */
  call(callee: Principal, method: string, arg: Exclude<Operand, number | bigint>, parts: CallParts = {}): this {
    return this.prepareCall(callee, method, arg, parts).sys('call_perform')
  }

  /** Makes a call of `update` on another universal canister. */
  callUpdate(callee: Principal, arg: Program, parts: CallParts = {}): this {
    return this.call(callee, 'update', arg, parts).op('drop')
  }

  /** Continues with another program in line. */
  then(body: Program): this {
    this.#append(body.bytes())
    return this
  }

  #emit(name: string): this {
    const code = opcodeByName.get(name)
    if (code === undefined) throw new Error(`no instruction ${name}`)
    this.#bytes.push(code)
    return this
  }

  #append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte)
  }
}

function bytesOf(value: Exclude<Operand, number | bigint>): Uint8Array {
  if (typeof value === 'string') return encoder.encode(value)
  if (value instanceof Uint8Array) return value
  if (value instanceof Program) return value.bytes()
  return value.bytes
}
