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

    /// @notice The seconds of [from, until) that lie in none of the outages.
    /// @param lists Outages of several sources; they may overlap each other.
    function secondsOutside(
        Interval[][] memory lists,
        uint64 from,
        uint64 until
    ) internal pure returns (uint64 total) {
        if (until <= from) return 0;
        total = until - from;
        // a sweep from `from` to `until`: jump over the outage that covers the moment, else run to the next one's start
        uint64 time = from;
        while (time < until) {
            uint64 covered = time;
            uint64 next = until;
            for (uint256 i = 0; i < lists.length; ++i) {
                for (uint256 j = 0; j < lists[i].length; ++j) {
                    Interval memory outage = lists[i][j];
                    if (outage.from <= time && outage.until > covered) covered = outage.until;
                    if (outage.from > time && outage.from < next) next = outage.from;
                }
            }
            if (covered > time) {
                if (covered > until) covered = until;
                total -= covered - time;
                time = covered;
            } else {
                time = next;
            }
        }
    }
}
