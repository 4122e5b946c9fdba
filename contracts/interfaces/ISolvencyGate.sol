// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccountRoots} from "./IAccountRoots.sol";
import {IGroth16Verifier, Proof} from "./IGroth16Verifier.sol";
import {IRiskOracle} from "./IRiskOracle.sol";
import {IScopeRegistry} from "./IScopeRegistry.sol";

/// @title ISolvencyGate
/// @notice Remembers which subjects have shown that their account covers its margin requirement, and what follows when they
/// do not show it again in time.
/// @dev A proof is no collateral: funds can move between snapshots and can be pledged elsewhere. docs/integrate.md says
/// what a proof does not promise.
interface ISolvencyGate {
    /// @notice Where a subject stands.
    /// Unknown: it never proved anything. Healthy: its last proof counts. MarginCall: it does no more, and the subject has
    /// the call period to prove again. Liquidatable: that has passed. A new proof makes it Healthy at any time.
    enum Status {
        Unknown,
        Healthy,
        MarginCall,
        Liquidatable
    }

    /// @notice What a proof must reach. Fixed when the gate is deployed.
    /// @param minThresholdBps Least ratio of weighted equity to requirement, in basis points.
    /// @param minEquityFloor Least equity floor, in 1e-16 quote units.
    /// @param maxAge Seconds for which a proof counts after the older of its two roots. Longer than the sources let roots be
    /// used: otherwise deadlines would run while all that there is to prove against is too old for this gate.
    /// @param maxRootGap Most seconds between the times of the account root and the risk root of one proof. To be longer than
    /// the slower source's rhythm, since deadlines do not stand still for a gap.
    /// @param riskGrace Seconds for which a risk root is still accepted after a newer one was posted.
    /// @param callPeriod Seconds of a margin call, in which the subject can prove again before it is liquidatable.
    struct Policy {
        uint32 minThresholdBps;
        uint160 minEquityFloor;
        uint64 maxAge;
        uint64 maxRootGap;
        uint64 riskGrace;
        uint64 callPeriod;
    }

    /// @notice A proof of a subject.
    /// @param subject Whom the proof makes solvent.
    /// @param deadline Last second at which the proof may be submitted.
    /// @param venue The venue that posted the account root.
    /// @param verifier The verifier of the proof's circuit.
    /// @param proof The proof.
    /// @param publicSignals Its public signals, in the order of the library PublicSignals.
    /// @param actionHash Hash of the action with all its parameters for which the proof was made; zero for none.
    struct Submission {
        address subject;
        uint64 deadline;
        address venue;
        IGroth16Verifier verifier;
        Proof proof;
        uint256[7] publicSignals;
        bytes32 actionHash;
    }

    /// @notice What a subject last proved.
    /// @param accountTime Time of the account root, in seconds since 1970.
    /// @param riskTime Time of the risk root.
    /// @param provenAt Block time of the submission.
    /// @param solventUntil Last second at which the proof counts: the older root's time plus the policy's maxAge.
    /// @param equityFloor The floor that was proven; at least the policy's.
    /// @param thresholdBps The threshold that was proven; at least the policy's.
    /// @param venue The venue that posted the account root.
    /// @param accountRoot The account root that was proven against.
    /// @param riskRoot The risk root that was proven against.
    struct Record {
        uint64 accountTime;
        uint64 riskTime;
        uint64 provenAt;
        uint64 solventUntil;
        uint160 equityFloor;
        uint32 thresholdBps;
        address venue;
        uint256 accountRoot;
        uint256 riskRoot;
    }

    /// @notice A verifier counts, or counts no more, for proofs under a model against roots of a venue.
    event AllowanceSet(address indexed verifier, uint256 indexed modelHash, address indexed venue, bool allowed);
    /// @notice A subject has proven that it is solvent, for an action.
    event SolvencyProven(
        address indexed subject,
        uint256 indexed accountRoot,
        uint256 indexed riskRoot,
        uint256 thresholdBps,
        uint256 equityFloor,
        bytes32 actionHash,
        uint64 solventUntil
    );
    /// @notice Somebody saw that a subject's status is another than the one last seen.
    event StatusChanged(address indexed subject, Status from, Status to);

