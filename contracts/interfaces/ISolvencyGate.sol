// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarginVerifier} from "./IMarginVerifier.sol";

/// @title ISolvencyGate
/// @notice Remembers which subjects have shown, and for how long, that their account covers its margin requirement.
/// @dev A proof is no collateral: funds can move between snapshots and can be pledged elsewhere.
interface ISolvencyGate {
    /// @notice What a proof must reach. Fixed when the gate is deployed.
    /// @param minThresholdBps Least ratio of weighted equity to requirement, in basis points.
    /// @param minEquityFloor Least equity floor, in 1e-16 quote units.
    /// @param scope The scope in which nullifiers are counted.
    /// @param maxAge Seconds for which a subject counts as solvent after the older of its two roots.
    /// @param maxRootGap Most seconds between the times of the account root and the risk root of one proof.
    /// @param riskGrace Seconds for which a risk root is still accepted after a newer one was posted.
    struct Policy {
        uint32 minThresholdBps;
        uint160 minEquityFloor;
        uint256 scope;
        uint64 maxAge;
        uint64 maxRootGap;
        uint64 riskGrace;
    }

    /// @notice A Groth16 proof, laid out as in {IMarginVerifier-verify}.
    struct Proof {
        uint256[2] a;
        uint256[2][2] b;
        uint256[2] c;
    }

    /// @notice What a subject last proved.
    /// @param accountTime Time of the account root, in seconds since 1970.
    /// @param riskTime Time of the risk root.
    /// @param solventUntil Last second at which the proof counts: the older root's time plus the policy's maxAge.
    /// @param thresholdBps The threshold that was proven; at least the policy's.
    /// @param equityFloor The floor that was proven; at least the policy's.
    /// @param accountRoot The account root that was proven against.
    /// @param riskRoot The risk root that was proven against.
    struct Status {
        uint64 accountTime;
        uint64 riskTime;
        uint64 solventUntil;
        uint32 thresholdBps;
        uint160 equityFloor;
        uint256 accountRoot;
        uint256 riskRoot;
    }

    /// @notice An account root counts from now on.
    event AccountRootPosted(uint256 indexed root, uint64 time, address indexed publisher);
    /// @notice A risk root counts from now on, and the one before it until the grace has passed.
    event RiskRootPosted(uint256 indexed root, uint64 time, uint256 indexed modelHash, address indexed publisher);
    /// @notice An account root counts no more, and never will again.
    event AccountRootRevoked(uint256 indexed root);
    /// @notice A risk root counts no more, and never will again.
    event RiskRootRevoked(uint256 indexed root);
    /// @notice An address may, or may no more, post roots.
    event PublisherSet(address indexed publisher, bool allowed);
    /// @notice A verifier counts, or counts no more, for risk roots of a model.
    event VerifierSet(address indexed verifier, uint256 indexed modelHash, bool allowed);
    /// @notice A nullifier belongs to a subject from now on.
    event NullifierBound(address indexed subject, uint256 indexed nullifier);
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

