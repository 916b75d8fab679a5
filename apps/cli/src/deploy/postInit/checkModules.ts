/** Whether two modules may follow each other in a two-module start, without losing what the first one leaves. */
import { gunzipSync } from 'node:zlib'
import { CliError } from '../../output/cliError.ts'
import type { PreparedModule } from '../module.ts'

const hook = 'canister_update canister_post_init'
// Methods that compilers add for themselves.
const internal = /^canister_(?:update|query|composite_query) (?:__|<|@)/
const method = /^canister_(?:update|query|composite_query) /

/**
 * @throws CliError when the first module has more methods than its hook, or none, and when the upgrade from the first to the
 * real module would lose the state of the first
 */
export function checkModules(first: PreparedModule, real: PreparedModule): void {
  const { exports, imports } = describe(first)
  const others = exports.filter((name) => method.test(name) && name !== hook && !internal.test(name))
  if (!exports.includes(hook) || others.length > 0) {
    throw new CliError({
      what: 'The first module must have canister_post_init and no other method.',
      why: exports.includes(hook)
        ? `It also has ${others.join(', ')}, which would be answered before the real code is there.`
        : 'It does not have it.',
      remedy: 'Move the other methods to the real module.',
    })
  }
  const why = lossBetween({ ...first, exports, imports }, { ...real, ...describe(real) })
  if (why !== undefined) {
    throw new CliError({
      what: 'The upgrade to the real module would lose what the first module leaves.',
      why,
      remedy: 'Build both modules the same way, or let both keep their state in stable memory.',
    })
  }
}

interface Described {
  readonly keepsMemory: boolean
  readonly exports: readonly string[]
  readonly imports: readonly string[]
}

/** Why state is lost between two modules; undefined when it is not. */
function lossBetween(first: Described, real: Described): string | undefined {
  if (first.keepsMemory && real.keepsMemory) return undefined
  if (first.keepsMemory)
    return 'The first one keeps its state in the main memory (enhanced orthogonal persistence), which the real one does not take over.'
  if (real.keepsMemory)
    return 'The real one takes over a main memory in the form of enhanced orthogonal persistence, and the first one has another form.'
  const writes = first.imports.some((name) => /^stable(?:64)?_write$/.test(name))
  if (!writes) return 'The first one keeps its state in the heap only, which an upgrade clears.'
  const reads = real.imports.some((name) => /^stable(?:64)?_read$/.test(name))
  return reads ? undefined : 'The first one keeps its state in stable memory, which the real one does not read.'
}

function describe({ bytes }: PreparedModule): Pick<Described, 'exports' | 'imports'> {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
  const module = new WebAssembly.Module(Uint8Array.from(plain))
  return {
    exports: WebAssembly.Module.exports(module).map(({ name }) => name),
    imports: WebAssembly.Module.imports(module).map(({ name }) => name),
  }
}
