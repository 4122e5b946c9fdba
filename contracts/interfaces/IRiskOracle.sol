// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Interval} from "../libraries/Outages.sol";
import {IMarkCheck} from "./IMarkCheck.sol";

/// @notice A risk root as it was posted.
/// @param time The time inside of it, seconds since 1970; zero if it was never posted.
/// @param supersededAt Block time at which a newer root of its model was posted; zero for the newest.
/// @param revokedAt Block time at which it was revoked; zero if it was not.
/// @param modelHash The model inside of it.
struct RiskRoot {
    uint64 time;
    uint64 supersededAt;
    uint64 revokedAt;
    uint256 modelHash;
}

/// @title IRiskOracle
/// @notice Risk roots that a quorum of signers stands for.
/// @dev Trust: a contract cannot see what is inside of a root. That it is the root of an honest snapshot, with this time,
/// this model and these marks, is the signers' word; snapshots are public under their `dataHash`, so anybody can compare.
/// Ids mean something within one venue's registry: an oracle serves one registry. What holds the signers:
/// the owner's feeds, which nobody's signature overrides; a second quorum, the reviewers, without whom no mark may jump,
/// appear or vanish; the guardian, who can pause and revoke but not post. A walk in steps below the jump, a post each,
/// passes without reviewers: feeds and the guardian are there for that.
interface IRiskOracle {
    /// @notice What an oracle is deployed with.
    /// @param owner Sets signers, reviewers, guardian and feeds, ends a pause. An owner that renounces leaves the guardian
    /// able to pause for good.
    /// @param maxAge Seconds after its time for which a root may be used, 1 to 2^32; fixed for good.
    /// @param maxJumpBps Most by which a mark may differ from the last one without reviewers, in basis points of the last
    /// one; fixed for good. From 10,000 on no fall is a jump.
    /// @param guardian Pauses and revokes.
    /// @param signers Without their quorum nothing is posted.
    /// @param threshold How many of the signers it takes.
    /// @param reviewers The second quorum; nobody is in both.
    /// @param reviewThreshold How many of the reviewers it takes.
    struct Config {
        address owner;
        uint64 maxAge;
        uint32 maxJumpBps;
        address guardian;
        address[] signers;
        uint256 threshold;
        address[] reviewers;
        uint256 reviewThreshold;
    }

    /// @notice The mark price of an instrument, or of an asset, that the snapshot holds.
    /// @param instrument Its id in the venue's registry.
    /// @param price Of one unit, 1e-8 quote.
    struct Mark {
        uint32 instrument;
        uint128 price;
    }

    /// @notice What signers and reviewers sign, as EIP-712 typed data under the domain "zk-solvency RiskOracle", version
    /// "1", this chain and this contract.
    /// @param root The risk root.
    /// @param time The time inside of it, seconds since 1970.
    /// @param modelHash The model inside of it.
    /// @param dataHash Hash of the published snapshot file.
    /// @param marks Marks that the snapshot holds, by ascending id from 1. The more of them, the less can move unseen.
    struct Snapshot {
        uint256 root;
        uint64 time;
        uint256 modelHash;
        bytes32 dataHash;
        Mark[] marks;
    }

    /// @notice The signers stand for a risk root.
    /// @param reviewed Whether the reviewers do so as well.
    event RiskRootPosted(
        uint256 indexed root,
        uint256 indexed modelHash,
        uint64 time,
        bytes32 indexed dataHash,
        bool reviewed
    );
    /// @notice A risk root must not be used, and never again.
    event RiskRootRevoked(uint256 indexed root, address indexed by);
    /// @notice The signers stand for it that a table holds rows of the root's snapshot.
    event TableApproved(uint256 indexed root, uint256 indexed tableHash);
    /// @notice These are the signers from now on.
    event SignersSet(address[] members, uint256 threshold);
    /// @notice These are the reviewers from now on.
    event ReviewersSet(address[] members, uint256 threshold);
    /// @notice Another account pauses and revokes from now on.
    event GuardianSet(address indexed guardian);
    /// @notice Marks of an instrument have to pass a check from now on, and must not be left out.
    event FeedListed(uint32 indexed instrument, IMarkCheck indexed feed);
    /// @notice Marks of an instrument have to pass no check any more.
    event FeedUnlisted(uint32 indexed instrument);

