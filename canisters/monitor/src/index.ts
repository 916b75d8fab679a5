import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import {
  canisterSelf,
  init,
  isController,
  msgArgData,
  msgCaller,
  msgReply,
  postUpgrade,
  query,
  setTimerInterval,
  time,
  trap,
  update,
} from 'azle'
import { type Caller, mayManage, mayRead } from './access.ts'
import { encodeFleet, encodeHistory } from './answers.ts'
import { decodeHistoryArguments, decodeInitArguments } from './arguments.ts'
import { claimState, whyNotClaim } from './claim.ts'
import { type Config, configure } from './config.ts'
import { describeFailure } from './callFailure.ts'
import { callRedrive } from './hooks/calls.ts'
import { readAlerts, readDeliveries, readWatch, reviveDelivery } from './hooks/store.ts'
import { planHooks } from './hooks/watch.ts'
import { lookAt } from './look.ts'
import { keep, pollFleet, pollProgress } from './poll.ts'
import { initTypes, typesOf } from './service.ts'
import { addWatched, isWatched, readConfig, readFleet, readHistory, removeWatched, watchedCanisters, writeConfig } from './store.ts'
import { takeControl } from './takeControl.ts'

const maxWatched = 100
const defaultHistory = 100
const maxHistory = 500

/** The monitor's methods; `monitor.did` says what they take and give. */
export default class Monitor {
  @init(initTypes, { manual: true })
  install(): void {
    start(configure(undefined, decodeInitArguments(msgArgData())))
  }

  @postUpgrade(initTypes, { manual: true })
  upgrade(): void {
    start(configure(readConfig(), decodeInitArguments(msgArgData())))
  }

  @update(...typesOf('register'))
  async register(canister: Principal): Promise<monitorTypes.Result> {
    if (!mayManage(config(), caller())) return { Err: 'Only a controller of the monitor may register canisters.' }
    if (isWatched(canister)) return { Ok: null }
    if (watchedCanisters().length >= maxWatched) return { Err: `The monitor watches ${maxWatched} canisters already, and no more.` }
    const look = await lookAt(canister)
    if (look.sample === undefined) {
      return { Err: `${look.error?.message ?? ''}\nMake ${canisterSelf().toText()} a controller of ${canister.toText()} first.`.trim() }
    }
    if (!isWatched(canister)) addWatched(canister)
    keep(canister, look, config().historyLimit)
    return { Ok: null }
  }

  @update(...typesOf('unregister'))
  unregister(canister: Principal): monitorTypes.Result {
    if (!mayManage(config(), caller())) return { Err: 'Only a controller of the monitor may unregister canisters.' }
    if (!isWatched(canister)) return { Err: `${canister.toText()} is not registered.` }
    removeWatched(canister)
    planHooks(canister, undefined)
    return { Ok: null }
  }

  @update(...typesOf('watch_hooks'))
  watch_hooks(canister: Principal, [plan]: [] | [monitorTypes.HookPlan]): monitorTypes.Result {
    if (!mayManage(config(), caller())) return { Err: 'Only a controller of the monitor may watch hooks.' }
    if (!isWatched(canister)) return { Err: `${canister.toText()} is not registered.` }
    planHooks(canister, plan)
    return { Ok: null }
  }

  @update(...typesOf('redrive'))
  redrive(numbers: BigUint64Array): monitorTypes.Redriven[] {
    requireManager()
    return [...numbers].map((number) => ({ number, error: reviveDelivery(number, time()) }))
  }

  @update(...typesOf('redrive_errors'))
  async redrive_errors(canister: Principal, numbers: BigUint64Array): Promise<monitorTypes.ErrorsResult> {
    requireManager()
    try {
      return { Ok: await callRedrive(canister, numbers) }
    } catch (error) {
      return { Err: describeFailure(error) }
    }
  }

  @update(...typesOf('claim'))
  async claim(): Promise<monitorTypes.ClaimResult> {
    const { principal } = caller()
    const reason = whyNotClaim(config(), principal)
    if (reason !== undefined) return { Err: reason }
    writeConfig({ ...config(), claimant: principal })
    const others = watchedCanisters().filter((canister) => canister.compareTo(canisterSelf()) !== 'eq')
    return { Ok: await takeControl([...others, canisterSelf()], principal) }
  }

  @query(...typesOf('fleet'), { manual: true })
  fleet(): void {
    requireReader()
    const { polls, polledAtNanos } = pollProgress()
    const { intervalSeconds, historyLimit } = config()
    msgReply(
      encodeFleet({
        polls,
        polled_at_nanos: polledAtNanos,
        interval_seconds: intervalSeconds,
        history_limit: historyLimit,
        claim: claimState(config()),
        canisters: readFleet(),
      }),
    )
  }

  @query(...typesOf('history'), { manual: true })
  history(): void {
    requireReader()
    const { canister, range } = decodeHistoryArguments(msgArgData())
    msgReply(encodeHistory(readHistory(canister, Math.min(range?.limit[0] ?? defaultHistory, maxHistory), range?.before_nanos[0])))
  }

  @query(...typesOf('hook_plan'))
  hook_plan(canister: Principal): [] | [monitorTypes.HookPlan] {
    requireReader()
    const plan = readWatch(canister)?.plan
    return plan === undefined ? [] : [plan]
  }

  @query(...typesOf('alerts'))
  alerts(): monitorTypes.Alert[] {
    requireReader()
    return readAlerts()
  }

  @query(...typesOf('deliveries'))
  deliveries(): monitorTypes.HookDelivery[] {
    requireReader()
    return readDeliveries()
  }

  @query(...typesOf('look'), { composite: true })
  async look(canister: Principal): Promise<monitorTypes.LookResult> {
    requireReader()
    const { sample, error } = await lookAt(canister)
    return sample === undefined ? { Err: error?.message ?? '' } : { Ok: sample }
  }
}

function start(given: Config): void {
  writeConfig(given)
  setTimerInterval(given.intervalSeconds, () => pollFleet(config))
}

function config(): Config {
  return readConfig() ?? trap('The monitor has no configuration: install it again.')
}

function caller(): Caller {
  const principal = msgCaller()
  return { principal, isController: isController(principal) }
}

function requireManager(): void {
  if (!mayManage(config(), caller())) trap('Only a controller of the monitor may send anything again.')
}

function requireReader(): void {
  if (!mayRead(config(), caller())) trap('Only a controller of the monitor, or a viewer it was installed with, may read.')
}
