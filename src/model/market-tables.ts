import accountLinks from '../../schemas/tables/account_links.json' with { type: 'json' };
import accounts from '../../schemas/tables/accounts.json' with { type: 'json' };
import addresses from '../../schemas/tables/addresses.json' with { type: 'json' };
import alerts from '../../schemas/tables/alerts.json' with { type: 'json' };
import balances from '../../schemas/tables/balances.json' with { type: 'json' };
import candles from '../../schemas/tables/candles.json' with { type: 'json' };
import coverage from '../../schemas/tables/coverage.json' with { type: 'json' };
import depth from '../../schemas/tables/depth.json' with { type: 'json' };
import equity from '../../schemas/tables/equity.json' with { type: 'json' };
import events from '../../schemas/tables/events.json' with { type: 'json' };
import fundingPayments from '../../schemas/tables/funding_payments.json' with { type: 'json' };
import indexConstituents from '../../schemas/tables/index_constituents.json' with { type: 'json' };
import instruments from '../../schemas/tables/instruments.json' with { type: 'json' };
import insuranceFund from '../../schemas/tables/insurance_fund.json' with { type: 'json' };
import liquidations from '../../schemas/tables/liquidations.json' with { type: 'json' };
import marginEvents from '../../schemas/tables/margin_events.json' with { type: 'json' };
import orders from '../../schemas/tables/orders.json' with { type: 'json' };
import positions from '../../schemas/tables/positions.json' with { type: 'json' };
import prices from '../../schemas/tables/prices.json' with { type: 'json' };
import quotes from '../../schemas/tables/quotes.json' with { type: 'json' };
import rates from '../../schemas/tables/rates.json' with { type: 'json' };
import rewards from '../../schemas/tables/rewards.json' with { type: 'json' };
import riskLimits from '../../schemas/tables/risk_limits.json' with { type: 'json' };
import sessions from '../../schemas/tables/sessions.json' with { type: 'json' };
import trades from '../../schemas/tables/trades.json' with { type: 'json' };
import transfers from '../../schemas/tables/transfers.json' with { type: 'json' };
import { marketTableOf } from './build/market-table.ts';
import type { MarketTable } from './library.ts';

/** The canonical market tables, by name; a desk adds its own under `sops/tables/`. */
export function canonicalTables(): MarketTable[] {
  return [
    accountLinks,
    accounts,
    addresses,
    alerts,
    balances,
    candles,
    coverage,
    depth,
    equity,
    events,
    fundingPayments,
    indexConstituents,
    instruments,
    insuranceFund,
    liquidations,
    marginEvents,
    orders,
    positions,
    prices,
    quotes,
    rates,
    rewards,
    riskLimits,
    sessions,
    trades,
    transfers,
  ].map(marketTableOf);
}
