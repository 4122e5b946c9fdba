// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Interval} from "../libraries/Outages.sol";
import {IReserveAttestations} from "./IReserveAttestations.sol";

/// @notice An account root as a venue posted it.
/// @param time The time inside of it, seconds since 1970; zero if it was never posted.
/// @param revokedAt Block time at which it was revoked; zero if it was not.
/// @param bundleHash Id of the attestation that carries the root.
struct AccountRoot {
    uint64 time;
    uint64 revokedAt;
    bytes32 bundleHash;
}

/// @notice A venue as it registered, and the last root that it posted.
/// @param poster Key that posts and revokes for the venue beside itself; zero for none.
/// @param maxAge Seconds after its time for which a root may be used at most; zero if the venue is not registered.
/// @param attestations Contract in which an attestation must be final before its root is posted; zero for none.
/// @param newestTime Time of the last root that was posted, revoked or not; zero before the first.
/// @param newestRoot The last root that was posted, revoked or not; zero before the first.
struct Venue {
    address poster;
    uint64 maxAge;
    IReserveAttestations attestations;
    uint64 newestTime;
    uint256 newestRoot;
}

/// @title IAccountRoots
/// @notice Account roots that venues stand for, each under its own name.
/// @dev Trust: what a root says of a venue's accounts is as good as the venue's word, and, where the venue named a contract
/// of attestations, as what that contract demands of an attestation before it is final. Anybody can register, with a
/// contract of their own choice, so whoever allows a venue looks first at what it registered with: {venueOf}. A venue
/// can change neither its `maxAge` nor its `attestations` later, since others have relied on them.
/// The time inside a root cannot be seen here. The attestation opens the root, so anybody can compare.
interface IAccountRoots {
    /// @notice A venue registered, for good.
    event VenueRegistered(address indexed venue, uint64 maxAge, IReserveAttestations indexed attestations);
    /// @notice Another key posts and revokes for the venue from now on; zero for none.
    event PosterSet(address indexed venue, address indexed poster);
    /// @notice A venue stands for an account root.
    event AccountRootPosted(
        address indexed venue,
        uint256 indexed root,
        uint64 time,
        bytes32 indexed bundleHash
    );
    /// @notice A venue does not stand for an account root, and never will.
    event AccountRootRevoked(address indexed venue, uint256 indexed root);

    /// @notice The venue is registered, and that is done once.
    error AlreadyRegistered(address venue);
    /// @notice The venue is not registered.
    error NotRegistered(address venue);
    /// @notice Roots are usable for 1 to 2^32 seconds.
    error InvalidMaxAge(uint64 maxAge);
    /// @notice There is no contract at that address.
    error NotAContract(address account);
    /// @notice The caller is neither the venue nor its poster.
    error NotThePoster(address caller, address venue);
    /// @notice A root is not zero and below the scalar field's order.
    error InvalidRoot(uint256 root);
    /// @notice No attestation has this id.
    error InvalidBundleHash();
    /// @notice The root's time lies ahead.
    error TimeInFuture(uint64 time, uint256 blockTime);
    /// @notice The root's time is not after that of the last root that the venue posted.
    error TimeWentBack(uint64 time, uint64 newestTime);
    /// @notice The root is older than the venue lets its roots be used.
    error Stale(uint64 usableUntil, uint256 blockTime);
    /// @notice The venue has posted this root.
    error RootAlreadyPosted(address venue, uint256 root);
    /// @notice The venue has revoked this root.
    error RootAlreadyRevoked(address venue, uint256 root);
    /// @notice The venue's attestation of this root is not final in the contract that it named.
    error NotFinal(address venue, uint256 root, bytes32 bundleHash);

    /// @notice Registers the caller as a venue, once. Anybody may call; a venue calls from an address that it keeps for good,
    /// its multisig.
    /// @dev Reverts with AlreadyRegistered, InvalidMaxAge, NotAContract.
    /// @param poster Key that posts and revokes for the venue; zero if only the venue itself does.
    /// @param maxAge Seconds after its time for which a root may be used, 1 to 2^32; fixed for good.
    /// @param attestations Contract in which an attestation must be final before its root is posted, or zero; fixed for good.
    function register(
        address poster,
        uint64 maxAge,
        IReserveAttestations attestations
    ) external;

    /// @notice Puts another key in the place of the caller's poster; zero for none. Only a registered venue, for itself: a
    /// poster's key is in use all day, and one that was stolen must not be able to keep itself.
    /// @dev Reverts with NotRegistered.
    function setPoster(address poster) external;

    /// @notice Posts an account root, which is usable from then on until `time` plus the venue's maxAge, that second
    /// included. Only the venue or its poster. Times never go back: a venue could otherwise return to a root under which
    /// somebody was still solvent.
    /// @dev Reverts with NotRegistered, NotThePoster, InvalidRoot, InvalidBundleHash, RootAlreadyPosted,
    /// RootAlreadyRevoked, TimeInFuture, TimeWentBack, Stale, NotFinal, Outages.OutageTooSoon, and with whatever the venue's contract of
    /// attestations reverts with.
    /// @param venue Under whose name.
    /// @param root The account root.
    /// @param time The time inside of it, seconds since 1970.
    /// @param bundleHash Id of the attestation that carries the root.
    function post(address venue, uint256 root, uint64 time, bytes32 bundleHash) external;

    /// @notice Revokes an account root for good, also one that was not posted yet, which then never is. Only the venue or its
    /// poster. With the newest root an outage begins that lasts until the next one is posted: whoever has proven against
    /// it cannot go back to an older one, though that is not revoked by this.
    /// @dev Reverts with NotRegistered, NotThePoster, InvalidRoot, RootAlreadyRevoked.
    function revoke(address venue, uint256 root) external;

    /// @notice What a venue registered with and the last root that it posted; all zero if it is not registered.
    function venueOf(address venue) external view returns (Venue memory);

    /// @notice A root under a venue's name: all zero if it was neither posted nor revoked, and with no more than a
    /// `revokedAt` if it was revoked without having been posted.
    /// @dev By venue, since anybody could otherwise post a venue's root first, with another time.
    function accountRoot(address venue, uint256 root) external view returns (AccountRoot memory);

    /// @notice Seconds after its time for which a root of the venue may be used at most; zero if it is not registered.
    function maxAge(address venue) external view returns (uint64);

    /// @notice The times in [from, now) at which the venue's newest root could not be used. The latest first.
    /// @dev Time before the first root is an outage that began at zero.
    function outages(address venue, uint64 from) external view returns (Interval[] memory);
}