    /// @notice The policy can accept no proof, asks for no margin at all, or lets proofs age beyond 2^32 seconds.
    error InvalidPolicy();
    /// @notice There is no contract at that address.
    error NotAContract(address account);
    /// @notice The caller may not post roots.
    error NotAPublisher(address caller);
    /// @notice Zero is no root.
    error InvalidRoot();
    /// @notice The root's time lies in the future.
    error TimeInFuture(uint64 time, uint256 blockTime);
    /// @notice The root was posted before; its time cannot be changed.
    error RootAlreadyPosted(uint256 root);
    /// @notice A risk root must be later than the one before it.
    error RiskTimeNotLater(uint64 time, uint64 latest);
    /// @notice The deadline of the proof has passed.
    error DeadlinePassed(uint64 deadline, uint256 blockTime);
    /// @notice The proof is for another chain, gate, subject, action or deadline.
    error WrongContext(uint256 proven, uint256 expected);
    /// @notice The proof is for another scope.
    error WrongScope(uint256 proven, uint256 expected);
    /// @notice The proven threshold is below the policy's.
    error ThresholdTooLow(uint256 proven, uint256 minimum);
    /// @notice The proven floor is below the policy's.
    error EquityFloorTooLow(uint256 proven, uint256 minimum);
    /// @notice The account root was never posted.
    error UnknownAccountRoot(uint256 root);
    /// @notice The risk root was never posted.
    error UnknownRiskRoot(uint256 root);
    /// @notice The account root was revoked.
    error AccountRootIsRevoked(uint256 root);
    /// @notice The risk root was revoked.
    error RiskRootIsRevoked(uint256 root);
    /// @notice A newer risk root was posted, and its grace has passed.
    error RiskRootSuperseded(uint256 root);
    /// @notice The two roots' times lie too far apart.
    error RootTimesTooFarApart(uint64 accountTime, uint64 riskTime);
    /// @notice The proof's older root is older than the policy's maxAge.
    error Stale(uint64 solventUntil, uint256 blockTime);
    /// @notice The subject has already proven against a later root.
    error RootTimeWentBack();
    /// @notice The verifier is not accepted for the model of this risk root.
    error VerifierNotAccepted(address verifier, uint256 modelHash);
    /// @notice Another subject uses this nullifier, that is, the same account owner.
    error NullifierTaken(uint256 nullifier);
    /// @notice The subject is bound to another nullifier, that is, to another account owner.
    error SubjectBoundElsewhere(address subject);
    /// @notice The verifier refused the proof.
    error ProofInvalid();

    /// @notice Lets an address post roots, or no more. Roots that it posted stay; each is revoked by itself.
    function setPublisher(address publisher, bool allowed) external;

    /// @notice Accepts a verifier for risk roots of a model, or no more. Both together say what is proven: a circuit of
    /// one family under another's parameters, or a milder claim of the same family, is another model hash. What was
    /// proven with a verifier stays when it is dropped: should it turn out to be faulty, revoke the roots as well.
    function setVerifier(IMarginVerifier verifier, uint256 modelHash, bool allowed) external;

    /// @notice Posts an account root. Only a publisher.
    /// @param root The account root.
    /// @param time The time inside of it, in seconds since 1970; not in the future.
    function postAccountRoot(uint256 root, uint64 time) external;

    /// @notice Posts a risk root. Only a publisher.
    /// @param root The risk root.
    /// @param time The time inside of it; not in the future and later than that of every risk root before it.
    /// @param modelHash The model hash inside of it.
    function postRiskRoot(uint256 root, uint64 time, uint256 modelHash) external;

    /// @notice Revokes an account root for good. Only a publisher or the owner. Subjects that proved against it count
    /// as solvent no more until they prove against another. A root can be revoked before it is posted.
    function revokeAccountRoot(uint256 root) external;

    /// @notice Revokes a risk root for good, as {revokeAccountRoot} does. Its predecessor does not come back.
    function revokeRiskRoot(uint256 root) external;

    /// @notice Records that the caller is solvent.
    /// @dev The same proof can be submitted again by the same subject until its deadline, to no further effect. A
    /// contract that lets something happen once per proof must itself consume the action's hash.
    /// @param verifier The accepted verifier of the proof's circuit.
    /// @param proof The proof.
    /// @param publicSignals Its public signals, in the order of the library PublicSignals.
    /// @param actionHash Hash of the action with all its parameters for which the proof was made; zero for none.
    /// @param deadline Last second at which the proof may be submitted.
    function submit(
        IMarginVerifier verifier,
        Proof calldata proof,
        uint256[7] calldata publicSignals,
        bytes32 actionHash,
        uint64 deadline
    ) external;

    /// @notice Whether the subject has a proof that still counts: in time, and with neither root revoked.
    function isSolvent(address subject) external view returns (bool);

    /// @notice What the subject last proved; all zero if nothing. Says nothing about revocation: see {isSolvent}.
    function statusOf(address subject) external view returns (Status memory);

    /// @notice The context that a proof of this subject must carry here.
    function contextOf(address subject, bytes32 actionHash, uint64 deadline) external view returns (uint256);

    /// @notice The policy of this gate.
    function policy() external view returns (Policy memory);

    /// @notice The subject to which a nullifier is bound; zero if none.
    function subjectOf(uint256 nullifier) external view returns (address);

    /// @notice The nullifier to which a subject is bound; zero if none.
    function nullifierOf(address subject) external view returns (uint256);
}
