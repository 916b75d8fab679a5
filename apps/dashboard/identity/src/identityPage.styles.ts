import { css } from 'lit'

export const identityPageStyles = css`
  main {
    max-width: 26rem;
    margin: 0 auto;
    padding: 24px 20px 32px;
  }
  .stand-in {
    padding: 10px 14px;
    border-left: 4px solid var(--coral-solid);
    border-radius: 4px;
    background: var(--coral-soft);
    color: var(--ink);
    font-size: var(--text-s);
  }
  h1 {
    margin: 26px 0 6px;
    font-size: var(--text-xl);
    font-weight: 680;
    letter-spacing: -0.02em;
  }
  code {
    overflow-wrap: anywhere;
    color: var(--ink);
    font-weight: 600;
  }
  p {
    margin-bottom: 12px;
    color: var(--ink-soft);
  }
  ul {
    display: grid;
    gap: 6px;
    margin: 16px 0;
  }
  .number {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    width: 100%;
    padding: 10px 14px;
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    background: var(--panel);
    font-size: var(--text-l);
    font-weight: 650;
    cursor: pointer;
  }
  .number span {
    font-size: var(--text-s);
    font-weight: 500;
    color: var(--ink-soft);
  }
  .number:hover {
    border-color: var(--action);
  }
  .number:hover span {
    color: var(--action);
  }
  .created {
    font-size: 2rem;
    font-weight: 700;
    letter-spacing: -0.02em;
    color: var(--ink);
  }
  .actions {
    display: flex;
    gap: 8px;
    margin-top: 14px;
  }
  .failed {
    color: var(--coral);
  }
`
