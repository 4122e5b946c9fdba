import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { BASE_FIELD_ORDER } from '../setup/bn254Field.js';
import { assertUsableKey, keyHash, type VerificationKey } from '../setup/verificationKey.js';
import { verifierBody } from './verifierBody.js';

/** The constant term 3 / (9 + u) of the twist curve y^2 = x^3 + 3 / (9 + u), real and imaginary part. */
const TWIST_REAL = 19485874751759354771024239261021720505790618469301721065564631296452457478373n;
const TWIST_IMAGINARY = 266929791119991161246907387137283842545076965332900288569378510910307636690n;

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
 * Solidity source of the verifier of one circuit: the interface contracts/interfaces/IGroth16Verifier.sol in a file that
 * needs no other, with the key as constants. Refuses an unusable key as `assertUsableKey` does.
 */
export function verifierSource(key: VerificationKey, circuit: string): string {
  assertUsableKey(key);
  const name = verifierContractName(circuit);
  return `// SPDX-License-Identifier: MIT
// Generated from the verification key of the circuit ${circuit}. Do not edit.
pragma solidity ^0.8.28;

/// @notice A Groth16 proof over BN254.
/// @param a A, (x, y) in G1.
/// @param b B in G2 as the pairing precompile takes it: imaginary part first, ((x1, x0), (y1, y0)).
/// @param c C, (x, y) in G1.
struct Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}

/// @title ${name}
/// @notice Checks Groth16 proofs over BN254 of the circuit ${circuit}.
/// @dev \`false\` always means that a proof is wrong; whatever stops the check from finishing reverts. Meant to be called
/// as a contract of its own, not to be inherited.
contract ${name} {
${constants(key)}
${verifierBody(key.nPublic)}
    /// @notice Number of public signals of a proof.
    function signalCount() external pure returns (uint256) {
        return SIGNALS;
    }

    /// @notice Name of the circuit.
    function circuit() external pure returns (string memory) {
        return "${circuit}";
    }

    /// @notice Hash of the verification key whose constants this contract holds: keccak256 of alpha, beta, gamma,
    /// delta and all of IC as words, in the order that the pairing precompile takes them.
    function keyHash() external pure returns (bytes32) {
        return KEY_HASH;
    }
}
`;
}

function constants(key: VerificationKey): string {
  const constant = (label: string, value: bigint | number | string): string =>
    `    uint256 private constant ${label} = ${value};`;
  const g1 = (label: string, point: readonly string[]): string =>
    [constant(`${label}_X`, point[0] ?? ''), constant(`${label}_Y`, point[1] ?? '')].join('\n');
  const g2 = (label: string, point: readonly (readonly string[])[]): string =>
    [
      constant(`${label}_X_IMAGINARY`, point[0]?.[1] ?? ''),
      constant(`${label}_X_REAL`, point[0]?.[0] ?? ''),
      constant(`${label}_Y_IMAGINARY`, point[1]?.[1] ?? ''),
      constant(`${label}_Y_REAL`, point[1]?.[0] ?? ''),
    ].join('\n');
  return `    /// @dev Order of the scalar field: public signals are below it.
${constant('R', FIELD_ORDER)}
    /// @dev Order of the base field: coordinates are below it.
${constant('Q', BASE_FIELD_ORDER)}
    /// @dev The twist curve is y^2 = x^3 + TWIST over Fq[u] / (u^2 + 1).
${constant('TWIST_REAL', TWIST_REAL)}
${constant('TWIST_IMAGINARY', TWIST_IMAGINARY)}

    /// @dev Number of public signals.
${constant('SIGNALS', key.nPublic)}
    bytes32 private constant KEY_HASH = 0x${keyHash(key)};
${g1('ALPHA', key.vk_alpha_1)}
${g2('BETA', key.vk_beta_2)}
${g2('GAMMA', key.vk_gamma_2)}
${g2('DELTA', key.vk_delta_2)}

${key.IC.map((point, i) => g1(`IC${i}`, point)).join('\n')}
`;
}
