import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { BASE_FIELD_ORDER } from '../setup/bn254Field.js';
import { assertUsableKey, keyHash, type VerificationKey } from '../setup/verificationKey.js';

/** The constant term 3 / (9 + u) of the twist curve y^2 = x^3 + 3 / (9 + u), real and imaginary part. */
const TWIST_REAL = 19485874751759354771024239261021720505790618469301721065564631296452457478373n;
const TWIST_IMAGINARY = 266929791119991161246907387137283842545076965332900288569378510910307636690n;

/** A check is four pairings: 45,000 + 4 * 34,000 gas (EIP-1108), and a margin of five in a hundred. */
const PAIRING_GAS = 190_000n;
/** What a call may forward is 63 in 64 of what is left; the rest covers the code around the call. */
const GAS_BEFORE_PAIRING = (PAIRING_GAS * 64n) / 63n + 2_000n;
/** A multiplication costs 6,000 and an addition 150 gas (EIP-1108); the rest covers the code around the calls. */
const GAS_PER_SIGNAL = 6_500n;
/** Field and curve checks. */
const GAS_OF_CHECKS = 5_000n;

/** The name of the contract that verifies a circuit: `tiered-8` gives `Tiered8Verifier`. INVALID_INPUT if none can be made. */
export function verifierContractName(circuit: string): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(circuit)) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `"${circuit}" is no circuit name: use small letters, digits and single dashes, beginning with a letter.`,
    );
  }
  const words = circuit.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Verifier`;
}

/**
 * Solidity source of the verifier of one circuit, self-contained, with the key as constants; for seven public signals
 * it has the interface of contracts/interfaces/IMarginVerifier.sol. Refuses an unusable key as `assertUsableKey` does.
 *
 * A starved stock verifier answers "false" to a good proof, and whoever pays for the call can starve it. This one
 * decides what it can by arithmetic of its own, gives the pairing a fixed amount of gas after making sure that it is
 * there, and reverts whenever a precompile does not do its work. The fixed amount also bounds what a B outside of its
 * subgroup can burn.
 */
export function verifierSource(key: VerificationKey, circuit: string): string {
  assertUsableKey(key);
  const name = verifierContractName(circuit);
  const signals = key.nPublic;
  const minimumGas = GAS_BEFORE_PAIRING + GAS_OF_CHECKS + BigInt(signals) * GAS_PER_SIGNAL;
  const constant = (label: string, value: bigint | string): string =>
    `    uint256 private constant ${label} = ${value};`;
  const g1 = (label: string, point: readonly string[]): string[] => [
    constant(`${label}_X`, point[0] ?? ''),
    constant(`${label}_Y`, point[1] ?? ''),
  ];
  const g2 = (label: string, point: readonly (readonly string[])[]): string[] => [
    constant(`${label}_X_IMAGINARY`, point[0]?.[1] ?? ''),
    constant(`${label}_X_REAL`, point[0]?.[0] ?? ''),
    constant(`${label}_Y_IMAGINARY`, point[1]?.[1] ?? ''),
    constant(`${label}_Y_REAL`, point[1]?.[0] ?? ''),
  ];
  const steps = Array.from({ length: signals }, (_, i) => {
    const offset = i === 0 ? 'publicSignals' : `add(publicSignals, 0x${(32 * i).toString(16)})`;
    return `            done := and(done, addMultiple(sum, IC${i + 1}_X, IC${i + 1}_Y, calldataload(${offset})))`;
  });

  return `// SPDX-License-Identifier: MIT
// Generated from the verification key of the circuit ${circuit}. Do not edit.
pragma solidity ^0.8.28;

