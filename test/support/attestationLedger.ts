import { ANSWER_WINDOW, BOND, CHALLENGE_WINDOW, type Chain, FEE, type State } from './attestationSystem.js';

export const CHALLENGES = ['challengeEntry', 'challengeChain', 'challengeProof'] as const;
export type Challenge = (typeof CHALLENGES)[number];

/** What may be wrong with a chain of three batches. */
export const KINDS = ['honest', 'falseProof', 'wrongTable', 'unchained', 'unknownLeaf'] as const;
export type Kind = (typeof KINDS)[number];

/** The position of what is wrong, and the one challenge that shows it; what nobody knows can only be demanded. */
export const FAULTY_POSITION = 1;
const SHOWN_BY: Readonly<Record<Kind, Challenge | undefined>> = {
  honest: undefined,
  falseProof: 'challengeProof',
  wrongTable: 'challengeEntry',
  unchained: 'challengeChain',
  unknownLeaf: undefined,
};

/** Calls about a position, and calls about none. */
export type Placed = Challenge | 'demand' | 'answer' | 'claimUnanswered' | 'reclaimFee';
export type Plain = 'retract' | 'withdrawBond' | 'withdraw' | 'revokeRisk';

/**
 * A call, `after` seconds after the last, by one of the actors and about one of the attestations. An aimed one is made by
 * another, about another or elsewhere if it would be refused, or not at all: calls at random hardly ever go well.
 */
export type Command = (
  | { readonly does: 'attest'; readonly kind: Kind }
  | { [D in Placed]: { readonly does: D; readonly position: number } }[Placed]
  | { [D in Plain]: { readonly does: D } }[Plain]
) & { readonly by: number; readonly of: number; readonly after: bigint; readonly isAimed: boolean };

/** Positions that calls are about. */
export const POSITIONS = [FAULTY_POSITION, 0, 4] as const;

interface Demanded {
  readonly payer: number;
  readonly deadline: bigint;
  status: 'open' | 'answered' | 'paid back';
}

/** What is known of an attestation from the calls that succeeded. */
export interface Known {
  readonly id: string;
  readonly kind: Kind;
  readonly chain: Chain;
  readonly venue: number;
  readonly windowEnd: bigint;
  challengeableUntil: bigint;
  /** shown to be faulty, left unanswered, or taken back */
  isFaulted: boolean;
  hasBond: boolean;
  readonly demands: Map<number, Demanded>;
}

/**
 * What is promised of attestations under a bond, as a ledger that is kept from the calls that succeeded: which calls
 * succeed, where an attestation stands, who has what.
 */
export class AttestationLedger {
  readonly attestations: Known[] = [];
  readonly credits: bigint[];
  burned = 0n;
  private riskRevokedAt: bigint | undefined;

  constructor(actors: number) {
    this.credits = new Array<bigint>(actors).fill(0n);
  }

  /** The attestation that a command is about; none before the first. */
  about({ of }: Command): Known | undefined {
    return this.attestations[of % Math.max(1, this.attestations.length)];
  }

  /** The command, or if it is aimed one of its like that is allowed in that second; undefined if there is none. */
  aim(command: Command, now: bigint): Command | undefined {
    if (!command.isAimed || this.allows(command, now)) return command;
    for (let of = 0; of < this.attestations.length; of++) {
      for (let by = 0; by < this.credits.length; by++) {
        for (const position of POSITIONS) {
          const changed = 'position' in command ? { ...command, of, by, position } : { ...command, of, by };
          if (this.allows(changed, now)) return changed;
        }
      }
    }
    return undefined;
  }

  /** What the contract has to hold. */
  held(): bigint {
    const demands = this.attestations.flatMap((known) => [...known.demands.values()]);
    const bonds = BigInt(this.attestations.filter(({ hasBond }) => hasBond).length) * BOND;
    const fees = BigInt(demands.filter(({ status }) => status === 'open').length) * FEE;
    return bonds + fees + this.credits.reduce((sum, credit) => sum + credit, 0n);
  }

