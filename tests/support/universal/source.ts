/**
 * The universal canister in WebAssembly text: an interpreter of byte-coded programs, with every system function as an
 * instruction. One template gives the 32-bit and the 64-bit form.
 *
 * Memory: 0x100 programs of the entry points, 0x400 the state blob, 0x1000 the operand stack, from 0x10000 on what lives
 * for one message (`arena`) above what lives on (`top`).
 */
import { type SystemFunction, type WasmMode, type WasmType, systemFunctions } from '../systemApi.ts'
import { type MachineOpcode, type ProgramSlot, machineOpcodes, opcodeByName, programSlots } from './opcodes.ts'

export interface UniversalOptions {
  readonly mode?: WasmMode
  /** Entry points without an argument that the canister exports. Default: timer, pre-upgrade and hook. */
  readonly exports?: readonly ProgramSlot[]
  /** 64 KiB pages at the start. Default 2, the least that works. */
  readonly initialPages?: number
  readonly maximumPages?: number
  /** Program of the start function; without it there is none. */
  readonly start?: Uint8Array
}

const stackBase = 0x1000
const slotBase = 0x100
const stateBase = 0x400
const heapBase = 0x10000
const startBase = 0x8000

/** Text of the module. */
export function universalSource(options: UniversalOptions = {}): string {
  const wide = options.mode === 'wasm64'
  const I = wide ? 'i64' : 'i32'
  const t = new Template(I)
  const exported = options.exports ?? ['global_timer', 'pre_upgrade', 'on_low_wasm_memory']
  const imports = Object.entries(systemFunctions).filter(([, fn]) => !(wide && fn.only32))
  const maximum = options.maximumPages === undefined ? '' : ` ${options.maximumPages}`
  const lines = [
    '(module',
    '(type $op (func))',
    ...imports.map(([name, fn]) => t.importOf(name, fn)),
    `(memory (export "memory") ${wide ? 'i64 ' : ''}${options.initialPages ?? 2}${maximum})`,
    `(table ${opcodeByName.size + 1} funcref)`,
    `(elem (i32.const 0) ${elements(wide)} $callback)`,
    `(global $sp (mut ${I}) (${I}.const ${stackBase}))`,
    `(global $pc (mut ${I}) (${I}.const 0))`,
    `(global $end (mut ${I}) (${I}.const 0))`,
    `(global $top (mut ${I}) (${I}.const ${heapBase}))`,
    `(global $arena (mut ${I}) (${I}.const ${heapBase}))`,
    t.machine(),
    '(func $none unreachable)',
    ...imports.map(([name, fn]) => t.wrapperOf(name, fn)),
    ...exported.map((slot) => t.slotEntry(slot)),
    ...(options.start === undefined ? [] : t.startFunction(options.start)),
    ')',
  ]
  return lines.join('\n')
}

function elements(wide: boolean): string {
  return [...opcodeByName.keys()].map((name) => (wide && systemFunctions[name]?.only32 === true ? '$none' : `$op_${name}`)).join(' ')
}

/** Index in the function table of the function that runs closures. */
export const callbackIndex = opcodeByName.size

const slotNames: Record<ProgramSlot, string> = {
  heartbeat: 'canister_heartbeat',
  global_timer: 'canister_global_timer',
  inspect_message: 'canister_inspect_message',
  pre_upgrade: 'canister_pre_upgrade',
  on_low_wasm_memory: 'canister_on_low_wasm_memory',
  post_init: 'canister_update canister_post_init',
  on_error: 'canister_update canister_on_error',
  on_low_cycles: 'canister_update canister_on_low_cycles',
  on_low_heap_memory: 'canister_update canister_on_low_heap_memory',
  on_output_queue_full: 'canister_update canister_on_output_queue_full',
  on_unfreeze: 'canister_update canister_on_unfreeze',
}

class Template {
  readonly #I: 'i32' | 'i64'

  constructor(I: 'i32' | 'i64') {
    this.#I = I
  }

