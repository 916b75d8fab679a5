import fc from 'fast-check'
import { CodeWriter } from '../../src/binary/codeWriter.ts'
import { findOpcode } from '../../src/opcodes/opcodeTable.ts'

/** One instruction of a random program, flat as in the binary format. */
export interface Instruction {
  readonly op: string
  /** Constant, index, label, or offset. */
  readonly n?: number
  readonly labels?: readonly number[]
  /** A block, loop or if that leaves an i32. */
  readonly value?: boolean
}

/** Functions of type (i32, i32) -> i32 with three more locals; a function calls only later ones. */
export interface Program {
  readonly functions: readonly (readonly Instruction[])[]
}

export const paramCount = 2
export const localCount = 5
export const globalCount = 2

const binary = ['i32.add', 'i32.sub', 'i32.mul', 'i32.xor', 'i32.lt_u', 'i32.shr_u', 'i32.div_u', 'i32.rem_u'] as const
const code = (...instructions: Instruction[]): Instruction[] => instructions

/** Locals that hold addresses, and where fields lie behind them. */
const pointer = fc.constantFrom(0, 2)
const field = fc.constantFrom(0, 4)

interface Scope {
  /** Open labels. */
  readonly depth: number
  /** Functions that may be called. */
  readonly callees: readonly number[]
}

/** The generators refer to each other in a web: each is built once. */
const remembered = new Map<string, fc.Arbitrary<Instruction[]>>()
function remember(key: string, make: () => fc.Arbitrary<Instruction[]>): fc.Arbitrary<Instruction[]> {
  const known = remembered.get(key) ?? make()
  remembered.set(key, known)
  return known
}

function expression(scope: Scope, fuel: number): fc.Arbitrary<Instruction[]> {
  return remember(`expression ${scope.depth} ${scope.callees.join()} ${fuel}`, () => makeExpression(scope, fuel))
}

function makeExpression(scope: Scope, fuel: number): fc.Arbitrary<Instruction[]> {
  const leaf = fc.oneof(
    fc.oneof(fc.constantFrom(0, 1, 2, 4095, 65_532, 65_535, -1), fc.nat(70_000)).map((n) => code({ op: 'i32.const', n })),
    fc.nat(localCount - 1).map((n) => code({ op: 'local.get', n })),
    fc.nat(globalCount - 1).map((n) => code({ op: 'global.get', n })),
    fc.constant(code({ op: 'memory.size' })),
  )
  if (fuel <= 0) return leaf
  const sub = expression(scope, fuel - 1)
  const inner = { ...scope, depth: scope.depth + 1 }
  return fc.oneof(
    { arbitrary: leaf, weight: 3 },
    { arbitrary: fc.tuple(sub, sub, fc.constantFrom(...binary)).map(([a, b, op]) => [...a, ...b, { op }]), weight: 4 },
    { arbitrary: sub.map((a) => [...a, { op: 'i32.eqz' }]), weight: 1 },
    { arbitrary: fc.tuple(sub, fc.constantFrom(0, 1, 4, 4092)).map(([a, n]) => [...a, { op: 'i32.load', n }]), weight: 2 },
    { arbitrary: fc.tuple(sub, fc.nat(localCount - 1)).map(([a, n]) => [...a, { op: 'local.tee', n }]), weight: 1 },
    // What compilers repeat: the same bytes behind the same local.
    { arbitrary: fc.tuple(pointer, field).map(([p, n]) => code({ op: 'local.get', n: p }, { op: 'i32.load', n })), weight: 3 },
    {
      arbitrary: fc
        .tuple(sub, expression(inner, fuel - 1), expression(inner, fuel - 1), statements(inner, 0, fuel - 1))
        .map(([test, yes, no, before]) => [...test, { op: 'if', value: true }, ...before, ...yes, { op: 'else' }, ...no, { op: 'end' }]),
      weight: 1,
    },
    ...(scope.callees.length === 0
      ? []
      : [
          {
            arbitrary: fc.tuple(sub, sub, fc.constantFrom(...scope.callees)).map(([a, b, n]) => [...a, ...b, { op: 'call', n }]),
            weight: 2,
          },
        ]),
  )
}