/// @title ${name}
/// @notice Verifies Groth16 proofs over BN254 of the circuit ${circuit}.
/// @dev \`false\` always means that the proof is wrong; whatever stops the check from finishing reverts. Meant to be called
/// as a contract of its own, not to be inherited.
contract ${name} {
    /// @notice The call has too little gas to tell a wrong proof from an unfinished check.
    error NotEnoughGas();

    /// @notice A precompile failed although it had its gas: \`b\` lies outside of its subgroup, or this chain lacks the
    /// precompile or prices it higher.
    error PrecompileFailed();

    /// @dev Order of the scalar field: public signals are below it.
${constant('R', FIELD_ORDER)}
    /// @dev Order of the base field: coordinates are below it.
${constant('Q', BASE_FIELD_ORDER)}
    /// @dev The twist curve is y^2 = x^3 + TWIST over Fq[u] / (u^2 + 1).
${constant('TWIST_REAL', TWIST_REAL)}
${constant('TWIST_IMAGINARY', TWIST_IMAGINARY)}

    /// @dev Gas given to the pairing: its price of 181,000 and a margin.
${constant('PAIRING_GAS', PAIRING_GAS)}
    /// @dev Gas that must be left before the pairing is called: PAIRING_GAS * 64 / 63 and a margin.
${constant('GAS_BEFORE_PAIRING', GAS_BEFORE_PAIRING)}
    /// @dev Gas that must be left on entry, so that the whole check can finish.
${constant('MINIMUM_GAS', minimumGas)}

${[...g1('ALPHA', key.vk_alpha_1), ...g2('BETA', key.vk_beta_2), ...g2('GAMMA', key.vk_gamma_2), ...g2('DELTA', key.vk_delta_2)].join('\n')}

${key.IC.flatMap((point, i) => g1(`IC${i}`, point)).join('\n')}

    /// @notice Checks a proof.
    /// @dev The point at infinity is refused for all three points.
    /// @param a The proof's A, (x, y) in G1.
    /// @param b The proof's B in G2, imaginary parts first: ((x1, x0), (y1, y0)).
    /// @param c The proof's C, (x, y) in G1.
    /// @param publicSignals The public signals, in the circuit's order.
    /// @return True if and only if every signal and coordinate is below its field's order, the points lie on their
    /// curves, and the pairing equation holds.
    function verify(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[${signals}] calldata publicSignals
    ) external view returns (bool) {
        if (gasleft() < MINIMUM_GAS) revert NotEnoughGas();
        for (uint256 i = 0; i < ${signals}; ++i) {
            if (publicSignals[i] >= R) return false;
        }
        if (!_isOnCurve(a[0], a[1]) || !_isOnCurve(c[0], c[1])) return false;
        if (!_isOnTwist(b[0][1], b[0][0], b[1][1], b[1][0])) return false;

        (uint256 x, uint256 y) = _combine(publicSignals);

        // e(-A, B) * e(alpha, beta) * e(combination, gamma) * e(C, delta) = 1. No point of the curve has y = 0, as its
        // order is odd, so Q - y is below Q.
        uint256[24] memory input = [
            a[0],
            Q - a[1],
            b[0][0],
            b[0][1],
            b[1][0],
            b[1][1],
            ALPHA_X,
            ALPHA_Y,
            BETA_X_IMAGINARY,
            BETA_X_REAL,
            BETA_Y_IMAGINARY,
            BETA_Y_REAL,
            x,
            y,
            GAMMA_X_IMAGINARY,
            GAMMA_X_REAL,
            GAMMA_Y_IMAGINARY,
            GAMMA_Y_REAL,
            c[0],
            c[1],
            DELTA_X_IMAGINARY,
            DELTA_X_REAL,
            DELTA_Y_IMAGINARY,
            DELTA_Y_REAL
        ];
        return _isProductOne(input);
    }

    /// @notice Name of the circuit.
    function circuit() external pure returns (string memory) {
        return "${circuit}";
    }

    /// @notice Hash of the verification key whose constants this contract holds: keccak256 of alpha, beta, gamma,
    /// delta and all of IC as words, in the order that the pairing precompile takes them.
    function keyHash() external pure returns (bytes32) {
        return 0x${keyHash(key)};
    }

    /// @dev IC0 + sum of signal * IC. The points are constants on the curve and the signals are below R, so a call can
    /// fail for want of gas or of the precompile only. A call to an address without code succeeds with no output:
    /// that is why the output's size is checked.
    function _combine(uint256[${signals}] calldata publicSignals) private view returns (uint256 x, uint256 y) {
        bool done;
        assembly ("memory-safe") {
            // sum: two words for the sum, two for the next point, one for its scalar, in the memory after the free pointer
            function addMultiple(sum, pointX, pointY, scalar) -> ok {
                let point := add(sum, 0x40)
                mstore(point, pointX)
                mstore(add(point, 0x20), pointY)
                mstore(add(point, 0x40), scalar)
                ok := staticcall(gas(), 0x07, point, 0x60, point, 0x40)
                ok := and(ok, eq(returndatasize(), 0x40))
                if ok {
                    ok := staticcall(gas(), 0x06, sum, 0x80, sum, 0x40)
                    ok := and(ok, eq(returndatasize(), 0x40))
                }
            }
            let sum := mload(0x40)
            mstore(sum, IC0_X)
            mstore(add(sum, 0x20), IC0_Y)
            done := 1
${steps.join('\n')}
            x := mload(sum)
            y := mload(add(sum, 0x20))
        }
        if (!done) revert PrecompileFailed();
    }

    /// @dev Whether the product of the four pairings is one. The gas it needs is there, and all its points are on their
    /// curves, so a failure means a point of G2 outside of the subgroup; it must not pass for an answer.
    function _isProductOne(uint256[24] memory input) private view returns (bool) {
        bool done;
        uint256 result;
        if (gasleft() < GAS_BEFORE_PAIRING) revert NotEnoughGas();
        assembly ("memory-safe") {
            done := staticcall(PAIRING_GAS, 0x08, input, 0x300, 0x00, 0x20)
            done := and(done, eq(returndatasize(), 0x20))
            result := mload(0x00)
        }
        if (!done) revert PrecompileFailed();
        return result == 1;
    }

    /// @dev Whether (x, y) is canonical and y^2 = x^3 + 3. The point at infinity, (0, 0), is not.
    function _isOnCurve(uint256 x, uint256 y) private pure returns (bool) {
        if (x >= Q || y >= Q) return false;
        return mulmod(y, y, Q) == addmod(mulmod(mulmod(x, x, Q), x, Q), 3, Q);
    }

    /// @dev Whether (x0 + x1 u, y0 + y1 u) is canonical and on the twist. Infinity, all zero, is not. The subgroup is
    /// left to the pairing precompile.
    function _isOnTwist(uint256 x0, uint256 x1, uint256 y0, uint256 y1) private pure returns (bool) {
        if (x0 >= Q || x1 >= Q || y0 >= Q || y1 >= Q) return false;
        (uint256 xx0, uint256 xx1) = _square(x0, x1);
        (uint256 yy0, uint256 yy1) = _square(y0, y1);
        uint256 real = addmod(mulmod(xx0, x0, Q), Q - mulmod(xx1, x1, Q), Q);
        uint256 imaginary = addmod(mulmod(xx0, x1, Q), mulmod(xx1, x0, Q), Q);
        return yy0 == addmod(real, TWIST_REAL, Q) && yy1 == addmod(imaginary, TWIST_IMAGINARY, Q);
    }

    /// @dev (x0 + x1 u)^2 = (x0 + x1)(x0 - x1) + 2 x0 x1 u.
    function _square(uint256 x0, uint256 x1) private pure returns (uint256, uint256) {
        return (mulmod(addmod(x0, x1, Q), addmod(x0, Q - x1, Q), Q), mulmod(addmod(x0, x0, Q), x1, Q));
    }
}
`;
}
