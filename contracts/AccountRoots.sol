// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccountRoot, IAccountRoots, Venue} from "./interfaces/IAccountRoots.sol";
import {IReserveAttestations} from "./interfaces/IReserveAttestations.sol";
import {Interval, Outages} from "./libraries/Outages.sol";

/// @title AccountRoots
/// @notice Account roots that venues stand for, each under its own name.
/// @dev Without an owner: venues register themselves, and whoever uses roots chooses the venues.
contract AccountRoots is IAccountRoots {
    using Outages for Outages.Log;

    /// @dev The order of BN254's scalar field.
    uint256 private constant SCALAR_FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint64 private constant LONGEST_MAX_AGE = 2 ** 32;

    mapping(address venue => Venue) private _venues;
    /// @dev Under the venue's name: a root alone would belong to whoever posts it first, with a time of their choice.
    mapping(address venue => mapping(uint256 root => AccountRoot)) private _roots;
    mapping(address venue => Outages.Log) private _outages;

    /// @dev The venue itself or its poster. An address that never registered has no poster that could call.
    modifier onlyFor(address venue) {
        Venue storage registered = _venues[venue];
        if (registered.maxAge == 0) revert NotRegistered(venue);
        if (msg.sender != venue && msg.sender != registered.poster) revert NotThePoster(msg.sender, venue);
        _;
    }

    /// @inheritdoc IAccountRoots
    function register(
        address poster,
        uint64 maximumAge,
        IReserveAttestations attestations
    ) external {
        Venue storage venue = _venues[msg.sender];
        if (venue.maxAge != 0) revert AlreadyRegistered(msg.sender);
        if (maximumAge == 0 || maximumAge > LONGEST_MAX_AGE) revert InvalidMaxAge(maximumAge);
        // an address without code would let no root through, for good
        if (address(attestations) != address(0) && address(attestations).code.length == 0) {
            revert NotAContract(address(attestations));
        }
        venue.poster = poster;
        venue.maxAge = maximumAge;
        venue.attestations = attestations;
        emit VenueRegistered(msg.sender, maximumAge, attestations);
        emit PosterSet(msg.sender, poster);
    }

    /// @inheritdoc IAccountRoots
    function setPoster(address poster) external {
        if (_venues[msg.sender].maxAge == 0) revert NotRegistered(msg.sender);
        _venues[msg.sender].poster = poster;
        emit PosterSet(msg.sender, poster);
    }

    /// @inheritdoc IAccountRoots
    function post(address venue, uint256 root, uint64 time, bytes32 bundleHash) external onlyFor(venue) {
        if (bundleHash == bytes32(0)) revert InvalidBundleHash();
        AccountRoot storage posted = _roots[venue][root];
        _checkNew(venue, root, posted);
        Venue storage registered = _venues[venue];
        uint64 usableUntil = _checkTime(registered, time);
        IReserveAttestations attestations = registered.attestations;
        if (address(attestations) != address(0) && !attestations.isFinal(venue, root, bundleHash)) {
            revert NotFinal(venue, root, bundleHash);
        }

        _outages[venue].checkSpacing();

        posted.time = time;
        posted.bundleHash = bundleHash;
        registered.newestTime = time;
        registered.newestRoot = root;
        _outages[venue].up(usableUntil + 1);
        emit AccountRootPosted(venue, root, time, bundleHash);
    }

    /// @inheritdoc IAccountRoots
    function revoke(address venue, uint256 root) external onlyFor(venue) {
        _checkRoot(root);
        AccountRoot storage revoked = _roots[venue][root];
        if (revoked.revokedAt != 0) revert RootAlreadyRevoked(venue, root);
        revoked.revokedAt = uint64(block.timestamp);
        if (root == _venues[venue].newestRoot) _outages[venue].down();
        emit AccountRootRevoked(venue, root);
    }

    /// @inheritdoc IAccountRoots
    function venueOf(address venue) external view returns (Venue memory) {
        return _venues[venue];
    }

    /// @inheritdoc IAccountRoots
    function accountRoot(address venue, uint256 root) external view returns (AccountRoot memory) {
        return _roots[venue][root];
    }

    /// @inheritdoc IAccountRoots
    function maxAge(address venue) external view returns (uint64) {
        return _venues[venue].maxAge;
    }

    /// @inheritdoc IAccountRoots
    function outages(address venue, uint64 from) external view returns (Interval[] memory) {
        return _outages[venue].since(from);
    }

    /// @dev The last second at which a root of that time can be used.
    function _checkTime(Venue storage venue, uint64 time) private view returns (uint64 usableUntil) {
        if (time > block.timestamp) revert TimeInFuture(time, block.timestamp);
        // before the first root this is zero, which is no time either
        if (time <= venue.newestTime) revert TimeWentBack(time, venue.newestTime);
        usableUntil = time + venue.maxAge;
        if (usableUntil < block.timestamp) revert Stale(usableUntil, block.timestamp);
    }

    /// @dev A root is posted once, since another time would make it younger, and never after it was revoked.
    function _checkNew(address venue, uint256 root, AccountRoot storage posted) private view {
        _checkRoot(root);
        if (posted.revokedAt != 0) revert RootAlreadyRevoked(venue, root);
        if (posted.time != 0) revert RootAlreadyPosted(venue, root);
    }

    /// @dev No proof carries another number.
    function _checkRoot(uint256 root) private pure {
        if (root == 0 || root >= SCALAR_FIELD_ORDER) revert InvalidRoot(root);
    }
}