  importOf(name: string, { params, result }: SystemFunction): string {
    const list = params.map((type) => this.#type(type)).join(' ')
    return `(import "ic0" "${name}" (func $ic0_${name} (param ${list})${result === undefined ? '' : ` (result ${this.#type(result)})`}))`
  }

  /** Takes the arguments off the stack, last one first, calls, and pushes the result. */
  wrapperOf(name: string, { params, result }: SystemFunction): string {
    const locals = params.map((_, n) => `(local $p${n} i64)`).join('')
    const pops = params.map((_, n) => `(local.set $p${params.length - 1 - n} (call $pop))`).join('')
    const args = params.map((type, n) => this.#narrow(type, `(local.get $p${n})`)).join(' ')
    const call = `(call $ic0_${name} ${args})`
    return `(func $op_${name} ${locals}${pops}${result === undefined ? call : `(call $push ${this.#widen(result, call)})`})`
  }

  slotEntry(slot: ProgramSlot): string {
    const at = slotBase + 16 * programSlots.indexOf(slot)
    const body = `(call $enter)(call $run ${this.#load(at)} ${this.#load(at + 8)})`
    // Until a program is set, everything is let in.
    const accept =
      slot === 'inspect_message' ? `(if (${this.#I}.eqz ${this.#load(at + 8)}) (then (call $ic0_accept_message) (return)))` : ''
    return `(func (export "${slotNames[slot]}") ${accept}${body})`
  }

  startFunction(program: Uint8Array): string[] {
    const text = [...program].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
    return [
      `(data (${this.#I}.const ${startBase}) "${text}")`,
      `(func $start (call $enter)(call $run (${this.#I}.const ${startBase}) (${this.#I}.const ${program.length})))`,
      '(start $start)',
    ]
  }

  machine(): string {
    const I = this.#I
    const toI = (x: string) => this.#narrow('I', x)
    const from = (x: string) => this.#widen('I', x)
    const operations: Record<MachineOpcode, string> = {
      push_int: `(call $push (i64.load (global.get $pc)))(global.set $pc (${I}.add (global.get $pc) (${I}.const 8)))`,
      push_blob: `(local $n ${I})
        (local.set $n ${this.#widen32('(i32.load (global.get $pc))')})
        (global.set $pc (${I}.add (global.get $pc) (${I}.const 4)))
        (call $push_blob (global.get $pc) (local.get $n))
        (global.set $pc (${I}.add (global.get $pc) (local.get $n)))`,
      drop: '(drop (call $pop))',
      dup: '(local $a i64)(local.set $a (call $pop))(call $push (local.get $a))(call $push (local.get $a))',
      dup2: `(local $a i64)(local $b i64)(local.set $b (call $pop))(local.set $a (call $pop))
        (call $push (local.get $a))(call $push (local.get $b))(call $push (local.get $a))(call $push (local.get $b))`,
      swap: `(local $a i64)(local $b i64)(local.set $b (call $pop))(local.set $a (call $pop))
        (call $push (local.get $b))(call $push (local.get $a))`,
      rot: `(local $a i64)(local $b i64)(local $c i64)
        (local.set $c (call $pop))(local.set $b (call $pop))(local.set $a (call $pop))
        (call $push (local.get $b))(call $push (local.get $c))(call $push (local.get $a))`,
      nip: '(local $b i64)(local.set $b (call $pop))(drop (call $pop))(call $push (local.get $b))',
      add: '(call $push (i64.add (call $pop) (call $pop)))',
      sub: '(local $b i64)(local.set $b (call $pop))(call $push (i64.sub (call $pop) (local.get $b)))',
      eq: '(call $push (i64.extend_i32_u (i64.eq (call $pop) (call $pop))))',
      less: '(local $b i64)(local.set $b (call $pop))(call $push (i64.extend_i32_u (i64.lt_u (call $pop) (local.get $b))))',
      alloc: `(local $n ${I})(local.set $n (call $popI))(call $push_blob (call $alloc (local.get $n)) (local.get $n))`,
      concat: `(local $bp ${I})(local $bn ${I})(local $ap ${I})(local $an ${I})(local $to ${I})
        (local.set $bn (call $popI))(local.set $bp (call $popI))(local.set $an (call $popI))(local.set $ap (call $popI))
        (local.set $to (call $alloc (${I}.add (local.get $an) (local.get $bn))))
        (memory.copy (local.get $to) (local.get $ap) (local.get $an))
        (memory.copy (${I}.add (local.get $to) (local.get $an)) (local.get $bp) (local.get $bn))
        (call $push_blob (local.get $to) (${I}.add (local.get $an) (local.get $bn)))`,
      int_to_blob: `(local $at ${I})(local.set $at (call $alloc (${I}.const 8)))
        (i64.store (local.get $at) (call $pop))(call $push_blob (local.get $at) (${I}.const 8))`,
      blob_to_int: `(local $at ${I})(drop (call $pop))(local.set $at (call $popI))(call $push (i64.load (local.get $at)))`,
      peek: '(call $push (i64.load8_u (call $popI)))',
      poke: `(local $value i64)(local.set $value (call $pop))(i64.store8 (call $popI) (local.get $value))`,
      fill: `(local $value i64)(local $n ${I})(local.set $value (call $pop))(local.set $n (call $popI))
        (memory.fill (call $popI) (i32.wrap_i64 (local.get $value)) (local.get $n))`,
      copy: `(local $n ${I})(local $from ${I})(local.set $n (call $popI))(local.set $from (call $popI))
        (memory.copy (call $popI) (local.get $from) (local.get $n))`,
      memory_size: `(call $push ${from('(memory.size)')})`,
      memory_grow: `(call $push ${from('(memory.grow (call $popI))')})`,
      get_state: `(call $push_blob ${this.#load(stateBase)} ${this.#load(stateBase + 8)})`,
      set_state: '(call $store_state (call $popI) (call $popI))',
      append_state: `(local $n ${I})(local $from ${I})(local.set $n (call $popI))(local.set $from (call $popI))
        (call $op_get_state)(call $push_blob (local.get $from) (local.get $n))(call $op_concat)(call $op_set_state)`,
      set_program: `(local $n ${I})(local $from ${I})(local $slot ${I})
        (local.set $n (call $popI))(local.set $from (call $popI))
        (local.set $slot (${I}.add (${I}.const ${slotBase}) (${I}.mul (call $popI) (${I}.const 16))))
        (i64.store (local.get $slot) ${from('(call $keep (local.get $from) (local.get $n))')})
        (i64.store offset=8 (local.get $slot) ${from('(local.get $n)')})`,
      closure: `(local $n ${I})(local $from ${I})(local $at ${I})(local $code ${I})
        (local.set $n (call $popI))(local.set $from (call $popI))
        (local.set $code (call $keep (local.get $from) (local.get $n)))
        (local.set $at (call $alloc (${I}.const 16)))(global.set $top (global.get $arena))
        (i64.store (local.get $at) ${from('(local.get $code)')})(i64.store offset=8 (local.get $at) ${from('(local.get $n)')})
        (call $push (i64.const ${callbackIndex}))(call $push ${from('(local.get $at)')})`,
      eval: `(local $n ${I})(local.set $n (call $popI))(call $run (call $popI) (local.get $n))`,
      when: `(local $n ${I})(local $p ${I})(local.set $n (call $popI))(local.set $p (call $popI))
        (if (i64.ne (call $pop) (i64.const 0)) (then (call $run (local.get $p) (local.get $n))))`,
      repeat: `(local $n ${I})(local $p ${I})(local $times i64)
        (local.set $times (call $pop))(local.set $n (call $popI))(local.set $p (call $popI))
        (block $done (loop $again
          (br_if $done (i64.eqz (local.get $times)))
          (local.set $times (i64.sub (local.get $times) (i64.const 1)))
          (call $run (local.get $p) (local.get $n))
          (br $again)))`,
      burn: `(local $left i64)(local.set $left (call $pop))
        (block $done (loop $again
          (br_if $done (i64.eqz (local.get $left)))
          (local.set $left (i64.sub (local.get $left) (i64.const 1)))
          (br $again)))`,
      stop: '(global.set $pc (global.get $end))',
      unreachable: 'unreachable',
      divide: '(local $b i64)(local.set $b (call $pop))(call $push (i64.div_u (call $pop) (local.get $b)))',
      recurse: '(call $op_recurse)(call $push (i64.const 0))',
    }
    return `
(func $push (param $value i64)
  (i64.store (global.get $sp) (local.get $value))
  (global.set $sp (${I}.add (global.get $sp) (${I}.const 8))))
(func $pop (result i64)
  (global.set $sp (${I}.sub (global.get $sp) (${I}.const 8)))
  (i64.load (global.get $sp)))
(func $popI (result ${I}) ${toI('(call $pop)')})
(func $push_blob (param $p ${I}) (param $n ${I}) (call $push ${from('(local.get $p)')})(call $push ${from('(local.get $n)')}))
(func $alloc (param $n ${I}) (result ${I}) (local $at ${I})
  (local.set $at (global.get $arena))
  (global.set $arena (${I}.and (${I}.add (${I}.add (local.get $at) (local.get $n)) (${I}.const 7)) (${I}.const -8)))
  (if (${I}.gt_u (global.get $arena) (${I}.shl (memory.size) (${I}.const 16))) (then
    (if (${I}.eq (${I}.const -1) (memory.grow (${I}.sub (${I}.add (${I}.shr_u (global.get $arena) (${I}.const 16)) (${I}.const 1)) (memory.size))))
      (then unreachable))))
  (local.get $at))
(func $keep (param $from ${I}) (param $n ${I}) (result ${I}) (local $at ${I})
  (local.set $at (call $alloc (local.get $n)))
  (memory.copy (local.get $at) (local.get $from) (local.get $n))
  (global.set $top (global.get $arena))
  (local.get $at))
(func $store_state (param $n ${I}) (param $from ${I})
  (if (${I}.gt_u (local.get $n) ${this.#load(stateBase + 16)}) (then
    (i64.store (${I}.const ${stateBase}) ${from(`(call $keep (local.get $from) (${I}.shl (local.get $n) (${I}.const 1)))`)})
    (i64.store (${I}.const ${stateBase + 16}) ${from(`(${I}.shl (local.get $n) (${I}.const 1))`)})))
  (memory.copy ${this.#load(stateBase)} (local.get $from) (local.get $n))
  (i64.store (${I}.const ${stateBase + 8}) ${from('(local.get $n)')}))
(func $enter (global.set $sp (${I}.const ${stackBase}))(global.set $arena (global.get $top)))
(func $run (param $p ${I}) (param $n ${I}) (local $pc ${I}) (local $end ${I})
  (local.set $pc (global.get $pc))(local.set $end (global.get $end))
  (global.set $pc (local.get $p))(global.set $end (${I}.add (local.get $p) (local.get $n)))
  (block $done (loop $next
    (br_if $done (${I}.ge_u (global.get $pc) (global.get $end)))
    (global.set $pc (${I}.add (global.get $pc) (${I}.const 1)))
    (call_indirect (type $op) (i32.load8_u (${I}.sub (global.get $pc) (${I}.const 1))))
    (br $next)))
  (global.set $pc (local.get $pc))(global.set $end (local.get $end)))
(func $main (local $n ${I}) (local $p ${I})
  (call $enter)
  (local.set $n (call $ic0_msg_arg_data_size))
  (local.set $p (call $alloc (local.get $n)))
  (call $ic0_msg_arg_data_copy (local.get $p) (${I}.const 0) (local.get $n))
  (call $run (local.get $p) (local.get $n)))
(func $callback (param $at ${I})
  (call $enter)
  (call $run ${toI('(i64.load (local.get $at))')} ${toI('(i64.load offset=8 (local.get $at))')}))
(export "canister_init" (func $main))
(export "canister_post_upgrade" (func $main))
(export "canister_update update" (func $main))
(export "canister_query query" (func $main))
(export "canister_composite_query composite_query" (func $main))
${machineOpcodes.map((name) => `(func $op_${name} ${operations[name]})`).join('\n')}`
  }

  #type(type: WasmType): string {
    return type === 'I' ? this.#I : type
  }

  #narrow(type: WasmType, value: string): string {
    return this.#type(type) === 'i32' ? `(i32.wrap_i64 ${value})` : value
  }

  #widen(type: WasmType, value: string): string {
    return this.#type(type) === 'i32' ? `(i64.extend_i32_u ${value})` : value
  }

  #widen32(value: string): string {
    return this.#I === 'i64' ? `(i64.extend_i32_u ${value})` : value
  }

  #load(address: number): string {
    return this.#narrow('I', `(i64.load (${this.#I}.const ${address}))`)
  }
}