function makeStatement(scope: Scope, fuel: number, valueFuel: number): fc.Arbitrary<Instruction[]> {
  const value = expression(scope, valueFuel)
  const label = fc.nat(scope.depth)
  // The function's own label takes its result: only constructs that carry nothing are branched to, and `return` has its value.
  const target = label.filter((n) => n < scope.depth)
  const inner = { ...scope, depth: scope.depth + 1 }
  const simple = fc.oneof(
    fc.tuple(value, fc.nat(localCount - 1)).map(([a, n]) => [...a, { op: 'local.set', n }]),
    fc.tuple(value, fc.nat(globalCount - 1)).map(([a, n]) => [...a, { op: 'global.set', n }]),
    fc.tuple(value, value, fc.constantFrom(0, 2, 4, 65_536)).map(([a, b, n]) => [...a, ...b, { op: 'i32.store', n }]),
    fc.tuple(pointer, field, value).map(([p, n, a]) => [{ op: 'local.get', n: p }, ...a, { op: 'i32.store', n }]),
    fc
      .tuple(pointer, field, value)
      .map(([p, n, a]) => [
        ...code({ op: 'local.get', n: p }, { op: 'local.get', n: p }, { op: 'i32.load', n }),
        ...a,
        ...code({ op: 'i32.add' }, { op: 'i32.store', n }),
      ]),
    value.map((a) => [...a, { op: 'drop' }]),
    value.map((a) => [...a, { op: 'return' }]),
    fc.constant(code({ op: 'nop' })),
    fc.constant(code({ op: 'i32.const', n: 1 }, { op: 'memory.grow' }, { op: 'drop' })),
  )
  const jumps =
    scope.depth === 0
      ? []
      : [
          target.map((n) => code({ op: 'br', n })),
          fc.tuple(value, target).map(([a, n]) => [...a, { op: 'br_if', n }]),
          fc.tuple(value, target, target, target).map(([a, ...labels]) => [...a, { op: 'br_table', labels }]),
        ]
  if (fuel <= 0) return fc.oneof({ arbitrary: simple, weight: 6 }, ...jumps.map((arbitrary) => ({ arbitrary, weight: 1 })))
  const body = statements(inner, fuel - 1, valueFuel)
  return fc.oneof(
    { arbitrary: simple, weight: 4 },
    ...jumps.map((arbitrary) => ({ arbitrary, weight: 1 })),
    { arbitrary: body.map((inside) => [{ op: 'block' }, ...inside, { op: 'end' }]), weight: 2 },
    { arbitrary: body.map((inside) => [{ op: 'loop' }, ...inside, { op: 'end' }]), weight: 2 },
    { arbitrary: fc.tuple(value, body).map(([test, yes]) => [...test, { op: 'if' }, ...yes, { op: 'end' }]), weight: 2 },
    {
      arbitrary: fc
        .tuple(value, body, body)
        .map(([test, yes, no]) => [...test, { op: 'if' }, ...yes, { op: 'else' }, ...no, { op: 'end' }]),
      weight: 2,
    },
    { arbitrary: fc.constant(code({ op: 'unreachable' })), weight: 1 },
  )
}

function statements(scope: Scope, fuel: number, valueFuel: number): fc.Arbitrary<Instruction[]> {
  return remember(`statements ${scope.depth} ${scope.callees.join()} ${fuel} ${valueFuel}`, () =>
    fc.array(makeStatement(scope, fuel, valueFuel), { maxLength: 4 }).map((list) => list.flat()),
  )
}

/** A valued `if` is a label that wants an i32; statements inside one must not branch to it. */
function withoutValuedTargets(body: readonly Instruction[]): boolean {
  const valued: boolean[] = []
  for (const { op, n = 0, labels = [n], value } of body) {
    if (op === 'block' || op === 'loop' || op === 'if') valued.push(value === true)
    else if (op === 'end') valued.pop()
    else if (op.startsWith('br') && labels.some((label) => valued[valued.length - 1 - label] !== false)) return false
  }
  return true
}

export const programs: fc.Arbitrary<Program> = fc
  .tuple(...[[1, 2], [2], []].map((callees) => fc.tuple(statements({ depth: 0, callees }, 3, 2), expression({ depth: 0, callees }, 2))))
  .map((bodies) => ({ functions: bodies.map(([before, result]) => [...before, ...result, { op: 'end' }]) }))
  .filter(({ functions }) => functions.every(withoutValuedTargets))

/** The binary module of a program: exports its functions as `0`, `1`, ..., its memory and its globals. */
export function encodeProgram({ functions }: Program): Uint8Array<ArrayBuffer> {
  const out = new CodeWriter(4096)
  const section = (id: number, write: () => void): void => {
    out.byte(id)
    const start = out.openLength()
    write()
    out.fillLength(start)
  }
  out.op(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
  section(1, () => out.op(1, 0x60, paramCount, 0x7f, 0x7f, 1, 0x7f))
  section(3, () => out.op(functions.length, ...functions.map(() => 0)))
  section(5, () => out.op(1, 1, 1, 3))
  section(6, () => out.op(globalCount, ...Array.from({ length: globalCount }, () => [0x7f, 1, 0x41, 5, 0x0b]).flat()))
  section(7, () => {
    out.op(functions.length + 1 + globalCount)
    functions.forEach((_, index) => {
      out.name(String(index))
      out.op(0, index)
    })
    out.name('memory')
    out.op(2, 0)
    for (let global = 0; global < globalCount; global++) {
      out.name(`global${global}`)
      out.op(3, global)
    }
  })
  section(10, () => {
    out.op(functions.length)
    for (const body of functions) {
      const start = out.openLength()
      out.op(1, localCount - paramCount, 0x7f)
      for (const instruction of body) encode(out, instruction)
      out.fillLength(start)
    }
  })
  return out.buffer.slice(0, out.length)
}

function encode(out: CodeWriter, { op, n = 0, labels, value }: Instruction): void {
  out.op(findOpcode(op)?.code ?? 0)
  if (op === 'block' || op === 'loop' || op === 'if') out.op(value ? 0x7f : 0x40)
  else if (op === 'i32.const') out.signed(n)
  else if (op === 'memory.size' || op === 'memory.grow') out.op(0)
  else if (op === 'i32.load' || op === 'i32.store') {
    out.op(0)
    out.u32(n)
  } else if (labels) {
    out.u32(labels.length - 1)
    for (const label of labels) out.u32(label)
  } else if (/^(local|global|br|call)/.test(op)) out.u32(n)
}
