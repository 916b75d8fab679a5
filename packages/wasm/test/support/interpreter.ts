import { findOpcode } from '../../src/opcodes/opcodeTable.ts'
import { globalCount, localCount, type Instruction, type Program } from './randomProgram.ts'

/** Ends the run: a trap of the program, or a counter below zero at a check. */
export class Stopped extends Error {}

const pageBytes = 65_536
const maximumPages = 3
const enders = new Set(['loop', 'if', 'else', 'end', 'br', 'br_if', 'br_table', 'return', 'unreachable'])

/** What the first touch of a 64 KiB page costs, and the first write to one. */
export interface Charges {
  readonly read: number
  readonly write: number
}

interface Prepared {
  readonly body: readonly Instruction[]
  /** Cost of the block that starts at a position; undefined elsewhere. */
  readonly blocks: readonly (number | undefined)[]
  /** Position of the matching `end`, and of the `else`, of a construct's opening. */
  readonly ends: ReadonlyMap<number, number>
  readonly elses: ReadonlyMap<number, number>
}

function prepare(body: readonly Instruction[]): Prepared {
  const blocks: (number | undefined)[] = []
  const ends = new Map<number, number>()
  const elses = new Map<number, number>()
  const open: number[] = []
  let start = 0
  let cost = 1
  body.forEach(({ op }, at) => {
    cost += findOpcode(op)?.weight ?? 0
    if (op === 'block' || op === 'loop' || op === 'if') open.push(at)
    if (op === 'else') elses.set(open.at(-1) ?? 0, at)
    if (op === 'end') ends.set(open.pop() ?? -1, at)
    if (!enders.has(op)) return
    blocks[start] = cost
    start = at + 1
    cost = 0
  })
  return { body, blocks, ends, elses }
}

/**
 * Runs random programs the slow and obvious way, counting as the metering rules read: a block is paid whole when it starts;
 * function and loop starts test the counter. The judge of the instrumenter's counter.
 */
export class Interpreter {
  readonly #functions: Prepared[]
  readonly globals = Array.from({ length: globalCount }, () => 5)
  readonly memory = new DataView(new ArrayBuffer(maximumPages * pageBytes))
  readonly #charges: Charges
  readonly #read = new Set<number>()
  readonly #written = new Set<number>()
  pages = 1
  counter: number

  constructor(program: Program, counter: number, charges: Charges) {
    this.#functions = program.functions.map(prepare)
    this.counter = counter
    this.#charges = charges
  }

  call(index: number, args: readonly number[]): number {
    const prepared = this.#functions[index]
    if (!prepared) throw new Error(`no function ${index}`)
    const locals = Array.from({ length: localCount }, (_, n) => args[n] ?? 0)
    const stack: number[] = []
    const labels: { readonly at: number; readonly height: number }[] = []
    let at = 0
    const { body, blocks, ends, elses } = prepared
    const pop = (): number => stack.pop() ?? 0
    const arrive = (position: number, checked: boolean): void => {
      at = position
      this.counter -= blocks[position] ?? 0
      if (checked && this.counter < 0) throw new Stopped('out of instructions')
    }
    const branch = (depth: number): void => {
      const label = labels[labels.length - 1 - depth] ?? { at: -1, height: 0 }
      if (body[label.at]?.op === 'loop') {
        labels.length -= depth
        stack.length = label.height
        arrive(label.at + 1, true)
      } else {
        labels.length -= depth + 1
        stack.length = label.height
        arrive((ends.get(label.at) ?? 0) + 1, false)
      }
    }
    arrive(0, true)
    while (at < body.length) {
      const { op, n = 0, labels: targets = [] } = body[at] ?? { op: 'end' }
      const here = at++
      switch (op) {
        case 'block':
          labels.push({ at: here, height: stack.length })
          break
        case 'loop':
          labels.push({ at: here, height: stack.length })
          arrive(here + 1, true)
          break
        case 'if': {
          const taken = pop() !== 0
          labels.push({ at: here, height: stack.length })
          const otherwise = elses.get(here)
          if (taken) arrive(here + 1, false)
          else if (otherwise !== undefined) arrive(otherwise + 1, false)
          else {
            labels.pop()
            arrive((ends.get(here) ?? 0) + 1, false)
          }
          break
        }
        case 'else': {
          const opening = labels.pop()
          arrive((ends.get(opening?.at ?? 0) ?? 0) + 1, false)
          break
        }
        case 'end':
          labels.pop()
          arrive(here + 1, false)
          break
        case 'br':
          branch(n)
          break
        case 'br_if':
          if (pop() !== 0) branch(n)
          else arrive(here + 1, false)
          break
        case 'br_table':
          branch(targets[Math.min(pop() >>> 0, targets.length - 1)] ?? 0)
          break
        case 'return':
          return pop()
        case 'unreachable':
          throw new Stopped('unreachable')
        case 'call': {
          const [second, first] = [pop(), pop()]
          stack.push(this.call(n, [first, second]))
          break
        }
        default:
          this.#simple(op, n, stack, locals)
      }
    }
    return pop()
  }

