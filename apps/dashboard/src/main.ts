import { TidemarkApp } from './app.ts'
import { createFeed } from './feed/feed.ts'

document.body.prepend(new TidemarkApp(createFeed))
