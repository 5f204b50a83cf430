import binanceCoinmAggtrades from '../../mappings/binance-coinm-aggtrades.json' with { type: 'json' };
import binanceCoinmKlines from '../../mappings/binance-coinm-klines.json' with { type: 'json' };
import binanceCoinmLiquidations from '../../mappings/binance-coinm-liquidations.json' with { type: 'json' };
import binanceCoinmTrades from '../../mappings/binance-coinm-trades.json' with { type: 'json' };
import binanceSpotAggtrades from '../../mappings/binance-spot-aggtrades.json' with { type: 'json' };
import binanceSpotKlines from '../../mappings/binance-spot-klines.json' with { type: 'json' };
import binanceSpotTrades from '../../mappings/binance-spot-trades.json' with { type: 'json' };
import binanceUsdmAggtrades from '../../mappings/binance-usdm-aggtrades.json' with { type: 'json' };
import binanceUsdmKlines from '../../mappings/binance-usdm-klines.json' with { type: 'json' };
import binanceUsdmLiquidations from '../../mappings/binance-usdm-liquidations.json' with { type: 'json' };
import binanceUsdmTrades from '../../mappings/binance-usdm-trades.json' with { type: 'json' };
import ccxtLiquidations from '../../mappings/ccxt-liquidations.json' with { type: 'json' };
import ccxtOhlcv from '../../mappings/ccxt-ohlcv.json' with { type: 'json' };
import ccxtOrders from '../../mappings/ccxt-orders.json' with { type: 'json' };
import ccxtPositions from '../../mappings/ccxt-positions.json' with { type: 'json' };
import ccxtTrades from '../../mappings/ccxt-trades.json' with { type: 'json' };
import ccxtTransfers from '../../mappings/ccxt-transfers.json' with { type: 'json' };
import fixOrders from '../../mappings/fix-orders.json' with { type: 'json' };
import fixTrades from '../../mappings/fix-trades.json' with { type: 'json' };
import okxCandles from '../../mappings/okx-candles.json' with { type: 'json' };
import okxLiquidations from '../../mappings/okx-liquidations.json' with { type: 'json' };
import okxPositions from '../../mappings/okx-positions.json' with { type: 'json' };
import okxTrades from '../../mappings/okx-trades.json' with { type: 'json' };
import { type MappingFile, mappingOf } from './build/mapping-of.ts';
import type { Mapping } from './mapping.ts';

/** The mappings of formats that exchanges publish, by name. They are checked by the schema in a test, not at each start. */
export function shippedMappings(): Mapping[] {
  const files: readonly unknown[] = [
    binanceCoinmAggtrades,
    binanceCoinmKlines,
    binanceCoinmLiquidations,
    binanceCoinmTrades,
    binanceSpotAggtrades,
    binanceSpotKlines,
    binanceSpotTrades,
    binanceUsdmAggtrades,
    binanceUsdmKlines,
    binanceUsdmLiquidations,
    binanceUsdmTrades,
    ccxtLiquidations,
    ccxtOhlcv,
    ccxtOrders,
    ccxtPositions,
    ccxtTrades,
    ccxtTransfers,
    fixOrders,
    fixTrades,
    okxCandles,
    okxLiquidations,
    okxPositions,
    okxTrades,
  ];
  // The test of shipped mappings holds each against the schema that a desk's own must keep.
  return files.map((file) => mappingOf(file as MappingFile));
}
