import type { HookFacts, HookStore, Table } from '@tidemark/hooks'
import { type Serializable, StableBTreeMap } from 'azle'

// Eight bytes, highest first: the order of the keys is that of the numbers.
const numbers: Serializable = {
  toBytes: (number) => {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(String(number)))
    return bytes
  },
  fromBytes: (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0),
}

function createTable<Value>(memory: number): Table<Value> {
  const map = new StableBTreeMap<bigint, Value>(memory, numbers)
  return {
    get: (number) => map.get(number) ?? undefined,
    set: (number, value) => void map.insert(number, value),
    delete: (number) => void map.remove(number),
    numbers: () => map.keys(),
  }
}

/** What of the hooks survives an upgrade: Azle keeps no heap, so it lies in stable memories 0 to 3. */
export function createStableStore(): HookStore {
  const facts = new StableBTreeMap<'facts', HookFacts>(0)
  return {
    runs: createTable(1),
    due: createTable(2),
    errors: createTable(3),
    readFacts: () => facts.get('facts') ?? undefined,
    writeFacts: (written) => void facts.insert('facts', written),
  }
}
