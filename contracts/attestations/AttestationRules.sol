// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "../interfaces/IGroth16Verifier.sol";
import {Entry, IReserveAttestations} from "../interfaces/IReserveAttestations.sol";
import {IRiskOracle, RiskRoot} from "../interfaces/IRiskOracle.sol";
import {FalseProofs} from "../libraries/FalseProofs.sol";
import {LiabilitiesSignals as Signals} from "../libraries/LiabilitiesSignals.sol";

/// @title AttestationRules
/// @notice What an attestation is and what each of its proofs has to show: the same for those that are verified here
/// and for those that are challenged.
abstract contract AttestationRules is IReserveAttestations {
    /// @dev The order of BN254's scalar field.
    uint256 private constant SCALAR_FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev Start and closing proof stand behind the batches, in a tree of 2^20 leaves.
    uint32 private constant MAX_COUNT = 2 ** 20 - 2;

    IRiskOracle internal immutable RISK_ORACLE;

    /// @inheritdoc IReserveAttestations
    mapping(address verifier => Kind kind) public kindOf;
    mapping(address verifier => uint256 count) private _signalCounts;
    mapping(bytes32 id => Header header) internal _headers;
    mapping(bytes32 id => Attestation attestation) internal _attestations;

    constructor(Config memory config) {
        bool complete = config.batchVerifiers.length != 0 && config.closingVerifiers.length != 0;
        if (!complete || address(config.riskOracle).code.length == 0) revert InvalidConfig();
        // where pairings cost more than a challenge gives, no proof could be challenged
        FalseProofs.requirePairing();
        RISK_ORACLE = config.riskOracle;
        _addVerifier(config.startVerifier, Kind.Start);
        for (uint256 i = 0; i < config.batchVerifiers.length; ++i) {
            _addVerifier(config.batchVerifiers[i], Kind.Batch);
        }
        for (uint256 i = 0; i < config.closingVerifiers.length; ++i) {
            _addVerifier(config.closingVerifiers[i], Kind.Closing);
        }
    }

    /// @inheritdoc IReserveAttestations
    function riskOracle() external view returns (IRiskOracle) {
        return RISK_ORACLE;
    }

    /// @inheritdoc IReserveAttestations
    function headerOf(bytes32 id) external view returns (Header memory) {
        return _headers[id];
    }

    /// @inheritdoc IReserveAttestations
    function attestationOf(bytes32 id) external view returns (Attestation memory) {
        return _attestations[id];
    }

    /// @inheritdoc IReserveAttestations
    function isFinal(address venue, uint256 accountRoot, bytes32 bundleHash) external view returns (bool) {
        return stateOf(idOf(venue, accountRoot, bundleHash)) == State.Final;
    }

    /// @inheritdoc IReserveAttestations
    function stateOf(bytes32 id) public view returns (State) {
        Attestation storage attestation = _attestations[id];
        if (attestation.state != State.Pending) return attestation.state;
        bool isOpen = attestation.openDemands != 0 || block.timestamp <= attestation.challengeableUntil;
        // Marks that their signers took back show nothing, whoever is to blame. Nobody has to call: an attestation that
        // was not final by then never is, and one that was stays so.
        uint64 revokedAt = RISK_ORACLE.riskRoot(_headers[id].riskRoot).revokedAt;
        bool isInTime = isOpen || revokedAt <= attestation.challengeableUntil;
        if (revokedAt != 0 && isInTime) return State.Revoked;
        return isOpen ? State.Pending : State.Final;
    }

    /// @inheritdoc IReserveAttestations
    function idOf(address venue, uint256 accountRoot, bytes32 bundleHash) public pure returns (bytes32) {
        return keccak256(abi.encode(venue, accountRoot, bundleHash));
    }

    /// @dev Writes down what the caller attests, once.
    function _record(Header calldata header, State state) internal returns (bytes32 id) {
        id = idOf(msg.sender, header.accountRoot, header.bundleHash);
        Attestation storage attestation = _attestations[id];
        if (attestation.state != State.None) revert AlreadyAttested(id);
        bool sound = _isNonzeroElement(header.accountRoot) &&
            _isNonzeroElement(header.riskRoot) &&
            _isNonzeroElement(header.statement) &&
            _isNonzeroElement(header.firstState) &&
            _isNonzeroElement(header.lastState);
        if (!sound || header.count == 0 || header.count > MAX_COUNT || header.bundleHash == 0) revert InvalidHeader();
        if ((header.proofsRoot == 0) != (state == State.Open)) revert InvalidHeader();
        _requireRiskRoot(header.riskRoot);
        _headers[id] = header;
        attestation.venue = msg.sender;
        attestation.state = state;
    }

    function _requireRiskRoot(uint256 root) internal view {
        RiskRoot memory posted = RISK_ORACLE.riskRoot(root);
        if (posted.revokedAt != 0) revert RiskRootIsRevoked(root);
        if (posted.time == 0) revert UnknownRiskRoot(root);
        if (RISK_ORACLE.paused()) revert RiskOraclePaused();
    }

    function _requireState(bytes32 id, State expected) internal view returns (Attestation storage) {
        State state = stateOf(id);
        if (state != expected) revert WrongState(id, state);
        return _attestations[id];
    }

    function _requireVenue(Attestation storage attestation) internal view {
        if (msg.sender != attestation.venue) revert NotTheVenue(msg.sender, attestation.venue);
    }

    /// @dev The first thing that is wrong with an entry, its proof and its neighbours apart.
    function _faultOf(
        Header storage header,
        uint256 position,
        IGroth16Verifier verifier,
        uint256[] calldata signals
    ) internal view returns (Fault) {
        if (kindOf[address(verifier)] != _kindAt(header, position)) return Fault.Verifier;
        if (signals.length != _signalCounts[address(verifier)]) return Fault.SignalCount;
        for (uint256 i = 0; i < signals.length; ++i) {
            if (signals[i] >= SCALAR_FIELD_ORDER) return Fault.SignalRange;
        }
        if (position < header.count) return _batchFault(header, position, signals);
        return position == header.count ? _startFault(header, signals) : _closingFault(header, signals);
    }

    /// @dev Whether the verifier is of the kind that the position needs and the signals are as many as it takes: only
    /// then is it called. A contract of the venue's choice could answer what it likes.
    function _isWellFormed(Header storage header, uint256 position, Entry calldata entry) internal view returns (bool) {
        return
            kindOf[address(entry.verifier)] == _kindAt(header, position) &&
            entry.signals.length == _signalCounts[address(entry.verifier)];
    }

    /// @dev Neighbours: states follow each other, and so do places. Places ascend in the circuit too.
    function _follows(uint256[] calldata batch, uint256 stateBefore, uint256 nextIndex) internal pure returns (bool) {
        return batch[Signals.BATCH_STATE_BEFORE] == stateBefore && batch[Signals.BATCH_FIRST_INDEX] >= nextIndex;
    }

    function _addVerifier(IGroth16Verifier verifier, Kind kind) private {
        uint256 count = verifier.signalCount();
        bool fits = kindOf[address(verifier)] == Kind.None && _hasCount(kind, count);
        // Points at infinity: each verifier says "false", if it says anything within what a challenge gives it. One
        // that asks for more fails the deployment: its proofs could never be challenged.
        Proof memory none;
        if (!fits || verifier.verify{gas: FalseProofs.gasFor(count)}(none, new uint256[](count))) {
            revert UnusableVerifier(address(verifier));
        }
        kindOf[address(verifier)] = kind;
        _signalCounts[address(verifier)] = count;
    }

    function _batchFault(
        Header storage header,
        uint256 position,
        uint256[] calldata signals
    ) private view returns (Fault) {
        if (signals[Signals.BATCH_STATEMENT] != header.statement) return Fault.Statement;
        if (position == 0 && signals[Signals.BATCH_STATE_BEFORE] != header.firstState) return Fault.FirstState;
        bool isLast = position == header.count - 1;
        if (isLast && signals[Signals.BATCH_STATE_AFTER] != header.lastState) return Fault.LastState;
        bool isApproved = RISK_ORACLE.isTable(header.riskRoot, signals[Signals.BATCH_TABLE_HASH]);
        return isApproved ? Fault.None : Fault.Table;
    }

    /// @dev Without this proof a venue could begin with totals of its choice.
    function _startFault(Header storage header, uint256[] calldata signals) private view returns (Fault) {
        if (signals[Signals.START_STATEMENT] != header.statement) return Fault.Statement;
        return signals[Signals.START_FIRST_STATE] == header.firstState ? Fault.None : Fault.FirstState;
    }

    function _closingFault(Header storage header, uint256[] calldata signals) private view returns (Fault) {
        if (signals[Signals.CLOSING_STATEMENT] != header.statement) return Fault.Statement;
        if (signals[Signals.CLOSING_LAST_STATE] != header.lastState) return Fault.LastState;
        if (signals[Signals.CLOSING_ACCOUNT_ROOT] != header.accountRoot) return Fault.AccountRoot;
        return signals[Signals.CLOSING_RISK_ROOT] == header.riskRoot ? Fault.None : Fault.RiskRoot;
    }

    function _kindAt(Header storage header, uint256 position) private view returns (Kind) {
        if (position < header.count) return Kind.Batch;
        return position == header.count ? Kind.Start : Kind.Closing;
    }

    function _hasCount(Kind kind, uint256 count) private pure returns (bool) {
        if (kind == Kind.Start) return count == Signals.START_COUNT;
        if (kind == Kind.Batch) return count == Signals.BATCH_COUNT;
        return count == Signals.OPENING_COUNT || count == Signals.COVERAGE_COUNT;
    }

    function _isNonzeroElement(uint256 value) private pure returns (bool) {
        return value != 0 && value < SCALAR_FIELD_ORDER;
    }
}
