// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {PublicSignals} from "./PublicSignals.sol";
import {IMarginVerifier} from "./interfaces/IMarginVerifier.sol";
import {ISolvencyGate} from "./interfaces/ISolvencyGate.sol";

/// @title SolvencyGate
/// @notice Lets a protocol ask whether a subject has lately proven that its account covers its margin requirement.
/// @dev Verifiers are external contracts, never inherited: code that ends a call early must end its own call, not ours.
contract SolvencyGate is ISolvencyGate, Ownable2Step {
    /// @notice Domain of contexts, so that no other hash of this project or of a caller is one.
    bytes32 public constant CONTEXT_DOMAIN = keccak256("zk-solvency/context/1");

    /// @dev The order of BN254's scalar field.
    uint256 private constant SCALAR_FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @dev Zero time means never posted.
    struct AccountRootRecord {
        uint64 time;
        bool revoked;
    }

    /// @dev `supersededAt` is the block time at which the next root was posted; zero for the latest.
    struct RiskRootRecord {
        uint64 time;
        uint64 supersededAt;
        bool revoked;
        uint256 modelHash;
    }

    uint32 private immutable MIN_THRESHOLD_BPS;
    uint160 private immutable MIN_EQUITY_FLOOR;
    uint256 private immutable SCOPE;
    uint64 private immutable MAX_AGE;
    uint64 private immutable MAX_ROOT_GAP;
    uint64 private immutable RISK_GRACE;

    /// @notice The newest risk root; zero before the first.
    uint256 public latestRiskRoot;
    /// @notice Whether an address may post roots.
    mapping(address publisher => bool allowed) public isPublisher;
    /// @notice Whether a verifier counts for the risk roots of a model.
    mapping(address verifier => mapping(uint256 modelHash => bool allowed)) public isVerifier;
    /// @notice Account roots by value.
    mapping(uint256 root => AccountRootRecord record) public accountRoots;
    /// @notice Risk roots by value.
    mapping(uint256 root => RiskRootRecord record) public riskRoots;
    /// @inheritdoc ISolvencyGate
    mapping(uint256 nullifier => address subject) public subjectOf;
    /// @inheritdoc ISolvencyGate
    mapping(address subject => uint256 nullifier) public nullifierOf;
    mapping(address subject => Status status) private _statuses;

    modifier onlyPublisher() {
        if (!isPublisher[msg.sender]) revert NotAPublisher(msg.sender);
        _;
    }

    modifier onlyPublisherOrOwner() {
        if (!isPublisher[msg.sender] && msg.sender != owner()) revert NotAPublisher(msg.sender);
        _;
    }

    /// @notice Fixes the policy for good.
    /// @param initialOwner Sets publishers and verifiers, and can revoke roots; it cannot change the policy.
    /// @param fixedPolicy What proofs must reach.
    constructor(address initialOwner, Policy memory fixedPolicy) Ownable(initialOwner) {
        // bounds of the circuit's public signals: beyond them no proof exists
        bool provable = fixedPolicy.minThresholdBps < 1 << 20 && fixedPolicy.scope < SCALAR_FIELD_ORDER;
        bool lasting = fixedPolicy.maxAge != 0 && fixedPolicy.maxAge <= type(uint32).max;
        if (fixedPolicy.minThresholdBps == 0 || !provable || !lasting) revert InvalidPolicy();
        MIN_THRESHOLD_BPS = fixedPolicy.minThresholdBps;
        MIN_EQUITY_FLOOR = fixedPolicy.minEquityFloor;
        SCOPE = fixedPolicy.scope;
        MAX_AGE = fixedPolicy.maxAge;
        MAX_ROOT_GAP = fixedPolicy.maxRootGap;
        RISK_GRACE = fixedPolicy.riskGrace;
    }

    /// @inheritdoc ISolvencyGate
    function setPublisher(address publisher, bool allowed) external onlyOwner {
        isPublisher[publisher] = allowed;
        emit PublisherSet(publisher, allowed);
    }

    /// @inheritdoc ISolvencyGate
    function setVerifier(IMarginVerifier verifier, uint256 modelHash, bool allowed) external onlyOwner {
        if (allowed && address(verifier).code.length == 0) revert NotAContract(address(verifier));
        isVerifier[address(verifier)][modelHash] = allowed;
        emit VerifierSet(address(verifier), modelHash, allowed);
    }

    /// @inheritdoc ISolvencyGate
    function postAccountRoot(uint256 root, uint64 time) external onlyPublisher {
        AccountRootRecord storage record = accountRoots[root];
        _checkNewRoot(root, time, record.time);
        if (record.revoked) revert AccountRootIsRevoked(root);
        record.time = time;
        emit AccountRootPosted(root, time, msg.sender);
    }

    /// @inheritdoc ISolvencyGate
    function postRiskRoot(uint256 root, uint64 time, uint256 modelHash) external onlyPublisher {
        RiskRootRecord storage record = riskRoots[root];
        _checkNewRoot(root, time, record.time);
        if (record.revoked) revert RiskRootIsRevoked(root);
        RiskRootRecord storage previous = riskRoots[latestRiskRoot];
        // a publisher that could go back in time could bring back the prices of its choice
        if (time <= previous.time) revert RiskTimeNotLater(time, previous.time);
        if (latestRiskRoot != 0) previous.supersededAt = uint64(block.timestamp);
        latestRiskRoot = root;
        record.time = time;
        record.modelHash = modelHash;
        emit RiskRootPosted(root, time, modelHash, msg.sender);
    }

    /// @inheritdoc ISolvencyGate
    function revokeAccountRoot(uint256 root) external onlyPublisherOrOwner {
        accountRoots[root].revoked = true;
        emit AccountRootRevoked(root);
    }

    /// @inheritdoc ISolvencyGate
    function revokeRiskRoot(uint256 root) external onlyPublisherOrOwner {
        riskRoots[root].revoked = true;
        emit RiskRootRevoked(root);
    }

    /// @inheritdoc ISolvencyGate
    function submit(
        IMarginVerifier verifier,
        Proof calldata proof,
        uint256[7] calldata publicSignals,
        bytes32 actionHash,
        uint64 deadline
    ) external {
        // The cheap checks come first; all of them read signals that the proof has yet to vouch for.
        _checkContext(publicSignals[PublicSignals.CONTEXT], actionHash, deadline);
        _checkPolicy(publicSignals);
        Status memory status = _checkRoots(publicSignals, verifier);
        _bindNullifier(publicSignals[PublicSignals.NULLIFIER]);
        _statuses[msg.sender] = status;
        emit SolvencyProven(
            msg.sender,
            status.accountRoot,
            status.riskRoot,
            status.thresholdBps,
            status.equityFloor,
            actionHash,
            status.solventUntil
        );
        // A static call to a contract that the owner accepted: it cannot come back and change anything.
        if (!verifier.verify(proof.a, proof.b, proof.c, publicSignals)) revert ProofInvalid();
    }

    /// @inheritdoc ISolvencyGate
    function isSolvent(address subject) external view returns (bool) {
        Status storage status = _statuses[subject];
        return
            status.solventUntil >= block.timestamp &&
            !accountRoots[status.accountRoot].revoked &&
            !riskRoots[status.riskRoot].revoked;
    }

    /// @inheritdoc ISolvencyGate
    function statusOf(address subject) external view returns (Status memory) {
        return _statuses[subject];
    }

    /// @inheritdoc ISolvencyGate
    function policy() external view returns (Policy memory) {
        return
            Policy({
                minThresholdBps: MIN_THRESHOLD_BPS,
                minEquityFloor: MIN_EQUITY_FLOOR,
                scope: SCOPE,
                maxAge: MAX_AGE,
                maxRootGap: MAX_ROOT_GAP,
                riskGrace: RISK_GRACE
            });
    }

    /// @inheritdoc ISolvencyGate
    function contextOf(address subject, bytes32 actionHash, uint64 deadline) public view returns (uint256) {
        // The shift brings the hash below the scalar field's order, so that a context is one field element and one only.
        return
            uint256(
                keccak256(
                    abi.encode(CONTEXT_DOMAIN, block.chainid, address(this), subject, actionHash, deadline)
                )
            ) >> 8;
    }

    /// @dev Binds one nullifier to one subject for good: an owner with two subjects would borrow twice on one account,
    /// and a subject with two nullifiers could present whichever account is healthy.
    function _bindNullifier(uint256 nullifier) private {
        address holder = subjectOf[nullifier];
        if (holder == msg.sender) return;
        if (holder != address(0)) revert NullifierTaken(nullifier);
        if (nullifierOf[msg.sender] != 0) revert SubjectBoundElsewhere(msg.sender);
        subjectOf[nullifier] = msg.sender;
        nullifierOf[msg.sender] = nullifier;
        emit NullifierBound(msg.sender, nullifier);
    }

    /// @dev The context names the sender: a proof copied from the mempool is of no use to who copied it.
    function _checkContext(uint256 proven, bytes32 actionHash, uint64 deadline) private view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
        uint256 expected = contextOf(msg.sender, actionHash, deadline);
        if (proven != expected) revert WrongContext(proven, expected);
    }

    function _checkPolicy(uint256[7] calldata publicSignals) private view {
        uint256 scope = publicSignals[PublicSignals.SCOPE];
        uint256 thresholdBps = publicSignals[PublicSignals.THRESHOLD_BPS];
        uint256 equityFloor = publicSignals[PublicSignals.EQUITY_FLOOR];
        if (scope != SCOPE) revert WrongScope(scope, SCOPE);
        if (thresholdBps < MIN_THRESHOLD_BPS) revert ThresholdTooLow(thresholdBps, MIN_THRESHOLD_BPS);
        if (equityFloor < MIN_EQUITY_FLOOR) revert EquityFloorTooLow(equityFloor, MIN_EQUITY_FLOOR);
    }

    /// @dev Everything about the two roots, and the status that follows. A proof is as old as its older root, whenever
    /// it is submitted: block time would let old roots be proven as new.
    function _checkRoots(
        uint256[7] calldata publicSignals,
        IMarginVerifier verifier
    ) private view returns (Status memory status) {
        status.accountRoot = publicSignals[PublicSignals.ACCOUNT_ROOT];
        status.riskRoot = publicSignals[PublicSignals.RISK_ROOT];
        status.accountTime = _accountTime(status.accountRoot);
        status.riskTime = _riskTime(status.riskRoot, verifier);
        (uint64 older, uint64 newer) = status.accountTime < status.riskTime
            ? (status.accountTime, status.riskTime)
            : (status.riskTime, status.accountTime);
        if (newer - older > MAX_ROOT_GAP) revert RootTimesTooFarApart(status.accountTime, status.riskTime);
        status.solventUntil = older + MAX_AGE;
        if (status.solventUntil < block.timestamp) revert Stale(status.solventUntil, block.timestamp);
        // otherwise a subject whose account has worsened would go back to the root at which it was healthy
        Status storage last = _statuses[msg.sender];
        if (status.accountTime < last.accountTime || status.riskTime < last.riskTime) revert RootTimeWentBack();
        status.thresholdBps = SafeCast.toUint32(publicSignals[PublicSignals.THRESHOLD_BPS]);
        status.equityFloor = SafeCast.toUint160(publicSignals[PublicSignals.EQUITY_FLOOR]);
    }

    function _accountTime(uint256 root) private view returns (uint64) {
        AccountRootRecord storage record = accountRoots[root];
        if (record.revoked) revert AccountRootIsRevoked(root);
        if (record.time == 0) revert UnknownAccountRoot(root);
        return record.time;
    }

    /// @dev Only the newest risk root counts, and the one before it for a short grace, so that a proof already on its way
    /// is not lost: who may choose among roots chooses the best price.
    function _riskTime(uint256 root, IMarginVerifier verifier) private view returns (uint64) {
        RiskRootRecord storage record = riskRoots[root];
        if (record.revoked) revert RiskRootIsRevoked(root);
        if (record.time == 0) revert UnknownRiskRoot(root);
        if (record.supersededAt != 0 && block.timestamp > uint256(record.supersededAt) + RISK_GRACE) {
            revert RiskRootSuperseded(root);
        }
        if (!isVerifier[address(verifier)][record.modelHash]) {
            revert VerifierNotAccepted(address(verifier), record.modelHash);
        }
        return record.time;
    }

    /// @dev A root is posted once: with another time it would be made younger.
    function _checkNewRoot(uint256 root, uint64 time, uint64 postedTime) private view {
        if (root == 0 || time == 0) revert InvalidRoot();
        if (time > block.timestamp) revert TimeInFuture(time, block.timestamp);
        if (postedTime != 0) revert RootAlreadyPosted(root);
    }
}
