import { css } from 'lit'

export const appStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100vh;
    max-width: 1760px;
    margin: 0 auto;
    padding: 4px 16px 16px;
  }
  main {
    flex: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 14px;
  }
  execution-order,
  allocation-bill {
    min-width: 0;
  }
  @media (width < 1080px) {
    main {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (width < 480px) {
    :host {
      padding: 4px 8px 12px;
    }
  }
`
