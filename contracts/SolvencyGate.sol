// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {PublicSignals} from "./PublicSignals.sol";
import {AccountRoot, IAccountRoots} from "./interfaces/IAccountRoots.sol";
import {IGroth16Verifier, Proof} from "./interfaces/IGroth16Verifier.sol";
import {IRiskOracle, RiskRoot} from "./interfaces/IRiskOracle.sol";
import {IScopeRegistry} from "./interfaces/IScopeRegistry.sol";
import {ISolvencyGate} from "./interfaces/ISolvencyGate.sol";
import {Interval, Outages} from "./libraries/Outages.sol";

/// @title SolvencyGate
/// @notice Lets a protocol ask where a subject stands: Healthy, called, or liquidatable.
/// @dev Verifiers are external contracts, never inherited: code that ends a call early must end its own call, not ours.
/// The oracle, the roots and the registry are fixed at deployment and trusted not to come back into the gate.
contract SolvencyGate is ISolvencyGate, Ownable2Step {
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @notice Domain of contexts, so that no other hash of this project or of a caller is one.
    bytes32 public constant CONTEXT_DOMAIN = keccak256("zk-solvency/context/2");

    uint32 private immutable MIN_THRESHOLD_BPS;
    uint160 private immutable MIN_EQUITY_FLOOR;
    uint64 private immutable MAX_AGE;
    uint64 private immutable MAX_ROOT_GAP;
    uint64 private immutable RISK_GRACE;
    uint64 private immutable CALL_PERIOD;
    uint256 private immutable SCOPE;
    IAccountRoots private immutable ACCOUNT_ROOTS;
    IRiskOracle private immutable RISK_ORACLE;
    IScopeRegistry private immutable SCOPE_REGISTRY;

    /// @notice Whether a verifier counts for proofs under a model against roots of a venue.
    mapping(address verifier => mapping(uint256 modelHash => mapping(address venue => bool allowed))) public isAllowed;
    /// @notice Whether a proof for an action was used, by its context.
    mapping(uint256 context => bool used) public isUsed;
    /// @notice The status of a subject that was last emitted.
    mapping(address subject => Status status) public lastSeen;
    mapping(address subject => Record record) private _records;
    mapping(uint256 hour => EnumerableSet.AddressSet subjects) private _due;

    /// @notice Fixes the policy and the sources for good.
    /// @param initialOwner Says which verifiers count for which models and venues; it cannot change the policy.
    /// @param roots Where account roots come from.
    /// @param oracle Where risk roots come from.
    /// @param registry Has to admit this gate before it can bind anybody.
    /// @param fixedPolicy What proofs must reach.
    constructor(
        address initialOwner,
        IAccountRoots roots,
        IRiskOracle oracle,
        IScopeRegistry registry,
        Policy memory fixedPolicy
    ) Ownable(initialOwner) {
        // beyond the bound of the circuit's public signal no proof exists
        bool provable = fixedPolicy.minThresholdBps != 0 && fixedPolicy.minThresholdBps < 1 << 20;
        if (!provable || !_isSpan(fixedPolicy.maxAge) || !_isSpan(fixedPolicy.callPeriod)) revert InvalidPolicy();
        // an outage begins a second after the last root can be used: by then no proof may have run out
        if (oracle.maxAge() >= fixedPolicy.maxAge) revert InvalidPolicy();
        MIN_THRESHOLD_BPS = fixedPolicy.minThresholdBps;
        MIN_EQUITY_FLOOR = fixedPolicy.minEquityFloor;
        MAX_AGE = fixedPolicy.maxAge;
        MAX_ROOT_GAP = fixedPolicy.maxRootGap;
        RISK_GRACE = fixedPolicy.riskGrace;
        CALL_PERIOD = fixedPolicy.callPeriod;
        SCOPE = registry.scope();
        ACCOUNT_ROOTS = roots;
        RISK_ORACLE = oracle;
        SCOPE_REGISTRY = registry;
    }

    /// @inheritdoc ISolvencyGate
    function allow(
        IGroth16Verifier verifier,
        uint256 modelHash,
        address venue,
        bool allowed
    ) external onlyOwner {
        if (allowed) {
            if (address(verifier).code.length == 0) revert NotAContract(address(verifier));
            uint64 age = ACCOUNT_ROOTS.maxAge(venue);
            if (age == 0 || age >= MAX_AGE) revert VenueNotFit(venue);
        }
        isAllowed[address(verifier)][modelHash][venue] = allowed;
        emit AllowanceSet(address(verifier), modelHash, venue, allowed);
    }

    /// @inheritdoc ISolvencyGate
    function submit(Submission calldata submission) external {
        // the subject's own call is its consent to be bound; the context stops who copied the proof from the mempool
        if (submission.subject != msg.sender) revert NotTheSubject(msg.sender, submission.subject);
        if (submission.actionHash != bytes32(0)) revert ActionNotExpected(submission.actionHash);
        _record(submission, address(this));
        SCOPE_REGISTRY.bind(submission.publicSignals[PublicSignals.NULLIFIER], submission.subject);
        _verify(submission);
    }

    /// @inheritdoc ISolvencyGate
    function submitMany(Submission[] calldata submissions) external {
        uint256 count = submissions.length;
        if (count == 0) revert InvalidBatch();
        address verifier = address(submissions[0].verifier);
        Proof[] memory proofs = new Proof[](count);
        uint256[] memory signals = new uint256[](7 * count);
        for (uint256 i = 0; i < count; ++i) {
            Submission calldata submission = submissions[i];
            if (address(submission.verifier) != verifier) revert InvalidBatch();
            if (submission.actionHash != bytes32(0)) revert ActionNotExpected(submission.actionHash);
            _requireNewer(submission);
            _record(submission, address(this));
            _requireBound(submission);
            proofs[i] = submission.proof;
            for (uint256 j = 0; j < 7; ++j) signals[7 * i + j] = submission.publicSignals[j];
        }
        if (!IGroth16Verifier(verifier).verifyBatch(proofs, signals)) revert ProofInvalid();
    }

    /// @inheritdoc ISolvencyGate
    function useProof(Submission calldata submission) external {
        if (submission.actionHash == bytes32(0)) revert ActionExpected();
        uint256 context = submission.publicSignals[PublicSignals.CONTEXT];
        _record(submission, msg.sender);
        // a proof can be rerandomised, its context cannot
        if (isUsed[context]) revert ProofAlreadyUsed(context);
        isUsed[context] = true;
        _requireBound(submission);
        _verify(submission);
    }

    /// @inheritdoc ISolvencyGate
    function sync(address[] calldata subjects) external {
        for (uint256 i = 0; i < subjects.length; ++i) _see(subjects[i], statusOf(subjects[i]));
    }

    /// @inheritdoc ISolvencyGate
    function isSolvent(address subject) external view returns (bool) {
        Record storage record = _records[subject];
        return record.solventUntil >= block.timestamp && _revokedAt(record) == 0 && !RISK_ORACLE.paused();
    }

    /// @inheritdoc ISolvencyGate
    function secondsLeft(address subject) external view returns (uint64) {
        Record storage record = _records[subject];
        if (record.provenAt == 0) return 0;
        (uint64 lived, uint64 called) = _clocks(record);
        if (called == 0) return MAX_AGE - lived;
        return called <= CALL_PERIOD ? CALL_PERIOD - called : 0;
    }

    /// @inheritdoc ISolvencyGate
    function recordOf(address subject) external view returns (Record memory) {
        return _records[subject];
    }

    /// @inheritdoc ISolvencyGate
    function dueIn(uint256 hour, uint256 offset, uint256 limit) external view returns (address[] memory) {
        return _due[hour].values(offset, Math.saturatingAdd(offset, limit));
    }

    /// @inheritdoc ISolvencyGate
    function dueCount(uint256 hour) external view returns (uint256) {
        return _due[hour].length();
    }

    /// @inheritdoc ISolvencyGate
    function policy() external view returns (Policy memory) {
        return
            Policy({
                minThresholdBps: MIN_THRESHOLD_BPS,
                minEquityFloor: MIN_EQUITY_FLOOR,
                maxAge: MAX_AGE,
                maxRootGap: MAX_ROOT_GAP,
                riskGrace: RISK_GRACE,
                callPeriod: CALL_PERIOD
            });
    }

    /// @inheritdoc ISolvencyGate
    function accountRoots() external view returns (IAccountRoots) {
        return ACCOUNT_ROOTS;
    }

    /// @inheritdoc ISolvencyGate
    function riskOracle() external view returns (IRiskOracle) {
        return RISK_ORACLE;
    }

    /// @inheritdoc ISolvencyGate
    function scopeRegistry() external view returns (IScopeRegistry) {
        return SCOPE_REGISTRY;
    }

    /// @inheritdoc ISolvencyGate
    function statusOf(address subject) public view returns (Status) {
        Record storage record = _records[subject];
        if (record.provenAt == 0) return Status.Unknown;
        // in time by the clock on the wall is in time by one that stands still now and then
        if (record.solventUntil >= block.timestamp && _revokedAt(record) == 0) return Status.Healthy;
        (, uint64 called) = _clocks(record);
        if (called == 0) return Status.Healthy;
        return called <= CALL_PERIOD ? Status.MarginCall : Status.Liquidatable;
    }

    /// @inheritdoc ISolvencyGate
    function contextOf(
        address consumer,
        address subject,
        bytes32 actionHash,
        uint64 deadline
    ) public view returns (uint256) {
        // The shift brings the hash below the scalar field's order, so that a context is one field element and one only.
        return
            uint256(
                keccak256(
                    abi.encode(CONTEXT_DOMAIN, block.chainid, address(this), consumer, subject, actionHash, deadline)
                )
            ) >> 8;
    }

    /// @dev Everything but the proof itself and the binding. The checks read signals that the proof has yet to vouch for;
    /// the caller verifies it before it returns, and all is undone if it fails.
    function _record(Submission calldata submission, address consumer) private {
        _checkContext(submission, consumer);
        _checkPolicy(submission.publicSignals);
        Record memory record = _checkRoots(submission);
        Record storage last = _records[submission.subject];
        _moveDue(submission.subject, last.solventUntil, record.solventUntil);
        // otherwise a subject whose account has worsened would go back to the root at which it was healthy
        if (record.accountTime < last.accountTime || record.riskTime < last.riskTime) revert RootTimeWentBack();
        _records[submission.subject] = record;
        _see(submission.subject, Status.Healthy);
        emit SolvencyProven(
            submission.subject,
            record.accountRoot,
            record.riskRoot,
            record.thresholdBps,
            record.equityFloor,
            submission.actionHash,
            record.solventUntil
        );
    }

    function _moveDue(address subject, uint64 from, uint64 to) private {
        uint256 hourBefore = from / 1 hours;
        uint256 hourAfter = to / 1 hours;
        if (hourBefore == hourAfter) return;
        // a subject that never proved is in no hour, and taking it out of the first one changes nothing
        _due[hourBefore].remove(subject);
        _due[hourAfter].add(subject);
    }

    function _see(address subject, Status status) private {
        Status before = lastSeen[subject];
        if (before == status) return;
        lastSeen[subject] = status;
        emit StatusChanged(subject, before, status);
    }

    /// @dev A subject that somebody else submits for is bound already, to this nullifier: who knows the owner's secret made
    /// the proof, but only the subject can say that it wants to be bound.
    function _requireBound(Submission calldata submission) private view {
        uint256 bound = SCOPE_REGISTRY.nullifierOf(submission.subject);
        if (bound == 0) revert SubjectNotBound(submission.subject);
        if (bound != submission.publicSignals[PublicSignals.NULLIFIER]) {
            revert IScopeRegistry.SubjectBoundElsewhere(submission.subject);
        }
    }

    /// @dev Whoever holds a proof that the subject has replaced by one of more, under the same roots, does not bring it back.
    function _requireNewer(Submission calldata submission) private view {
        Record storage last = _records[submission.subject];
        bool isSameAccount = submission.publicSignals[PublicSignals.ACCOUNT_ROOT] == last.accountRoot;
        bool isSameRisk = submission.publicSignals[PublicSignals.RISK_ROOT] == last.riskRoot;
        if (isSameAccount && isSameRisk) revert NothingNew(submission.subject);
    }

    /// @dev A static call to a contract that the owner allowed: it cannot come back and change anything.
    function _verify(Submission calldata submission) private view {
        uint256[] memory signals = new uint256[](7);
        for (uint256 i = 0; i < 7; ++i) signals[i] = submission.publicSignals[i];
        if (!submission.verifier.verify(submission.proof, signals)) revert ProofInvalid();
    }

    function _checkContext(Submission calldata submission, address consumer) private view {
        uint64 deadline = submission.deadline;
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
        uint256 expected = contextOf(consumer, submission.subject, submission.actionHash, deadline);
        uint256 proven = submission.publicSignals[PublicSignals.CONTEXT];
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

    /// @dev Everything about the two roots, and the record that follows. A proof is as old as its older root, whenever
    /// it is submitted: block time would let old roots be proven as new.
    function _checkRoots(Submission calldata submission) private view returns (Record memory record) {
        uint256[7] calldata publicSignals = submission.publicSignals;
        record.venue = submission.venue;
        record.accountRoot = publicSignals[PublicSignals.ACCOUNT_ROOT];
        record.riskRoot = publicSignals[PublicSignals.RISK_ROOT];
        record.accountTime = _accountTime(record.venue, record.accountRoot);
        record.riskTime = _riskTime(record.riskRoot, submission);
        (uint64 older, uint64 newer) = record.accountTime < record.riskTime
            ? (record.accountTime, record.riskTime)
            : (record.riskTime, record.accountTime);
        if (newer - older > MAX_ROOT_GAP) revert RootTimesTooFarApart(record.accountTime, record.riskTime);
        record.solventUntil = older + MAX_AGE;
        record.provenAt = uint64(block.timestamp);
        record.thresholdBps = SafeCast.toUint32(publicSignals[PublicSignals.THRESHOLD_BPS]);
        record.equityFloor = SafeCast.toUint160(publicSignals[PublicSignals.EQUITY_FLOOR]);
    }

    function _accountTime(address venue, uint256 root) private view returns (uint64) {
        AccountRoot memory posted = ACCOUNT_ROOTS.accountRoot(venue, root);
        if (posted.revokedAt != 0) revert AccountRootIsRevoked(root);
        if (posted.time == 0) revert UnknownAccountRoot(venue, root);
        _requireFresh(posted.time, ACCOUNT_ROOTS.maxAge(venue));
        return posted.time;
    }

    /// @dev Only the newest risk root of a model counts, and the one before it for a short grace, so that a proof already on
    /// its way is not lost: who may choose among roots chooses the best price.
    function _riskTime(uint256 root, Submission calldata submission) private view returns (uint64) {
        if (RISK_ORACLE.paused()) revert RiskOraclePaused();
        RiskRoot memory posted = RISK_ORACLE.riskRoot(root);
        if (posted.revokedAt != 0) revert RiskRootIsRevoked(root);
        if (posted.time == 0) revert UnknownRiskRoot(root);
        if (posted.supersededAt != 0 && block.timestamp > uint256(posted.supersededAt) + RISK_GRACE) {
            revert RiskRootSuperseded(root);
        }
        if (!isAllowed[address(submission.verifier)][posted.modelHash][submission.venue]) {
            revert NotAllowed(address(submission.verifier), posted.modelHash, submission.venue);
        }
        _requireFresh(posted.time, RISK_ORACLE.maxAge());
        return posted.time;
    }

    /// @dev The sources' ages are below this policy's, so a root that is fresh gives a proof that still counts.
    function _requireFresh(uint64 time, uint64 age) private view {
        if (time + age < block.timestamp) revert Stale(time + age, block.timestamp);
    }

    /// @dev Two counts of seconds at which roots could be had: since the time of the proof's older root, and since the margin
    /// call began, its first second included; the latter is zero when there is none. Counted from the root and not from
    /// the submission: whoever sends a proof again would take from its subject the seconds for which deadlines stood still.
    function _clocks(Record storage record) private view returns (uint64 lived, uint64 called) {
        uint64 from = record.solventUntil - MAX_AGE;
        uint64 revokedAt = _revokedAt(record);
        Interval[] memory outages = Outages.union(
            RISK_ORACLE.outages(RISK_ORACLE.riskRoot(record.riskRoot).modelHash, from),
            ACCOUNT_ROOTS.outages(record.venue, from)
        );
        uint64 time = uint64(block.timestamp);
        lived = Outages.secondsOutside(outages, from, time);
        if (lived > MAX_AGE) called = lived - MAX_AGE;
        if (revokedAt != 0) {
            uint64 since = Outages.secondsOutside(outages, revokedAt, time) + 1;
            if (since > called) called = since;
        }
    }

    /// @dev When the first of the two roots was revoked; zero if neither was.
    function _revokedAt(Record storage record) private view returns (uint64) {
        uint64 account = ACCOUNT_ROOTS.accountRoot(record.venue, record.accountRoot).revokedAt;
        uint64 risk = RISK_ORACLE.riskRoot(record.riskRoot).revokedAt;
        if (account == 0 || risk == 0) return account + risk;
        return account < risk ? account : risk;
    }

    function _isSpan(uint64 span) private pure returns (bool) {
        return span != 0 && span <= type(uint32).max;
    }
}
