/**
 * The part of a generated verifier that is the same for all keys, for a circuit with so many public signals.
 *
 * A starved stock verifier answers "false" to a good proof, and whoever pays for the call can starve it. This one
 * decides what it can by arithmetic of its own, gives the pairing a fixed amount of gas after making sure that it is
 * there, and reverts whenever a precompile does not do its work. The fixed amount also bounds what a B outside of its
 * subgroup can burn.
 *
 * A batch sums the equations of its proofs, each times a factor that nobody can know before all proofs and signals stand:
 *
 *   prod e(-r_i A_i, B_i) * e(sum r_i alpha, beta) * e(sum r_i I_i, gamma) * e(sum r_i C_i, delta) = 1
 *
 * Were the factors chosen earlier, or equal, errors of two proofs could cancel. Given all other factors, the sum holds
 * for one value of a wrong proof's factor at most, out of 2^128; a forger can only try batch after batch.
 */
export function verifierBody(signals: number): string {
  const forEachSignal = (line: (i: number) => string): string =>
    Array.from({ length: signals }, (_, i) => line(i)).join('\n');
  const wordAt = (start: string, i: number): string => (i === 0 ? start : `add(${start}, 0x${(32 * i).toString(16)})`);

  return `    /// @dev Gas given to the pairing, which costs 45,000 and 34,000 for each pair (EIP-1108), and five in a hundred more.
    uint256 private constant PAIRING_GAS = 47_250;
    uint256 private constant PAIRING_GAS_PER_PAIR = 35_700;
    /// @dev What else is spent at most: in all, for each point of IC and for alpha, for each proof of a batch and for each
    /// of its signals. To multiply a point costs 6,000 gas, to add one 150, to call for it 100 (EIP-1108, EIP-2929).
    uint256 private constant GAS_OF_CHECK = 6_000;
    uint256 private constant GAS_PER_INPUT = 6_900;
    uint256 private constant GAS_PER_PROOF = 15_500;
    uint256 private constant GAS_PER_PROOF_SIGNAL = 150;

    /// @dev Domain of the hash from which the factors of a batch come.
    bytes32 private constant BATCH_DOMAIN = keccak256("zk-solvency/groth16-batch/1");

    /// @dev A point of G1; (0, 0) is infinity.
    struct Point {
        uint256 x;
        uint256 y;
    }

    /// @dev Sums over a batch: of r_i, of r_i times each signal, of r_i C_i.
    struct Sums {
        uint256 factors;
        uint256[SIGNALS] signals;
        Point c;
    }

    /// @notice The call has too little gas to tell a wrong proof from an unfinished check.
    error NotEnoughGas();

    /// @notice A precompile failed although it had its gas: a \`b\` lies on the twist but outside of its subgroup, or this
    /// chain lacks the precompile or prices it higher.
    error PrecompileFailed();

    /// @notice Checks a proof.
    /// @dev The point at infinity is refused for all three points.
    /// @param proof The proof.
    /// @param signals The public signals in the circuit's order.
    /// @return True if and only if the number of signals is the circuit's, every signal is below the scalar field's order,
    /// every coordinate is below the base field's order, the points lie on their curves, and the pairing equation holds.
    function verify(Proof calldata proof, uint256[] calldata signals) external view returns (bool) {
        if (gasleft() < _gasBeforePairing(4) + GAS_OF_CHECK + SIGNALS * GAS_PER_INPUT) revert NotEnoughGas();
        if (signals.length != SIGNALS || !_areCanonical(signals, 0) || !_isOnCurves(proof)) return false;

        uint256[SIGNALS] memory scalars;
        _addSignals(scalars, signals, 0, 1);
        Point memory inputs = Point(IC0_X, IC0_Y);
        _addInputs(inputs, scalars);
        uint256[] memory pairs = new uint256[](4 * 6);
        _setProof(pairs, 0, proof);
        return _isProductOne(pairs, Point(ALPHA_X, ALPHA_Y), inputs, Point(proof.c[0], proof.c[1]));
    }

    /// @notice Checks many proofs at once, by a random linear combination of their equations: n + 3 pairings.
    /// @dev The factors are 128 bits of a hash over the key, all signals and all proofs.
    /// @param proofs The proofs. No proofs are a wrong batch.
    /// @param signals The public signals of all proofs, one proof's after the other's.
    /// @return True if and only if there is a proof and {verify} says true of each with its signals.
    function verifyBatch(Proof[] calldata proofs, uint256[] calldata signals) external view returns (bool) {
        uint256 n = proofs.length;
        if (gasleft() < _gasOfBatch(n)) revert NotEnoughGas();
        if (n == 0 || signals.length != n * SIGNALS) return false;
        for (uint256 i = 0; i < n; ++i) {
            if (!_areCanonical(signals, i) || !_isOnCurves(proofs[i])) return false;
        }

        bytes32 seed = _seed(proofs, signals);
        uint256[] memory pairs = new uint256[](6 * (n + 3));
        Sums memory sums;
        for (uint256 i = 0; i < n; ++i) {
            Proof calldata proof = proofs[i];
            uint256 factor = _factor(seed, i);
            sums.factors = addmod(sums.factors, factor, R);
            _addSignals(sums.signals, signals, i, factor);
            _multiply(_setProof(pairs, i, proof), factor);
            _addMultiple(sums.c, proof.c[0], proof.c[1], factor);
        }
        Point memory alpha = Point(ALPHA_X, ALPHA_Y);
        _multiply(alpha, sums.factors);
        Point memory inputs = Point(IC0_X, IC0_Y);
        _multiply(inputs, sums.factors);
        _addInputs(inputs, sums.signals);
        return _isProductOne(pairs, alpha, inputs, sums.c);
    }

    /// @dev Gas that must be left before a pairing of so many pairs, so that a call, which forwards 63 in 64 of what is
    /// left at most, gives it all of its gas.
    function _gasBeforePairing(uint256 pairs) private pure returns (uint256) {
        return ((PAIRING_GAS + pairs * PAIRING_GAS_PER_PAIR) * 64) / 63 + 2_000;
    }

    /// @dev Gas for a whole batch. Its memory holds the batch once, to be hashed, and later less than that but for a
    /// constant part; the price of memory has a square in it.
    function _gasOfBatch(uint256 n) private pure returns (uint256) {
        uint256 words = n * (8 + SIGNALS) + 64 + SIGNALS;
        return
            _gasBeforePairing(n + 3) +
            GAS_OF_CHECK +
            (SIGNALS + 2) * GAS_PER_INPUT +
            n * (GAS_PER_PROOF + SIGNALS * GAS_PER_PROOF_SIGNAL) +
            (words * words) / 512;
    }

    /// @dev Whatever could be changed to make errors cancel is in the hash. The number of signals follows from the key.
    function _seed(Proof[] calldata proofs, uint256[] calldata signals) private pure returns (bytes32 seed) {
        bytes32 domain = BATCH_DOMAIN;
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, domain)
            mstore(add(start, 0x20), KEY_HASH)
            mstore(add(start, 0x40), proofs.length)
            let at := add(start, 0x60)
            calldatacopy(at, signals.offset, mul(signals.length, 0x20))
            at := add(at, mul(signals.length, 0x20))
            calldatacopy(at, proofs.offset, mul(proofs.length, 0x100))
            at := add(at, mul(proofs.length, 0x100))
            seed := keccak256(start, sub(at, start))
        }
    }

    /// @dev 1 to 2^128. A factor of zero would leave its proof unchecked.
    function _factor(bytes32 seed, uint256 i) private pure returns (uint256 factor) {
        assembly ("memory-safe") {
            mstore(0x00, seed)
            mstore(0x20, i)
            factor := add(shr(128, keccak256(0x00, 0x40)), 1)
        }
    }

    /// @dev Adds factor * signal to the sum of each signal of the proof at \`index\`.
    function _addSignals(
        uint256[SIGNALS] memory sums,
        uint256[] calldata signals,
        uint256 index,
        uint256 factor
    ) private pure {
        // a variable, as in {_isOnCurves}
        uint256 r = R;
        assembly ("memory-safe") {
            let at := add(signals.offset, mul(index, mul(SIGNALS, 0x20)))
${forEachSignal((i) => `            mstore(${wordAt('sums', i)}, addmod(mload(${wordAt('sums', i)}), mulmod(factor, calldataload(${wordAt('at', i)}), r), r))`)}
        }
    }

    /// @dev Adds scalar * IC for each signal.
    function _addInputs(Point memory sum, uint256[SIGNALS] memory scalars) private view {
${forEachSignal((i) => `        _addMultiple(sum, IC${i + 1}_X, IC${i + 1}_Y, scalars[${i}]);`)}
    }

    /// @dev point := scalar * point. The point is on the curve, so the call can fail for want of gas or of the precompile
    /// only. A call to an address without code succeeds with no output: that is why the output's size is checked.
    function _multiply(Point memory point, uint256 scalar) private view {
        bool done;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, mload(point))
            mstore(add(input, 0x20), mload(add(point, 0x20)))
            mstore(add(input, 0x40), scalar)
            done := staticcall(gas(), 0x07, input, 0x60, point, 0x40)
            done := and(done, eq(returndatasize(), 0x40))
        }
        if (!done) revert PrecompileFailed();
    }

    /// @dev sum += scalar * (x, y), as {_multiply}.
    function _addMultiple(Point memory sum, uint256 x, uint256 y, uint256 scalar) private view {
        bool done;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, x)
            mstore(add(input, 0x20), y)
            mstore(add(input, 0x40), scalar)
            done := staticcall(gas(), 0x07, input, 0x60, input, 0x40)
            done := and(done, eq(returndatasize(), 0x40))
            mstore(add(input, 0x40), mload(sum))
            mstore(add(input, 0x60), mload(add(sum, 0x20)))
            done := and(done, staticcall(gas(), 0x06, input, 0x80, sum, 0x40))
            done := and(done, eq(returndatasize(), 0x40))
        }
        if (!done) revert PrecompileFailed();
    }

    /// @dev Writes -A and B as the pair at \`index\`, six words, and gives the place of -A. No point of the curve has y = 0,
    /// as its order is odd, so Q - y is below Q.
    function _setProof(
        uint256[] memory pairs,
        uint256 index,
        Proof calldata proof
    ) private pure returns (Point memory minusA) {
        assembly ("memory-safe") {
            minusA := add(add(pairs, 0x20), mul(index, 0xc0))
            calldatacopy(minusA, proof, 0xc0)
            mstore(add(minusA, 0x20), sub(Q, mload(add(minusA, 0x20))))
        }
    }

    /// @dev Writes a pair in the order of the pairing precompile.
    function _setPair(
        uint256[] memory pairs,
        uint256 index,
        Point memory point,
        uint256 xImaginary,
        uint256 xReal,
        uint256 yImaginary,
        uint256 yReal
    ) private pure {
        assembly ("memory-safe") {
            let pair := add(add(pairs, 0x20), mul(index, 0xc0))
            mstore(pair, mload(point))
            mstore(add(pair, 0x20), mload(add(point, 0x20)))
            mstore(add(pair, 0x40), xImaginary)
            mstore(add(pair, 0x60), xReal)
            mstore(add(pair, 0x80), yImaginary)
            mstore(add(pair, 0xa0), yReal)
        }
    }

    /// @dev Sets the last three pairs, with beta, gamma and delta, and tells whether the product of all pairings is one. The
    /// gas it needs is there, and all its points are on their curves, so a failure means a point of G2 outside of the
    /// subgroup; it must not pass for an answer.
    function _isProductOne(
        uint256[] memory pairs,
        Point memory alpha,
        Point memory inputs,
        Point memory c
    ) private view returns (bool) {
        uint256 count = pairs.length / 6;
        _setPair(pairs, count - 3, alpha, BETA_X_IMAGINARY, BETA_X_REAL, BETA_Y_IMAGINARY, BETA_Y_REAL);
        _setPair(pairs, count - 2, inputs, GAMMA_X_IMAGINARY, GAMMA_X_REAL, GAMMA_Y_IMAGINARY, GAMMA_Y_REAL);
        _setPair(pairs, count - 1, c, DELTA_X_IMAGINARY, DELTA_X_REAL, DELTA_Y_IMAGINARY, DELTA_Y_REAL);

        bool done;
        uint256 product;
        uint256 pairingGas = PAIRING_GAS + count * PAIRING_GAS_PER_PAIR;
        if (gasleft() < _gasBeforePairing(count)) revert NotEnoughGas();
        assembly ("memory-safe") {
            done := staticcall(pairingGas, 0x08, add(pairs, 0x20), mul(mload(pairs), 0x20), 0x00, 0x20)
            done := and(done, eq(returndatasize(), 0x20))
            product := mload(0x00)
        }
        if (!done) revert PrecompileFailed();
        return product == 1;
    }

    /// @dev Whether the signals of the proof at \`index\` are below R.
    function _areCanonical(uint256[] calldata signals, uint256 index) private pure returns (bool yes) {
        // a variable, as in {_isOnCurves}
        uint256 r = R;
        assembly ("memory-safe") {
            let at := add(signals.offset, mul(index, mul(SIGNALS, 0x20)))
            yes := 1
${forEachSignal((i) => `            yes := and(yes, lt(calldataload(${wordAt('at', i)}), r))`)}
        }
    }

    /// @dev Whether A and C are on the curve and B is on its twist, with canonical coordinates, none at infinity. The
    /// subgroup of B is left to the pairing precompile.
    function _isOnCurves(Proof calldata proof) private pure returns (bool yes) {
        // a variable: the compiler would copy a constant that is used so often from the code at each use
        uint256 order = Q;
        assembly ("memory-safe") {
            // y^2 = x^3 + 3, which (0, 0) does not solve
            function isOnCurve(point, q) -> on {
                let x := calldataload(point)
                let y := calldataload(add(point, 0x20))
                on := eq(mulmod(y, y, q), addmod(mulmod(mulmod(x, x, q), x, q), 3, q))
                on := and(on, and(lt(x, q), lt(y, q)))
            }
            // (x0 + x1 u)^2 = (x0 + x1)(x0 - x1) + 2 x0 x1 u; for a canonical x1
            function square(x0, x1, q) -> real, imaginary {
                real := mulmod(addmod(x0, x1, q), addmod(x0, sub(q, x1), q), q)
                imaginary := mulmod(addmod(x0, x0, q), x1, q)
            }
            // y^2 = x^3 + TWIST, which zero does not solve
            function isOnTwist(point, q) -> on {
                let x1 := calldataload(point)
                let x0 := calldataload(add(point, 0x20))
                let y1 := calldataload(add(point, 0x40))
                let y0 := calldataload(add(point, 0x60))
                on := and(and(lt(x0, q), lt(x1, q)), and(lt(y0, q), lt(y1, q)))
                let xx0, xx1 := square(x0, x1, q)
                let yy0, yy1 := square(y0, y1, q)
                let real := addmod(mulmod(xx0, x0, q), sub(q, mulmod(xx1, x1, q)), q)
                let imaginary := addmod(mulmod(xx0, x1, q), mulmod(xx1, x0, q), q)
                on := and(on, eq(yy0, addmod(real, TWIST_REAL, q)))
                on := and(on, eq(yy1, addmod(imaginary, TWIST_IMAGINARY, q)))
            }
            // A, B and C follow each other: two, four and two words
            yes := and(isOnCurve(proof, order), and(isOnTwist(add(proof, 0x40), order), isOnCurve(add(proof, 0xc0), order)))
        }
    }
`;
}
