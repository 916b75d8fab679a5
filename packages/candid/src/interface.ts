/**
 * What a canister's interface description offers, with types that can encode and decode messages.
 *
 * @see Candid specification, "Interfaces".
 */
import { IDL } from '@dfinity/candid'
import type { DidProgram, DidType, FieldType, FunctionType } from './didType.ts'
import { parseProgram, parseTypeList } from './parseType.ts'
import { CandidError } from './tokens.ts'
import { labelId, labelKey } from './value.ts'

/** A method: its types in their order, and whether it is called as a query (composite ones too). */
export interface MethodInterface {
  readonly args: readonly IDL.Type[]
  readonly results: readonly IDL.Type[]
  readonly isQuery: boolean
  /** Whether nobody is told what came of a call. */
  readonly isOneway: boolean
}

/** A service: what the canister is installed with, and its methods by name in the order of the text. */
export interface CanisterInterface {
  readonly initArgs: readonly IDL.Type[]
  readonly methods: ReadonlyMap<string, MethodInterface>
}

/**
 * Reads a canister's interface.
 *
 * @param did - text of `candid:service` or of a `.did` file
 * @param initArgs - text of `candid:args`, which holds the init arguments where the service does not
 * @throws CandidError when it cannot be read, or names a type that it does not define
 */
export function readInterface(did: string, initArgs?: string): CanisterInterface {
  const program = parseProgram(did)
  const types = new TypeBuilder(program)
  if (program.service === undefined) return { initArgs: [], methods: new Map() }
  const service = resolve(program, program.service.type)
  if (service.kind !== 'service') throw new CandidError('the interface names something that is no service')
  const methods = new Map<string, MethodInterface>()
  for (const [name, method] of service.methods) {
    const type = resolve(program, method)
    if (type.kind !== 'func') throw new CandidError(`method ${name} is no function`)
    methods.set(name, {
      args: type.func.args.map((arg) => types.build(arg)),
      results: type.func.results.map((result) => types.build(result)),
      isOneway: type.func.modes.includes('oneway'),
      isQuery: type.func.modes.some((mode) => mode === 'query' || mode === 'composite_query'),
    })
  }
  const inits = program.service.initArgs.length > 0 || initArgs === undefined ? program.service.initArgs : parseTypeList(initArgs)
  return { initArgs: inits.map((type) => types.build(type)), methods }
}

/** The service as agents and actors take it. Composite queries are queries there. */
export function serviceOf({ methods }: CanisterInterface): IDL.ServiceClass {
  const fields = [...methods].map(([name, { args, results, isQuery, isOneway }]): [string, IDL.FuncClass] => {
    const modes = isQuery ? ['query'] : isOneway ? ['oneway'] : []
    return [name, IDL.Func(args as IDL.GenericIdlFuncArgs, results as IDL.GenericIdlFuncRets, modes)]
  })
  return IDL.Service(Object.fromEntries(fields))
}

/** The IDL type of an annotation in a value, which can name no definitions. */
export function typeOfAnnotation(type: DidType): IDL.Type {
  return new TypeBuilder({ definitions: new Map() }).build(type)
}

function resolve(program: DidProgram, type: DidType): DidType {
  let found = type
  // A chain of names longer than there are definitions is a circle.
  for (let steps = 0; found.kind === 'named'; steps++) {
    const next = program.definitions.get(found.name)
    if (next === undefined || steps > program.definitions.size) throw new CandidError(`type ${found.name} is not defined`)
    found = next
  }
  return found
}

/** Turns written types into IDL types; a name met inside its own definition becomes a recursive type. */
class TypeBuilder {
  readonly #program: DidProgram
  readonly #built = new Map<string, IDL.Type>()
  readonly #open = new Map<string, IDL.RecClass | undefined>()

  constructor(program: DidProgram) {
    this.#program = program
  }

  build(type: DidType): IDL.Type {
    switch (type.kind) {
      case 'primitive':
        return primitives[type.name]
      case 'named':
        return this.#named(type.name)
      case 'opt':
        return IDL.Opt(this.build(type.type))
      case 'vec':
        return IDL.Vec(this.build(type.type))
      case 'record':
        return this.#record(type.fields)
      case 'variant':
        return IDL.Variant(this.#fields(type.fields))
      case 'func':
        return this.#func(type.func)
      case 'service':
        return IDL.Service(
          Object.fromEntries([...type.methods].map(([name, method]) => [name, this.#method(name, resolve(this.#program, method))])),
        )
    }
  }

  #named(name: string): IDL.Type {
    const done = this.#built.get(name)
    if (done !== undefined) return done
    if (this.#open.has(name)) {
      const recursive = this.#open.get(name) ?? IDL.Rec()
      this.#open.set(name, recursive)
      return recursive
    }
    const definition = this.#program.definitions.get(name)
    if (definition === undefined) throw new CandidError(`type ${name} is not defined`)
    resolve(this.#program, definition)
    this.#open.set(name, undefined)
    const type = this.build(definition)
    this.#open.get(name)?.fill(type as IDL.ConstructType)
    this.#open.delete(name)
    this.#built.set(name, type)
    return type
  }

  #record(fields: readonly FieldType[]): IDL.Type {
    const ordered = fields.toSorted((a, b) => labelId(a.label) - labelId(b.label))
    const isTuple = ordered.length > 0 && ordered.every((field, index) => 'id' in field.label && field.label.id === index)
    if (isTuple) return IDL.Tuple(...ordered.map((field) => this.build(field.type)))
    return IDL.Record(this.#fields(fields))
  }

  #fields(fields: readonly FieldType[]): Record<string, IDL.Type> {
    return Object.fromEntries(fields.map((field) => [labelKey(field.label), this.build(field.type)]))
  }

  #method(name: string, type: DidType): IDL.FuncClass {
    if (type.kind !== 'func') throw new CandidError(`method ${name} is no function`)
    return this.#func(type.func)
  }

  #func(func: FunctionType): IDL.FuncClass {
    const args = func.args.map((arg) => this.build(arg)) as IDL.GenericIdlFuncArgs
    const results = func.results.map((result) => this.build(result)) as IDL.GenericIdlFuncRets
    return IDL.Func(args, results, [...func.modes])
  }
}

const primitives = {
  null: IDL.Null,
  bool: IDL.Bool,
  nat: IDL.Nat,
  nat8: IDL.Nat8,
  nat16: IDL.Nat16,
  nat32: IDL.Nat32,
  nat64: IDL.Nat64,
  int: IDL.Int,
  int8: IDL.Int8,
  int16: IDL.Int16,
  int32: IDL.Int32,
  int64: IDL.Int64,
  float32: IDL.Float32,
  float64: IDL.Float64,
  text: IDL.Text,
  reserved: IDL.Reserved,
  empty: IDL.Empty,
  principal: IDL.Principal,
} as const