    /// @notice A quorum needs at least one member and no more than it has.
    error InvalidThreshold(uint256 threshold, uint256 members);
    /// @notice An account is twice among the members, or in both quorums.
    error DuplicateMember(address account);
    /// @notice An account that has a duty is not zero.
    error ZeroAddress();
    /// @notice Roots are usable for 1 to 2^32 seconds.
    error InvalidMaxAge(uint64 maxAge);
    /// @notice The caller is neither the guardian nor the owner.
    error NotTheGuardian(address caller);
    /// @notice There is no contract at that address.
    error NotAContract(address account);
    /// @notice The instrument has no feed.
    error NotListed(uint32 instrument);
    /// @notice A signature is by an account outside of the quorum, or under other data, another chain or contract.
    error NotInQuorum(address account);
    /// @notice Signatures are by distinct accounts, in ascending order of them.
    error SignersNotAscending(address previous, address account);
    /// @notice There are fewer signatures than the quorum needs.
    error QuorumNotReached(uint256 signatures, uint256 threshold);
    /// @notice A root is not zero and below the scalar field's order.
    error InvalidRoot(uint256 root);
    /// @notice The root was posted before.
    error RiskRootAlreadyPosted(uint256 root);
    /// @notice The root was revoked.
    error RiskRootIsRevoked(uint256 root);
    /// @notice The root was never posted.
    error UnknownRiskRoot(uint256 root);
    /// @notice The root's time lies ahead.
    error TimeInFuture(uint64 time, uint256 blockTime);
    /// @notice The root's time is not after that of the newest root of its model.
    error TimeWentBack(uint64 time, uint64 newestTime);
    /// @notice The root is older than roots may be used.
    error Stale(uint64 usableUntil, uint256 blockTime);
    /// @notice There are no marks, and the reviewers have not signed.
    error NoMarks();
    /// @notice Marks are by ascending ids, from 1.
    error MarksNotAscending(uint32 previous, uint32 instrument);
    /// @notice A mark of zero.
    error ZeroMark(uint32 instrument);
    /// @notice The mark differs from the last one by more than `maxJumpBps`, and the reviewers have not signed.
    error MarkJumped(uint32 instrument, uint128 last, uint128 price);
    /// @notice There is no earlier mark to compare with, and the reviewers have not signed.
    error MarkAppeared(uint32 instrument);
    /// @notice Of the marks in the model's last post some are missing, and the reviewers have not signed.
    error MarksVanished(uint256 kept, uint256 before);
    /// @notice Of the instruments with a feed some have no mark.
    error ListedMarkMissing(uint256 found, uint256 listed);

    /// @notice Posts a risk root, usable from then on until `time` plus `maxAge`, that second included. Anybody may send it;
    /// not while paused. A root is posted once, by whatever model, and times of a model never go back: signatures
    /// cannot be replayed.
    /// @dev A mark jumps if |price - last| * 10,000 > maxJumpBps * last, exactly, with the last one that was accepted under
    /// this model, however long ago and whether or not its root was revoked. Reviewers must have signed if a mark
    /// jumps; if it has no predecessor, as all in a model's first post, or if there are no marks at all (with nothing to
    /// compare with, signers could otherwise bring any price under a new id or model); and if a mark of the model's
    /// last post is missing (it could otherwise be left out for as long as its price is wrong). They do not override a
    /// feed; the owner can unlist it.
    /// Reverts with EnforcedPause, InvalidRoot, RiskRootIsRevoked, RiskRootAlreadyPosted, TimeInFuture, TimeWentBack, Stale,
    /// Outages.OutageTooSoon while a second outage within five minutes lasts,
    /// NotInQuorum, SignersNotAscending, QuorumNotReached, NoMarks, MarksNotAscending, ZeroMark, MarkJumped, MarkAppeared,
    /// MarksVanished, ListedMarkMissing, with the ECDSA errors of OpenZeppelin for what is no signature (a second form of a
    /// signature, with high s, is none), and with whatever a feed's check reverts with.
    /// @param snapshot What is posted.
    /// @param signatures Signers' signatures of it, in ascending order of the signers.
    /// @param reviews Reviewers' signatures of the same, in ascending order; empty if no review is needed.
    function post(Snapshot calldata snapshot, bytes[] calldata signatures, bytes[] calldata reviews) external;

