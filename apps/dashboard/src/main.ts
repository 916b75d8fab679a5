import { TidemarkApp } from './app.ts'
import { connect } from './feed/connect.ts'
import { createFeed, type FeedPorts } from './feed/feed.ts'
import { fetchJsonFile, fetchModule } from './feed/files.ts'
import { findNetwork, isLocalHost } from './feed/network.ts'
import { openSession } from './feed/session.ts'

const ports: FeedPorts = {
  isLocal: isLocalHost(location.hostname),
  visibility: document,
  findNetwork: () => findNetwork({ address: location, cookies: document.cookie, fetchJson: fetchJsonFile }),
  connect,
  openSession,
  fetchModule,
}

document.body.prepend(new TidemarkApp((options) => createFeed(ports, options)))
