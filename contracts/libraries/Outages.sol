// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The seconds from `from` up to, but without, `until`.
struct Interval {
    uint64 from;
    uint64 until;
}

/// @title Outages
/// @notice Remembers when there was no root that a proof could be made against, so that deadlines can stand still then.
/// @dev A source of roots is up until its newest root is too old; nobody has to call anything for it to go down. Past
/// outages are a list in the order of time, so that whoever asks for those since a moment walks back from the end:
/// steady posting leaves no entry at all.
library Outages {
    /// @dev Seconds between the end of an outage and the end of the next.
    uint64 private constant SPACING = 5 minutes;

    /// @notice The source's roots came back less than five minutes ago, and are gone again: wait to post the next one.
    error OutageTooSoon(uint64 recoverable, uint256 blockTime);

    /// @notice The outages of one source of roots.
    /// @param upUntil The source is up before this second, and not in it.
    /// @param past Outages that are over.
    struct Log {
        uint64 upUntil;
        Interval[] past;
    }

    /// @notice The source is up from now on, before the second `until`, which lies ahead.
    function up(Log storage log, uint64 until) internal {
        uint64 time = uint64(block.timestamp);
        // before its first root a source has nothing that could stand still
        if (log.upUntil != 0 && log.upUntil < time) log.past.push(Interval(log.upUntil, time));
        log.upUntil = until;
    }

    /// @notice The source is down from now on.
    function down(Log storage log) internal {
        uint64 time = uint64(block.timestamp);
        if (log.upUntil > time) log.upUntil = time;
    }

    /// @notice Reverts with OutageTooSoon when the source is down and came back from an outage less than five minutes ago.
    /// @dev Every outage that is over makes all statuses that rest on the source dearer to read: whoever holds a stolen key
    /// and posts and revokes in each block must not put them out of reach.
    function checkSpacing(Log storage log) internal view {
        bool isDown = log.upUntil < block.timestamp;
        if (!isDown || log.past.length == 0) return;
        uint64 recoverable = log.past[log.past.length - 1].until + SPACING;
        if (block.timestamp < recoverable) revert OutageTooSoon(recoverable, block.timestamp);
    }

    /// @notice The outages that overlap [from, now), the latest first; the first may still go on.
    function since(Log storage log, uint64 from) internal view returns (Interval[] memory found) {
        uint64 time = uint64(block.timestamp);
        uint256 end = log.past.length;
        uint256 start = end;
        while (start > 0 && log.past[start - 1].until > from) --start;
        bool isDown = log.upUntil < time;
        found = new Interval[](end - start + (isDown ? 1 : 0));
        for (uint256 i = 0; i < end - start; ++i) found[found.length - 1 - i] = log.past[start + i];
        if (isDown) found[0] = Interval(log.upUntil, time);
    }

    /// @notice The times that lie in one list of outages or the other, the latest first and none touching the next.
    /// @dev Linear in the outages, as all that a status is computed from has to be: a list that grows must not make it
    /// too dear to be asked for.
    /// @param one Outages of a source, the latest first and none overlapping the next.
    /// @param other Those of another source.
    function union(
        Interval[] memory one,
        Interval[] memory other
    ) internal pure returns (Interval[] memory all) {
        Interval[] memory merged = new Interval[](one.length + other.length);
        uint256 length = 0;
        uint256 i = 0;
        uint256 j = 0;
        while (i < one.length || j < other.length) {
            bool takeOne = j == other.length || (i < one.length && one[i].until >= other[j].until);
            Interval memory next = takeOne ? one[i] : other[j];
            if (takeOne) ++i;
            else ++j;
            if (length != 0 && next.until >= merged[length - 1].from) {
                if (next.from < merged[length - 1].from) merged[length - 1].from = next.from;
            } else {
                merged[length] = Interval(next.from, next.until);
                ++length;
            }
        }
        all = new Interval[](length);
        for (uint256 k = 0; k < length; ++k) all[k] = merged[k];
    }

    /// @notice The seconds of [from, until) that lie in none of the outages.
    /// @param outages None overlaps another, as {union} gives them.
    function secondsOutside(
        Interval[] memory outages,
        uint64 from,
        uint64 until
    ) internal pure returns (uint64 total) {
        if (until <= from) return 0;
        total = until - from;
        for (uint256 i = 0; i < outages.length; ++i) {
            uint64 start = outages[i].from > from ? outages[i].from : from;
            uint64 end = outages[i].until < until ? outages[i].until : until;
            if (end > start) total -= end - start;
        }
    }
}