    /// @notice The policy can accept no proof, asks for no margin at all, gives no time to answer a margin call, has spans
    /// beyond 2^32 seconds, or lets proofs count for no longer than the oracle's roots may be used.
    error InvalidPolicy();
    /// @notice There is no contract at that address.
    error NotAContract(address account);
    /// @notice The venue is not registered, or its roots may be used for as long as the policy's maxAge or longer.
    error VenueNotFit(address venue);
    /// @notice The caller is not the subject of the proof.
    error NotTheSubject(address caller, address subject);
    /// @notice A subject's first proof is sent by the subject itself: otherwise anybody could bind it to their account.
    error SubjectNotBound(address subject);
    /// @notice A proof for an action goes to the contract that carries the action out, in {useProof}.
    error ActionNotExpected(bytes32 actionHash);
    /// @notice {useProof} is for actions.
    error ActionExpected();
    /// @notice The proof was used for its action before.
    error ProofAlreadyUsed(uint256 context);
    /// @notice The subject has proven against these roots itself: what others submit for it must renew.
    error NothingNew(address subject);
    /// @notice A batch of submissions holds none, or several verifiers.
    error InvalidBatch();
    /// @notice The deadline of the proof has passed.
    error DeadlinePassed(uint64 deadline, uint256 blockTime);
    /// @notice The proof is for another chain, gate, consumer, subject, action or deadline.
    error WrongContext(uint256 proven, uint256 expected);
    /// @notice The proof is for another scope.
    error WrongScope(uint256 proven, uint256 expected);
    /// @notice The proven threshold is below the policy's.
    error ThresholdTooLow(uint256 proven, uint256 minimum);
    /// @notice The proven floor is below the policy's.
    error EquityFloorTooLow(uint256 proven, uint256 minimum);
    /// @notice The venue never posted the account root.
    error UnknownAccountRoot(address venue, uint256 root);
    /// @notice The risk root was never posted.
    error UnknownRiskRoot(uint256 root);
    /// @notice The account root was revoked.
    error AccountRootIsRevoked(uint256 root);
    /// @notice The risk root was revoked.
    error RiskRootIsRevoked(uint256 root);
    /// @notice A newer risk root was posted, and its grace has passed.
    error RiskRootSuperseded(uint256 root);
    /// @notice The risk oracle is paused.
    error RiskOraclePaused();
    /// @notice The two roots' times lie too far apart.
    error RootTimesTooFarApart(uint64 accountTime, uint64 riskTime);
    /// @notice A root is older than its source lets it be used, or the older one than the policy's maxAge.
    error Stale(uint64 usableUntil, uint256 blockTime);
    /// @notice The subject has already proven against a later root.
    error RootTimeWentBack();
    /// @notice The verifier is not allowed for the model of this risk root and this venue.
    error NotAllowed(address verifier, uint256 modelHash, address venue);
    /// @notice The verifier refused the proof, or one of the batch.
    error ProofInvalid();

    /// @notice Allows a verifier for proofs under a model against account roots of a venue, or no more. Only the owner. All
    /// three together say what is proven and who vouches for it: a circuit of one family under another's parameters, or a
    /// milder claim of the same family, is another model hash. What was proven stays when an allowance ends: should a
    /// verifier turn out to be faulty, have the roots revoked as well.
    function allow(IGroth16Verifier verifier, uint256 modelHash, address venue, bool allowed) external;

    /// @notice Records that the caller is solvent. The proof's action is zero, its consumer this gate.
    /// @dev The same proof can be submitted again until its deadline, to no further effect. Of two proofs under the same roots
    /// the one submitted last is on record, also if it shows less.
    function submit(Submission calldata submission) external;

    /// @notice Records that many subjects are solvent, whoever sends it, with one check of all their proofs by one verifier.
    /// Actions are zero, the consumer is this gate; each subject has submitted a proof of its own before, and not against the
    /// same two roots. Reverts as a whole when one is refused, also if a subject was quicker with a proof against later roots.
    function submitMany(Submission[] calldata submissions) external;

    /// @notice Records that a subject is solvent and uses the proof up for the action that the caller is about to carry out.
    /// The proof's consumer is the caller, its action is not zero, and it is good once.
    function useProof(Submission calldata submission) external;

    /// @notice Emits {StatusChanged} for those of the subjects whose status has changed since it was last emitted. Anybody.
    function sync(address[] calldata subjects) external;

    /// @notice Whether the subject may act on its last proof: in time by the clock on the wall, with neither root revoked and
    /// the oracle not paused. Stricter than a status of Healthy, whose deadline stands still while no root can be had.
    function isSolvent(address subject) external view returns (bool);

    /// @notice Where the subject stands. Time without a usable risk root of its model or account root of its venue does not
    /// count towards either deadline: a pause or outage calls and liquidates nobody. A revocation of a root calls at once.
    function statusOf(address subject) external view returns (Status);

    /// @notice Seconds with usable roots until the subject's status changes, were nothing else to happen; zero when it is
    /// Liquidatable or Unknown. A status changes in the second after the last.
    function secondsLeft(address subject) external view returns (uint64);

    /// @notice What the subject last proved; all zero if nothing.
    function recordOf(address subject) external view returns (Record memory);

    /// @notice Subjects whose last proof ends within an hour, counted from 1970, in no order; from `offset`, at most `limit`.
    /// A keeper reads the hours that have come, and asks {statusOf} of whom it finds; who is called early, by a revocation,
    /// it learns from the sources' events. Read all pages at one block: a subject that renews changes the places of others.
    function dueIn(uint256 hour, uint256 offset, uint256 limit) external view returns (address[] memory);

    /// @notice How many subjects {dueIn} has for an hour.
    function dueCount(uint256 hour) external view returns (uint256);

    /// @notice The context that a proof must carry.
    /// @param consumer The contract that carries the action out; this gate if there is no action.
    function contextOf(
        address consumer,
        address subject,
        bytes32 actionHash,
        uint64 deadline
    ) external view returns (uint256);

    /// @notice The policy of this gate.
    function policy() external view returns (Policy memory);

    /// @notice Where account roots come from.
    function accountRoots() external view returns (IAccountRoots);

    /// @notice Where risk roots come from.
    function riskOracle() external view returns (IRiskOracle);

    /// @notice Who stands for whom in this gate's scope.
    function scopeRegistry() external view returns (IScopeRegistry);
}