  /** Whether a call has to succeed in that second. */
  allows(command: Command, now: bigint): boolean {
    const { does, by } = command;
    if (does === 'revokeRisk' || does === 'attest') return this.riskRevokedAt === undefined;
    if (does === 'withdraw') return (this.credits[by] as bigint) > 0n;
    const known = this.about(command);
    if (known === undefined) return false;
    const state = this.stateOf(known, now);
    if (does === 'withdrawBond') {
      return by === known.venue && known.hasBond && (state === 'Final' || state === 'Revoked');
    }
    if (does === 'retract') return by === known.venue && state === 'Pending';
    return does === 'reclaimFee'
      ? state === 'Revoked' && known.demands.get(command.position)?.status === 'open'
      : state === 'Pending' && allowedWhilePending(known, does, command.position, now);
  }

  stateOf(known: Known, now: bigint): State {
    if (known.isFaulted) return 'Revoked';
    const statuses = [...known.demands.values()].map(({ status }) => status);
    const isPending = statuses.includes('open') || now <= known.challengeableUntil;
    // a fee is paid back after a revocation only, and that stays
    const isInTime = isPending || statuses.includes('paid back');
    const revokedAt = this.riskRevokedAt;
    if (revokedAt !== undefined && (isInTime || revokedAt <= known.challengeableUntil)) return 'Revoked';
    return isPending ? 'Pending' : 'Final';
  }

  /** Enters an attestation. */
  attested(id: string, kind: Kind, chain: Chain, venue: number, now: bigint): void {
    const windowEnd = now + CHALLENGE_WINDOW;
    const start = { isFaulted: false, hasBond: true, demands: new Map() };
    this.attestations.push({ ...start, id, kind, chain, venue, windowEnd, challengeableUntil: windowEnd });
  }

  /** Enters another call that succeeded in that second. */
  enter(command: Command, now: bigint): void {
    const { does, by } = command;
    const known = this.about(command);
    if (does === 'revokeRisk') this.riskRevokedAt = now;
    else if (does === 'withdraw') this.credits[by] = 0n;
    else if (known === undefined || does === 'attest') return;
    else if (does === 'withdrawBond') {
      known.hasBond = false;
      this.credits[by] = 0n;
    } else if (does === 'demand') {
      known.demands.set(command.position, { payer: by, deadline: now + ANSWER_WINDOW, status: 'open' });
    } else if (does === 'answer' || does === 'claimUnanswered' || does === 'reclaimFee') {
      this.endDemand(known, does, command.position, now);
    } else {
      this.fault(known, by);
    }
  }

  private endDemand(
    known: Known,
    does: 'answer' | 'claimUnanswered' | 'reclaimFee',
    position: number,
    now: bigint,
  ): void {
    const demanded = known.demands.get(position) as Demanded;
    if (does === 'answer') {
      demanded.status = 'answered';
      const until = now + ANSWER_WINDOW;
      if (until > known.challengeableUntil) known.challengeableUntil = until;
      this.credit(known.venue, FEE);
      return;
    }
    demanded.status = 'paid back';
    this.credit(demanded.payer, FEE);
    if (does === 'claimUnanswered') this.fault(known, demanded.payer);
  }

  private fault(known: Known, rewarded: number): void {
    known.isFaulted = true;
    known.hasBond = false;
    this.credit(rewarded, BOND / 2n);
    this.burned += BOND - BOND / 2n;
  }

  private credit(actor: number, amount: bigint): void {
    this.credits[actor] = (this.credits[actor] as bigint) + amount;
  }
}

function allowedWhilePending(
  known: Known,
  does: Challenge | 'demand' | 'answer' | 'claimUnanswered',
  position: number,
  now: bigint,
): boolean {
  const demanded = known.demands.get(position);
  const isFaulty = position === FAULTY_POSITION;
  switch (does) {
    case 'demand':
      return now <= known.windowEnd && demanded === undefined;
    case 'answer': {
      const isKnown = known.kind !== 'unknownLeaf' || !isFaulty;
      return demanded?.status === 'open' && now <= demanded.deadline && isKnown;
    }
    case 'claimUnanswered':
      return demanded?.status === 'open' && now > demanded.deadline;
    default:
      return SHOWN_BY[known.kind] === does && isFaulty;
  }
}
