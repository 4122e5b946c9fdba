// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IMarkCheck} from "./interfaces/IMarkCheck.sol";

/// @title ChainlinkMarkCheck
/// @notice Holds marks of one instrument against one Chainlink feed. Nobody can change it: another tolerance or feed is
/// another contract.
/// @dev Trust: the feed and who may replace the aggregator behind its proxy, and that it prices what the instrument
/// is marked in. The answer is that of the block, the mark that of the snapshot, so the tolerance has to cover what the price
/// moves in between as well as what the feed lets pass before it updates. On a rollup a feed goes on giving its last answer
/// after the sequencer was down; `maxAnswerAge` bounds that too.
contract ChainlinkMarkCheck is IMarkCheck {
    uint256 private constant BPS = 10_000;
    /// @dev Decimals of marks.
    uint256 private constant MARK_SCALE = 10 ** 8;
    uint64 private constant LONGEST_AGE = 2 ** 32;
    /// @dev With these products below stay under 2^256, so that none overflows: (2^128 * 10^18 or 2^191 * 10^8) * 10^4.
    uint8 private constant MOST_DECIMALS = 18;
    int256 private constant LARGEST_ANSWER = type(int192).max;

    /// @notice The instrument whose marks are checked.
    uint32 public immutable INSTRUMENT;
    /// @notice The feed.
    AggregatorV3Interface public immutable FEED;
    /// @notice Seconds for which an answer counts.
    uint64 public immutable MAX_ANSWER_AGE;
    /// @notice Most by which a mark may differ from the answer, in basis points of the answer.
    uint32 public immutable TOLERANCE_BPS;
    /// @dev 10 to the decimals of the feed.
    uint256 private immutable FEED_SCALE;

    /// @notice Ages are 1 to 2^32 seconds, tolerances below 10,000 basis points, answers have at most 18 decimals.
    error InvalidConfig(uint64 maxAnswerAge, uint32 toleranceBps, uint8 decimals);
    /// @notice The contract checks marks of another instrument.
    error WrongInstrument(uint32 instrument, uint32 expected);
    /// @notice The feed has no complete round.
    error RoundIncomplete();
    /// @notice The answer is not positive, or has more than the 192 bits of an aggregator's.
    error InvalidAnswer(int256 answer);
    /// @notice The answer's time lies ahead.
    error AnswerInFuture(uint256 updatedAt, uint256 blockTime);
    /// @notice The answer is too old.
    error StaleAnswer(uint256 updatedAt, uint256 blockTime);

    /// @notice Fixes what is compared with what. Reverts with InvalidConfig.
    /// @param instrument Id of the instrument in the venue's registry.
    /// @param feed A feed of its price in quote.
    /// @param maxAnswerAge Seconds for which an answer counts: the feed's heartbeat and a little.
    /// @param toleranceBps Most by which a mark may differ, in basis points of the answer.
    constructor(uint32 instrument, AggregatorV3Interface feed, uint64 maxAnswerAge, uint32 toleranceBps) {
        uint8 decimals = feed.decimals();
        bool fits = maxAnswerAge != 0 && maxAnswerAge <= LONGEST_AGE && toleranceBps < BPS && decimals <= MOST_DECIMALS;
        if (!fits) revert InvalidConfig(maxAnswerAge, toleranceBps, decimals);
        INSTRUMENT = instrument;
        FEED = feed;
        MAX_ANSWER_AGE = maxAnswerAge;
        TOLERANCE_BPS = toleranceBps;
        FEED_SCALE = 10 ** decimals;
    }

    /// @inheritdoc IMarkCheck
    /// @dev |price - answer| * 10,000 <= toleranceBps * answer, exactly: both sides are multiplied out, so that no rounding
    /// lets a mark through that is off by the smallest unit. Reverts with WrongInstrument, RoundIncomplete, InvalidAnswer,
    /// AnswerInFuture, StaleAnswer, MarkOffFeed, and with whatever the feed reverts with.
    function check(uint32 instrument, uint128 price) external view {
        if (instrument != INSTRUMENT) revert WrongInstrument(instrument, INSTRUMENT);
        int256 answer = _answer();
        uint256 mark = price * FEED_SCALE;
        uint256 expected = uint256(answer) * MARK_SCALE;
        uint256 difference = mark > expected ? mark - expected : expected - mark;
        if (difference * BPS > TOLERANCE_BPS * expected) revert MarkOffFeed(instrument, price, answer);
    }

    function _answer() private view returns (int256) {
        // answeredInRound is deprecated: aggregators of today repeat the round
        (, int256 answer, , uint256 updatedAt, ) = FEED.latestRoundData();
        if (updatedAt == 0) revert RoundIncomplete();
        if (answer <= 0 || answer > LARGEST_ANSWER) revert InvalidAnswer(answer);
        if (updatedAt > block.timestamp) revert AnswerInFuture(updatedAt, block.timestamp);
        if (block.timestamp - updatedAt > MAX_ANSWER_AGE) revert StaleAnswer(updatedAt, block.timestamp);
        return answer;
    }
}
