import { TidemarkApp } from '../../src/app.ts'
import type { Feed } from '../../src/feed/feed.ts'
import { initialFeedState, type FeedState } from '../../src/model/feedState.ts'
import { scenes } from './scenes.ts'
import type { Stage } from './stageWindow.ts'

const asked: string[] = []
let state = initialFeedState(true)
let report: (state: FeedState) => void = () => undefined

/** Sizes are bigints, which JSON does not know. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))

const ask = async (wish: string): Promise<void> => {
  asked.push(wish)
}

const feed: Feed = {
  current: () => state,
  start: () => ask('start'),
  stop: () => undefined,
  select: (name) => {
    state = { ...state, selected: name }
    report(state)
  },
  saveSettings: (settings) => ask(`save ${plain(settings)}`),
  redeploy: () => ask('redeploy'),
  login: () => ask('login'),
  logout: () => ask('logout'),
  claim: () => ask('claim'),
  dismissNotice: () => {
    const { notice: _, ...rest } = state
    state = rest
    report(state)
  },
}

const stage: Stage = {
  asked,
  show: (scene, change = {}) => {
    state = { ...scenes[scene], ...change }
    report(state)
  },
}
window.stage = stage

document.body.prepend(
  new TidemarkApp(({ onChange }) => {
    report = onChange
    return feed
  }),
)
