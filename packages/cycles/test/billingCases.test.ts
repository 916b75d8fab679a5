import { describe, expect, test } from 'vitest'
import {
  baseCost,
  burnableCycles,
  callPrepayment,
  canisterCreationFee,
  chainKeyFee,
  chargedBytes,
  checkMemoryGrowth,
  computeCost,
  executionRefund,
  freezingThreshold,
  httpOutcallFee,
  idleCyclesBurnedPerDay,
  ingressInduction,
  instructionsCost,
  liquidBalance,
  perCoreUsage,
  prepaidExecution,
  resourceCharge,
  responseRefund,
  snapshotInstructions,
  storageCost,
  storageReservation,
  type GrowthRefusal,
} from '../src/index.ts'
import { accountOf, billingCases, figure, modeOf, pricingOf, subnetOf, type BillingCase } from './billingCases.ts'

type Figures = Readonly<Record<string, bigint | string>>

const resources = (row: BillingCase): Figures => {
  const pricing = pricingOf(row)
  const account = accountOf(row)
  const duration = figure(row, 'duration_seconds')
  const bytes = chargedBytes(account.memoryAllocationBytes, account.memoryUsageBytes)
  return {
    charged_bytes: bytes,
    cycles_per_second_if_charged_alone:
      storageCost(pricing, bytes, 1n) +
      baseCost(pricing, bytes, 1n) +
      storageCost(pricing, account.messageMemoryBytes ?? 0n, 1n) +
      computeCost(pricing, account.computeAllocationPercent ?? 0, 1n),
    idle_cycles_burned_per_day: idleCyclesBurnedPerDay(pricing, account),
    charge_for_duration_in_one_step: resourceCharge(pricing, account, duration).total,
    charge_for_duration_every_10s: resourceCharge(pricing, account, 10n).total * (duration / 10n),
    freezing_threshold_cycles: freezingThreshold(pricing, account),
  }
}

const errorNames: Readonly<Record<GrowthRefusal, string>> = {
  allocation_cap: 'unused in the cases',
  freezing: 'InsufficientCyclesInMemoryGrow: balance is below the freezing threshold at the new size',
  subnet_memory: 'OutOfMemory: subnet has not enough memory left',
  reserved_limit: 'ReservedCyclesLimitExceededInMemoryGrow',
  balance: 'InsufficientCyclesInMemoryGrow: main balance does not cover the reservation',
}

const growth = (row: BillingCase): Figures => {
  const pricing = pricingOf(row)
  const account = accountOf(row)
  const subnet = subnetOf(row)
  const check = checkMemoryGrowth(pricing, { growthBytes: figure(row, 'growth_bytes'), account, subnet })
  const whole = { subnetUsageBytes: subnet.usageBytes, thresholdBytes: subnet.thresholdBytes, capacityBytes: subnet.capacityBytes }
  return {
    allocated_before_bytes: check.chargedBefore,
    allocated_after_bytes: check.chargedAfter,
    newly_allocated_bytes: check.newBytes,
    subnet_available_bytes: subnet.availableBytes,
    freezing_threshold_at_new_size: check.freezingThreshold,
    reservation_required: check.reservation,
    reservation_required_per_thread_scaling: storageReservation(pricing, perCoreUsage(whole, 4n), check.newBytes),
    result: check.ok ? 'ok' : 'fail',
    fail_reason: check.ok ? '' : errorNames[check.reason],
    balance_after: check.ok ? check.balanceAfter : account.balance,
    reserved_after: check.ok ? check.reservedAfter : account.reservedBalance,
  }
}

const execution = (row: BillingCase): Figures => {
  const pricing = pricingOf(row)
  const limit = figure(row, 'instruction_limit')
  const prepaid = prepaidExecution(pricing, limit, modeOf(row))
  const refund = executionRefund(pricing, prepaid, limit - figure(row, 'instructions_used'), modeOf(row))
  return { prepaid, refund, net_charge: prepaid - refund }
}

const call = (row: BillingCase): Figures => {
  const pricing = pricingOf(row)
  const mode = modeOf(row)
  const limit = 40_000_000_000n
  const prepaid = callPrepayment(pricing, {
    methodNameBytes: figure(row, 'method_name_bytes'),
    argumentBytes: figure(row, 'argument_bytes'),
    mode,
    instructionLimit: limit,
  })
  const transmissionRefund = responseRefund(pricing, { responseBytes: figure(row, 'reply_bytes') })
  const refund = executionRefund(pricing, prepaid.execution, limit - figure(row, 'callback_instructions'), mode)
  return {
    cost_call: prepaid.total,
    transmission_prepaid: prepaid.request + prepaid.responseTransmission,
    response_execution_prepaid: prepaid.execution,
    refund_response_transmission: transmissionRefund,
    refund_response_execution: refund,
    final_cost: prepaid.total - transmissionRefund - refund,
  }
}

const snapshot = (row: BillingCase): Figures => {
  const instructions = snapshotInstructions(figure(row, 'snapshot_bytes'))
  return { instructions, charge: instructionsCost(pricingOf(row), instructions, 'wasm32') }
}

const burn = (row: BillingCase): Figures => {
  const balance = figure(row, 'balance')
  const threshold = figure(row, 'freezing_threshold_cycles')
  return row.input['amount'] === undefined
    ? { canister_liquid_cycle_balance128: liquidBalance(balance, threshold) }
    : { burned: burnableCycles(balance, threshold, figure(row, 'amount')) }
}

const computeByGroup: Readonly<Record<string, (row: BillingCase) => Figures>> = {
  storage: resources,
  allocation: resources,
  compute: resources,
  messages: resources,
  cadence: resources,
  freezing: resources,
  growth,
  execution,
  call,
  ingress: (row) => ({ cost: ingressInduction(pricingOf(row), figure(row, 'raw_message_bytes')) }),
  creation: (row) => {
    const fee = canisterCreationFee(pricingOf(row))
    return { fee, new_canister_balance: figure(row, 'attached_cycles') - fee }
  },
  http: (row) => ({
    fee: httpOutcallFee(pricingOf(row), {
      requestBytes: figure(row, 'request_bytes'),
      maxResponseBytes: figure(row, 'max_response_bytes'),
    }),
  }),
  threshold: (row) => ({ fee: chainKeyFee(pricingOf(row), 'ecdsa') }),
  snapshot,
  burn,
}

describe('published billing cases, to the cycle', () => {
  test('all 68 rows are here', () => {
    expect(billingCases).toHaveLength(68)
  })

  test.each(billingCases.map((row) => [`${row.id} ${row.group}: ${row.title}`, row] as const))('%s', (_name, row) => {
    const compute = computeByGroup[row.group]
    if (compute === undefined) throw new Error(`no computation for group ${row.group}`)
    const computed = Object.fromEntries(Object.entries(compute(row)).map(([name, value]) => [name, value.toString()]))
    expect(computed).toEqual(row.expected)
  })
})
