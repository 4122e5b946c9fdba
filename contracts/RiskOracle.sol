// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IMarkCheck} from "./interfaces/IMarkCheck.sol";
import {IRiskOracle, RiskRoot} from "./interfaces/IRiskOracle.sol";
import {Interval, Outages} from "./libraries/Outages.sol";
import {Quorums} from "./libraries/Quorums.sol";
import {RiskOracleMessages} from "./libraries/RiskOracleMessages.sol";

/// @title RiskOracle
/// @notice Risk roots that a quorum of signers stands for.
contract RiskOracle is IRiskOracle, EIP712, Ownable2Step, Pausable {
    using EnumerableSet for EnumerableSet.AddressSet;
    using Outages for Outages.Log;
    using Quorums for Quorums.Stored;
    using RiskOracleMessages for Snapshot;

    /// @dev The order of BN254's scalar field.
    uint256 private constant SCALAR_FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint64 private constant LONGEST_MAX_AGE = 2 ** 32;
    uint256 private constant BPS = 10_000;

    /// @dev The last mark of an instrument that was accepted, and in which of the model's posts, counted from 1.
    struct LastMark {
        uint128 price;
        uint64 post;
    }

    struct Model {
        uint256 newestRoot;
        uint64 posts;
        uint32 marksInLastPost;
        mapping(uint32 instrument => LastMark) marks;
        Outages.Log outages;
    }

    uint64 private immutable MAX_AGE;
    uint32 private immutable MAX_JUMP_BPS;

    /// @inheritdoc IRiskOracle
    address public guardian;
    uint256 private _listed;
    Quorums.Stored private _signers;
    Quorums.Stored private _reviewers;
    /// @dev An oracle that is not paused is up for good.
    Outages.Log private _pauses;
    mapping(uint256 modelHash => Model) private _models;
    /// @dev Across models: a root holds its model, so under another one it would be a lie.
    mapping(uint256 root => RiskRoot) private _roots;
    mapping(uint256 root => mapping(uint256 tableHash => bool)) private _tables;
    /// @inheritdoc IRiskOracle
    mapping(uint32 instrument => IMarkCheck feed) public feedOf;

    modifier onlyGuardianOrOwner() {
        if (msg.sender != guardian && msg.sender != owner()) revert NotTheGuardian(msg.sender);
        _;
    }

    /// @notice Fixes how long roots last and what a jump is, and sets who signs, reviews and guards.
    /// @param config Reverts with OwnableInvalidOwner, InvalidThreshold, DuplicateMember, ZeroAddress or InvalidMaxAge if
    /// something is wrong with it.
    constructor(Config memory config) EIP712("zk-solvency RiskOracle", "1") Ownable(config.owner) {
        if (config.maxAge == 0 || config.maxAge > LONGEST_MAX_AGE) revert InvalidMaxAge(config.maxAge);
        MAX_AGE = config.maxAge;
        MAX_JUMP_BPS = config.maxJumpBps;
        _setSigners(config.signers, config.threshold);
        _setReviewers(config.reviewers, config.reviewThreshold);
        _setGuardian(config.guardian);
        _pauses.up(type(uint64).max);
    }

    /// @inheritdoc IRiskOracle
    function post(
        Snapshot calldata snapshot,
        bytes[] calldata signatures,
        bytes[] calldata reviews
    ) external whenNotPaused {
        Model storage model = _models[snapshot.modelHash];
        _checkNew(snapshot.root);
        uint64 usableUntil = _checkTime(snapshot.time, _roots[model.newestRoot].time);
        bytes32 digest = _hashTypedDataV4(snapshot.hash());
        _signers.check(digest, signatures);
        bool reviewed = reviews.length != 0;
        if (reviewed) _reviewers.check(digest, reviews);
        _acceptMarks(model, snapshot.marks, reviewed);

        model.outages.checkSpacing();
        if (model.newestRoot != 0) _roots[model.newestRoot].supersededAt = uint64(block.timestamp);
        model.newestRoot = snapshot.root;
        model.outages.up(usableUntil + 1);
        RiskRoot storage posted = _roots[snapshot.root];
        posted.time = snapshot.time;
        posted.modelHash = snapshot.modelHash;
        emit RiskRootPosted(snapshot.root, snapshot.modelHash, snapshot.time, snapshot.dataHash, reviewed);
    }

    /// @inheritdoc IRiskOracle
    function approveTables(
        uint256 root,
        uint256[] calldata tableHashes,
        bytes[] calldata signatures
    ) external whenNotPaused {
        if (_roots[root].revokedAt != 0) revert RiskRootIsRevoked(root);
        if (_roots[root].time == 0) revert UnknownRiskRoot(root);
        _signers.check(_hashTypedDataV4(RiskOracleMessages.hashTables(root, tableHashes)), signatures);
        for (uint256 i = 0; i < tableHashes.length; ++i) {
            _tables[root][tableHashes[i]] = true;
            emit TableApproved(root, tableHashes[i]);
        }
    }

    /// @inheritdoc IRiskOracle
    function revoke(uint256 root) external onlyGuardianOrOwner {
        _checkRoot(root);
        RiskRoot storage revoked = _roots[root];
        if (revoked.revokedAt != 0) revert RiskRootIsRevoked(root);
        revoked.revokedAt = uint64(block.timestamp);
        Model storage model = _models[revoked.modelHash];
        if (root == model.newestRoot) model.outages.down();
        emit RiskRootRevoked(root, msg.sender);
    }

    /// @inheritdoc IRiskOracle
    function pause() external onlyGuardianOrOwner {
        _pause();
        _pauses.down();
    }

    /// @inheritdoc IRiskOracle
    function unpause() external onlyOwner {
        _unpause();
        _pauses.up(type(uint64).max);
    }

    /// @inheritdoc IRiskOracle
    function setSigners(address[] calldata members, uint256 threshold) external onlyOwner {
        _setSigners(members, threshold);
    }

    /// @inheritdoc IRiskOracle
    function setReviewers(address[] calldata members, uint256 threshold) external onlyOwner {
        _setReviewers(members, threshold);
    }

    /// @inheritdoc IRiskOracle
    function setGuardian(address account) external onlyOwner {
        _setGuardian(account);
    }

    /// @inheritdoc IRiskOracle
    function listFeed(uint32 instrument, IMarkCheck feed) external onlyOwner {
        if (address(feed).code.length == 0) revert NotAContract(address(feed));
        // no mark has the id zero: every post would lack it
        if (instrument == 0) revert NotListed(instrument);
        if (address(feedOf[instrument]) == address(0)) ++_listed;
        feedOf[instrument] = feed;
        emit FeedListed(instrument, feed);
    }

    /// @inheritdoc IRiskOracle
    function unlistFeed(uint32 instrument) external onlyOwner {
        if (address(feedOf[instrument]) == address(0)) revert NotListed(instrument);
        --_listed;
        delete feedOf[instrument];
        emit FeedUnlisted(instrument);
    }

    /// @inheritdoc IRiskOracle
    function riskRoot(uint256 root) external view returns (RiskRoot memory) {
        return _roots[root];
    }

    /// @inheritdoc IRiskOracle
    function latestRoot(uint256 modelHash) external view returns (uint256) {
        return _models[modelHash].newestRoot;
    }

    /// @inheritdoc IRiskOracle
    function lastMark(uint256 modelHash, uint32 instrument) external view returns (uint128) {
        return _models[modelHash].marks[instrument].price;
    }

    /// @inheritdoc IRiskOracle
    function maxAge() external view returns (uint64) {
        return MAX_AGE;
    }

    /// @inheritdoc IRiskOracle
    function maxJumpBps() external view returns (uint32) {
        return MAX_JUMP_BPS;
    }

    /// @inheritdoc IRiskOracle
    function isTable(uint256 root, uint256 tableHash) external view returns (bool) {
        return _tables[root][tableHash] && _roots[root].revokedAt == 0;
    }

    /// @inheritdoc IRiskOracle
    function outages(uint256 modelHash, uint64 from) external view returns (Interval[] memory) {
        return Outages.union(_models[modelHash].outages.since(from), _pauses.since(from));
    }

    /// @inheritdoc IRiskOracle
    function signers() external view returns (address[] memory members, uint256 threshold) {
        return (_signers.members.values(), _signers.threshold);
    }

    /// @inheritdoc IRiskOracle
    function reviewers() external view returns (address[] memory members, uint256 threshold) {
        return (_reviewers.members.values(), _reviewers.threshold);
    }

    /// @inheritdoc IRiskOracle
    function paused() public view override(IRiskOracle, Pausable) returns (bool) {
        return super.paused();
    }

    function _setSigners(address[] memory members, uint256 threshold) private {
        _signers.replace(members, threshold, _reviewers);
        emit SignersSet(members, threshold);
    }

    function _setReviewers(address[] memory members, uint256 threshold) private {
        _reviewers.replace(members, threshold, _signers);
        emit ReviewersSet(members, threshold);
    }

    function _setGuardian(address account) private {
        if (account == address(0)) revert ZeroAddress();
        guardian = account;
        emit GuardianSet(account);
    }

    /// @dev Holds marks against the last ones and against feeds, and remembers them.
    function _acceptMarks(Model storage model, Mark[] calldata marks, bool reviewed) private {
        if (marks.length == 0 && !reviewed) revert NoMarks();
        uint64 lastPost = model.posts;
        uint32 previous = 0;
        uint32 kept = 0;
        uint256 listed = 0;
        for (uint256 i = 0; i < marks.length; ++i) {
            uint32 instrument = marks[i].instrument;
            uint128 price = marks[i].price;
            // an instrument that is there twice would make up for one that is not there
            if (instrument <= previous) revert MarksNotAscending(previous, instrument);
            if (price == 0) revert ZeroMark(instrument);
            previous = instrument;
            LastMark storage last = model.marks[instrument];
            if (!reviewed) _checkJump(instrument, last.price, price);
            // counts all of a model's first post, where it is not asked: that is reviewed, or has ended above
            if (last.post == lastPost) ++kept;
            if (_passesFeed(instrument, price)) ++listed;
            last.price = price;
            last.post = lastPost + 1;
        }
        // a mark that is left out would be compared with nothing
        if (listed != _listed) revert ListedMarkMissing(listed, _listed);
        if (!reviewed && kept != model.marksInLastPost) revert MarksVanished(kept, model.marksInLastPost);
        model.posts = lastPost + 1;
        // ascending ids of 32 bits: there are no more
        model.marksInLastPost = uint32(marks.length);
    }

    /// @dev Whether the instrument has a feed. Reverts if the mark is off it.
    function _passesFeed(uint32 instrument, uint128 price) private view returns (bool) {
        IMarkCheck feed = feedOf[instrument];
        if (address(feed) == address(0)) return false;
        feed.check(instrument, price);
        return true;
    }

    /// @dev The last second at which a root of that time can be used. `newestTime` is zero before a model's first root,
    /// which is no time either.
    function _checkTime(uint64 time, uint64 newestTime) private view returns (uint64 usableUntil) {
        if (time > block.timestamp) revert TimeInFuture(time, block.timestamp);
        // signers that could go back in time could bring back the prices of their choice
        if (time <= newestTime) revert TimeWentBack(time, newestTime);
        usableUntil = time + MAX_AGE;
        if (usableUntil < block.timestamp) revert Stale(usableUntil, block.timestamp);
    }

    /// @dev A root is posted once, since another time would make it younger, and never after it was revoked.
    function _checkNew(uint256 root) private view {
        _checkRoot(root);
        if (_roots[root].revokedAt != 0) revert RiskRootIsRevoked(root);
        if (_roots[root].time != 0) revert RiskRootAlreadyPosted(root);
    }

    /// @dev Multiplied out, so that nothing is rounded.
    function _checkJump(uint32 instrument, uint128 last, uint128 price) private view {
        if (last == 0) revert MarkAppeared(instrument);
        uint256 change = price > last ? price - last : last - price;
        if (change * BPS > uint256(MAX_JUMP_BPS) * last) revert MarkJumped(instrument, last, price);
    }

    /// @dev No proof carries another number.
    function _checkRoot(uint256 root) private pure {
        if (root == 0 || root >= SCALAR_FIELD_ORDER) revert InvalidRoot(root);
    }
}
