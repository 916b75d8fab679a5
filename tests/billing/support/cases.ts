/** The published billing cases, and which of them a running network cannot show directly. */
import { readFileSync } from 'node:fs'
import type { CostSchedule, Profile, SubnetType } from '@tidemark/cycles'
import type { ReplicaOptions } from '@tidemark/replica'

type Fields = Readonly<Record<string, string | number>>

interface RawCase {
  readonly id: string
  readonly group: string
  readonly title: string
  readonly input: Fields
  readonly expected: Fields
}

/** A case with its numbers read: all are whole and may be large. */
export class BillingCase {
  readonly id: string
  readonly group: string
  readonly title: string
  readonly #raw: RawCase

  constructor(raw: RawCase) {
    this.id = raw.id
    this.group = raw.group
    this.title = raw.title
    this.#raw = raw
  }

  /** A number of the input; 0 when it is not given. */
  input(name: string): bigint {
    return BigInt(this.#raw.input[name] ?? 0)
  }

  expected(name: string): bigint {
    return BigInt(this.expectedText(name))
  }

  expectedText(name: string): string {
    const value = this.#raw.expected[name]
    if (value === undefined) throw new Error(`${this.id} expects no ${name}`)
    return String(value)
  }

  get mode(): 'wasm32' | 'wasm64' {
    return this.#raw.input['mode'] === 'wasm64' ? 'wasm64' : 'wasm32'
  }

  /** Options of the network that the case describes. */
  get network(): ReplicaOptions {
    const { subnet_size, profile, subnet_type, cost_schedule, reference_subnet_size } = this.#raw.input
    return {
      profile: String(profile) as Profile,
      subnetSize: Number(subnet_size),
      sev: reference_subnet_size === 7,
      ...(subnet_type === undefined ? {} : { subnetType: String(subnet_type) as SubnetType }),
      ...(cost_schedule === undefined ? {} : { costSchedule: String(cost_schedule) as CostSchedule }),
    }
  }
}

const file = new URL('../../../packages/cycles/test/fixtures/billing-cases.json', import.meta.url)
const all = (JSON.parse(readFileSync(file, 'utf8')) as { cases: RawCase[] }).cases.map((raw) => new BillingCase(raw))

/** All cases. */
export const billingCases: readonly BillingCase[] = all

/** Cases of some groups, each with a line that names it. */
export function casesOf(...groups: string[]): [title: string, billingCase: BillingCase][] {
  return all.filter(({ group }) => groups.includes(group)).map((one) => [`${one.id} ${one.title}`, one])
}

/** Groups, by the test file that shows them. */
export const shownBy: Readonly<Record<string, readonly string[]>> = {
  'resources.test.ts': ['storage', 'allocation', 'compute', 'cadence', 'freezing', 'messages'],
  'growth.test.ts': ['growth'],
  'messages.test.ts': ['execution', 'call', 'ingress'],
  'managementFees.test.ts': ['creation', 'http', 'threshold', 'snapshot', 'burn'],
}

/** Cases that are shown in another way than they are told, and why. */
export const shownOtherwise: Readonly<Record<string, string>> = {
  B06: 'a canister that uses anything uses more than a byte: it allocates one',
  B07: 'a canister that uses anything uses more than a byte: it allocates one',
  B42: 'with so few cycles the canister is frozen before it grows, so the message is refused',
  B45: 'ten gibibytes are kept for callbacks, so the last ones are taken in a callback',
  B52: 'ten gibibytes are kept for callbacks, so the last ones are taken in a callback',
}
