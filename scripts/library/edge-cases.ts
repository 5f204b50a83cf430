/** What defeats rules that were written in good faith. A case says which one it shows: `source: …; edge case 12`. */
export interface EdgeCase {
  readonly vector: 'PD' | 'WT' | 'LS' | 'SY' | 'FC' | 'NB';
  /** miss: an attack is overlooked. false: an innocent is accused. */
  readonly danger: 'miss' | 'false' | 'both';
  readonly what: string;
}

/** The first is edge case 1. */
export const edgeCases: readonly EdgeCase[] = [
  { vector: 'PD', danger: 'miss', what: 'a pump that lifts the price by less than 5 % in ten minutes' },
  { vector: 'PD', danger: 'miss', what: 'a pump that never doubles the mean price' },
  { vector: 'PD', danger: 'miss', what: 'buying that begins before the announced minute' },
  { vector: 'PD', danger: 'miss', what: 'a smooth drift beforehand that hides the rise' },
  { vector: 'PD', danger: 'false', what: 'arbitrageurs who carry a pump from another venue' },
  { vector: 'PD', danger: 'false', what: 'a crowd that buys, and no organiser who sells' },
  { vector: 'PD', danger: 'miss', what: 'a dry run hours before the real pump' },
  { vector: 'PD', danger: 'both', what: 'a rise on the news of a delisting, while funding stands at its cap' },
  { vector: 'PD', danger: 'miss', what: 'a pre-market contract without an index to compare with' },
  { vector: 'WT', danger: 'miss', what: 'dozens of accounts one after another, never at the same time' },
  { vector: 'WT', danger: 'miss', what: 'a ring of more than two accounts' },
  { vector: 'WT', danger: 'miss', what: 'a bot that feigns volume in one week and trades evenly in the next' },
  { vector: 'WT', danger: 'miss', what: 'market makers that are hired for volume' },
  { vector: 'WT', danger: 'both', what: 'two programs of the venue that meet each other' },
  { vector: 'WT', danger: 'miss', what: 'self-trade prevention that knows one main account only' },
  { vector: 'WT', danger: 'false', what: 'an order that is older than self-trade prevention' },
  { vector: 'WT', danger: 'miss', what: 'attempts that were prevented and never printed' },
  { vector: 'WT', danger: 'false', what: 'many real people who farm points' },
  { vector: 'LS', danger: 'miss', what: 'an attacker who is liquidated and still ends with a gain' },
  { vector: 'LS', danger: 'miss', what: 'legs of several accounts that are flat together' },
  { vector: 'LS', danger: 'miss', what: 'an attacker who loses money to make the vault lose more' },
  { vector: 'LS', danger: 'miss', what: 'harm that lies in what is borrowed, not in trading profit' },
  { vector: 'LS', danger: 'false', what: 'a large position whose owner does not reduce; intent unproven' },
  { vector: 'LS', danger: 'false', what: 'large positions closed because the venue changed its tiers' },
  { vector: 'LS', danger: 'false', what: 'a fall with forced closings whose cause is disputed' },
  { vector: 'LS', danger: 'false', what: 'holders of a presale who hedge short' },
  { vector: 'LS', danger: 'false', what: 'a basis trader whose hedged leg is liquidated' },
  { vector: 'SY', danger: 'false', what: 'many accounts behind one address: office, broker, VPN' },
  { vector: 'SY', danger: 'false', what: 'a faucet that funds thousands' },
  { vector: 'SY', danger: 'false', what: 'sub-accounts and copy traders who move together by design' },
  { vector: 'SY', danger: 'miss', what: 'wallets funded by an exchange, so that no funder is shared' },
  { vector: 'FC', danger: 'both', what: 'one of two venues of an index falls' },
  { vector: 'FC', danger: 'false', what: 'a wrong venue of an index that was not left out' },
  { vector: 'FC', danger: 'false', what: "a crash of a minute by a client's faulty program" },
  { vector: 'FC', danger: 'miss', what: 'collateral that falls on the venue itself and nowhere else' },
  { vector: 'FC', danger: 'miss', what: 'a public feed of liquidations that cannot keep up' },
  { vector: 'FC', danger: 'miss', what: 'one large sale that sets off hundreds of stops' },
  { vector: 'FC', danger: 'both', what: 'a runaway program whose maker and takers blame each other' },
  { vector: 'NB', danger: 'miss', what: 'a contract without price impact, and a price that is moved elsewhere' },
  { vector: 'NB', danger: 'false', what: 'icebergs and makers who requote: many cancellations' },
];

/** The list beneath them: `source: …; edge case list: clock skew`. */
export const alsoWatched: readonly string[] = [
  'index rebalancing',
  'new listings',
  'airdrop farming',
  'hedged option books',
  'block and RFQ trades',
  'latency replays',
  'clock skew between feeds',
  'duplicate and late prints',
  'contract-size and inverse-contract units',
  'a symbol renamed mid-day',
  'daylight-saving in session times',
  'sub-cent prices',
  'zero-volume windows',
  'null owners',
  'an account merged yesterday',
];

/** The edge cases that a case's `source` names: numbers, and words of the list. */
export function edgeCasesOf(source: string): {
  readonly numbers: readonly number[];
  readonly words: readonly string[];
} {
  const numbers = [...source.matchAll(/\bedge cases? (\d+(?:(?:,| and) ?\d+)*)/gi)].flatMap(([, told = '']) =>
    (told.match(/\d+/g) ?? []).map(Number),
  );
  const words = [...source.matchAll(/\bedge case list: ([^;]+)/gi)].map(([, told = '']) => told.trim());
  return { numbers, words };
}

/** Where it stands on the list; −1: it is called by other words. A part of the name is enough. */
export function placeOnList(word: string): number {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim();
  const said = plain(word);
  return alsoWatched.findIndex((name) => plain(name).includes(said) || said.includes(plain(name)));
}