  #simple(op: string, n: number, stack: number[], locals: number[]): void {
    const pop = (): number => stack.pop() ?? 0
    switch (op) {
      case 'nop':
        return
      case 'drop':
        pop()
        return
      case 'i32.const':
        stack.push(n | 0)
        return
      case 'local.get':
        stack.push(locals[n] ?? 0)
        return
      case 'local.set':
        locals[n] = pop()
        return
      case 'local.tee':
        locals[n] = stack.at(-1) ?? 0
        return
      case 'global.get':
        stack.push(this.globals[n] ?? 0)
        return
      case 'global.set':
        this.globals[n] = pop()
        return
      case 'memory.size':
        stack.push(this.pages)
        return
      case 'memory.grow': {
        const delta = pop() >>> 0
        if (this.pages + delta > maximumPages) stack.push(-1)
        else {
          stack.push(this.pages)
          this.pages += delta
        }
        return
      }
      case 'i32.load':
        stack.push(this.memory.getInt32(this.#address(pop(), n, false), true))
        return
      case 'i32.store': {
        const value = pop()
        this.memory.setInt32(this.#address(pop(), n, true), value, true)
        return
      }
      case 'i32.eqz':
        stack.push(pop() === 0 ? 1 : 0)
        return
      default: {
        const [b, a] = [pop(), pop()]
        stack.push(arithmetic(op, a, b))
      }
    }
  }

  #address(base: number, offset: number, writes: boolean): number {
    const address = (base >>> 0) + offset
    if (address + 4 > this.pages * pageBytes) throw new Stopped('memory access out of bounds')
    for (const page of new Set([address, address + 3].map((byte) => Math.floor(byte / pageBytes)))) {
      if (!this.#read.has(page)) this.counter -= this.#charges.read
      this.#read.add(page)
      if (writes && !this.#written.has(page)) this.counter -= this.#charges.write
      if (writes) this.#written.add(page)
    }
    return address
  }
}

function arithmetic(op: string, a: number, b: number): number {
  switch (op) {
    case 'i32.add':
      return (a + b) | 0
    case 'i32.sub':
      return (a - b) | 0
    case 'i32.mul':
      return Math.imul(a, b)
    case 'i32.xor':
      return a ^ b
    case 'i32.lt_u':
      return a >>> 0 < b >>> 0 ? 1 : 0
    case 'i32.shr_u':
      return (a >>> (b & 31)) | 0
    case 'i32.div_u':
      if (b === 0) throw new Stopped('divide by zero')
      return Math.floor((a >>> 0) / (b >>> 0)) | 0
    case 'i32.rem_u':
      if (b === 0) throw new Stopped('remainder by zero')
      return ((a >>> 0) % (b >>> 0)) | 0
    default:
      throw new Error(`no arithmetic for ${op}`)
  }
}