    /// @notice Approves tables of books' proofs as holding rows of a root's snapshot. Anybody may send it; not while paused.
    /// What was approved already stays so.
    /// @dev Signatures are of the EIP-712 struct Tables(uint256 root,uint256[] tableHashes). Reverts with EnforcedPause,
    /// UnknownRiskRoot, RiskRootIsRevoked, NotInQuorum, SignersNotAscending, QuorumNotReached and the ECDSA errors.
    /// @param root The risk root; it must have been posted.
    /// @param tableHashes Hashes of the tables.
    /// @param signatures Signers' signatures, in ascending order of the signers.
    function approveTables(uint256 root, uint256[] calldata tableHashes, bytes[] calldata signatures) external;

    /// @notice Revokes a root for good, also one that was not posted yet, which then never is. Only the guardian or the
    /// owner; also while paused. With a model's newest root an outage begins that lasts until the next post: an earlier
    /// root does not come back.
    /// @dev Reverts with NotTheGuardian, InvalidRoot, RiskRootIsRevoked.
    function revoke(uint256 root) external;

    /// @notice Lets no root be used or posted and no table be approved, and so is an outage. Only the guardian or the owner.
    /// @dev Reverts with NotTheGuardian, EnforcedPause.
    function pause() external;

    /// @notice Ends a pause. Only the owner: a guardian's stolen key must not be able to undo what stopped a theft.
    /// @dev Reverts with OwnableUnauthorizedAccount, ExpectedPause.
    function unpause() external;

    /// @notice Puts others in the place of the signers. Only the owner. From then on a signature by somebody who left does
    /// not count, whenever it was made; one by somebody who stayed does. Roots and tables that were accepted stay.
    /// @dev Reverts with OwnableUnauthorizedAccount, InvalidThreshold, DuplicateMember, ZeroAddress.
    function setSigners(address[] calldata members, uint256 threshold) external;

    /// @notice Puts others in the place of the reviewers, as {setSigners} does.
    /// @dev Reverts with OwnableUnauthorizedAccount, InvalidThreshold, DuplicateMember, ZeroAddress.
    function setReviewers(address[] calldata members, uint256 threshold) external;

    /// @notice Puts another account in the place of the guardian. Only the owner.
    /// @dev Reverts with OwnableUnauthorizedAccount, ZeroAddress.
    function setGuardian(address account) external;

    /// @notice From now on each post, of any model, has a mark of this instrument, and it passes this check. Only the owner.
    /// Replaces an earlier feed of the instrument.
    /// @dev Reverts with OwnableUnauthorizedAccount, NotAContract, and NotListed for the id zero, which no mark has.
    function listFeed(uint32 instrument, IMarkCheck feed) external;

    /// @notice From now on marks of this instrument need pass no check. Only the owner: for a feed that has ended.
    /// @dev Reverts with OwnableUnauthorizedAccount, NotListed.
    function unlistFeed(uint32 instrument) external;

    /// @notice A root as it was posted: all zero if it was neither posted nor revoked, and with no more than a `revokedAt` if
    /// it was revoked without having been posted.
    function riskRoot(uint256 root) external view returns (RiskRoot memory);

    /// @notice The newest root of a model, revoked or not; zero before the first.
    function latestRoot(uint256 modelHash) external view returns (uint256);

    /// @notice The last mark of an instrument that was accepted under a model, 1e-8 quote; zero if there was none.
    function lastMark(uint256 modelHash, uint32 instrument) external view returns (uint128);

    /// @notice Seconds after its time for which a root may be used at most.
    function maxAge() external view returns (uint64);

    /// @notice Most by which a mark may differ from the last one without reviewers, in basis points of the last one.
    function maxJumpBps() external view returns (uint32);

    /// @notice Whether no root may be used at present.
    function paused() external view returns (bool);

    /// @notice Whether the signers stand for it that a table of a book's proof holds rows of this root's snapshot. Not after
    /// the root was revoked.
    function isTable(uint256 root, uint256 tableHash) external view returns (bool);

    /// @notice The times in [from, now) at which no root of the model could be used: the newest was too old or revoked, or
    /// the oracle was paused. The latest first; none overlaps another.
    /// @dev Time before a model's first root is an outage that began at zero, and is no more once there is a root.
    function outages(uint256 modelHash, uint64 from) external view returns (Interval[] memory);

    /// @notice Who signs, and how many of them it takes.
    function signers() external view returns (address[] memory members, uint256 threshold);

    /// @notice Who reviews, and how many of them it takes.
    function reviewers() external view returns (address[] memory members, uint256 threshold);

    /// @notice Who pauses and revokes beside the owner.
    function guardian() external view returns (address);

    /// @notice The check that marks of an instrument have to pass; zero for none.
    function feedOf(uint32 instrument) external view returns (IMarkCheck);
}
