// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SolvencyGated} from "../SolvencyGated.sol";
import {ISolvencyGate} from "../interfaces/ISolvencyGate.sol";
import {IPriceFeed} from "./IPriceFeed.sol";
import {ISolvencyLender} from "./ISolvencyLender.sol";

/// @title SolvencyLender
/// @notice Lends one token against another, at a better ratio to who proves that their account elsewhere is solvent.
/// @dev Books change before tokens move, and every function that changes them holds the same lock: a token that calls its
/// sender or receiver back finds books that add up, and no way in.
contract SolvencyLender is ISolvencyLender, SolvencyGated, Ownable2Step, ReentrancyGuard {
    using SafeERC20 for IERC20;

    /// @notice Domain of this contract's actions.
    bytes32 public constant BORROW_ACTION = keccak256("zk-solvency/lender/borrow");

    uint256 private constant BPS = 10_000;

    IERC20 private immutable COLLATERAL;
    IERC20 private immutable DEBT;
    IPriceFeed private immutable FEED;
    uint64 private immutable MAX_PRICE_AGE;
    uint32 private immutable BASE_RATIO_BPS;
    uint32 private immutable PROVEN_RATIO_BPS;
    uint32 private immutable BONUS_BPS;
    /// @dev The value of c units of collateral is c * price * DEBT_UNIT / PRICE_UNIT units of debt.
    uint256 private immutable DEBT_UNIT;
    uint256 private immutable PRICE_UNIT;

    /// @inheritdoc ISolvencyLender
    uint256 public liquidity;
    /// @inheritdoc ISolvencyLender
    uint256 public totalCollateral;
    /// @inheritdoc ISolvencyLender
    uint256 public totalDebt;
    /// @inheritdoc ISolvencyLender
    mapping(address subject => uint256 nonce) public nonceOf;
    mapping(address subject => Loan loan) private _loans;

    /// @notice Fixes the terms for good. Reverts with InvalidTerms, NotAContract.
    /// @param initialOwner Provides the money; it can change no term.
    /// @param fixedGate The gate that says who is solvent.
    /// @param fixedTerms The rest.
    constructor(
        address initialOwner,
        ISolvencyGate fixedGate,
        Terms memory fixedTerms
    ) Ownable(initialOwner) SolvencyGated(fixedGate) {
        // with one token for both, each book would count the other's money
        bool distinct = address(fixedTerms.collateralToken) != address(fixedTerms.debtToken);
        bool better = fixedTerms.provenRatioBps < fixedTerms.baseRatioBps;
        bool covering = fixedTerms.provenRatioBps > BPS + fixedTerms.bonusBps;
        if (!distinct || !better || !covering || fixedTerms.maxPriceAge == 0) revert InvalidTerms();
        COLLATERAL = fixedTerms.collateralToken;
        DEBT = fixedTerms.debtToken;
        FEED = fixedTerms.feed;
        MAX_PRICE_AGE = fixedTerms.maxPriceAge;
        BASE_RATIO_BPS = fixedTerms.baseRatioBps;
        PROVEN_RATIO_BPS = fixedTerms.provenRatioBps;
        BONUS_BPS = fixedTerms.bonusBps;
        DEBT_UNIT = 10 ** fixedTerms.debtToken.decimals();
        PRICE_UNIT = 10 ** (uint256(fixedTerms.feed.decimals()) + fixedTerms.collateralToken.decimals());
    }

    /// @inheritdoc ISolvencyLender
    function fund(uint256 amount) external onlyOwner nonReentrant {
        if (amount == 0) revert ZeroAmount();
        liquidity += amount;
        emit Funded(amount);
        _pull(DEBT, amount);
    }

    /// @inheritdoc ISolvencyLender
    function defund(uint256 amount) external onlyOwner nonReentrant {
        _takeLiquidity(amount);
        emit Defunded(amount);
        DEBT.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ISolvencyLender
    function deposit(uint256 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        _loans[msg.sender].collateral += amount;
        totalCollateral += amount;
        emit Deposited(msg.sender, amount);
        _pull(COLLATERAL, amount);
    }

    /// @inheritdoc ISolvencyLender
    function withdraw(uint256 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        Loan storage loan = _loans[msg.sender];
        if (amount > loan.collateral) revert NotEnoughCollateral(amount, loan.collateral);
        loan.collateral -= amount;
        totalCollateral -= amount;
        _checkCover(msg.sender, loan);
        emit Withdrawn(msg.sender, amount);
        COLLATERAL.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ISolvencyLender
    function borrow(uint256 amount) external nonReentrant {
        _borrow(amount, 0, bytes32(0));
    }

    /// @inheritdoc ISolvencyLender
    function borrowProven(
        uint256 amount,
        ISolvencyGate.Submission calldata submission
    ) external nonReentrant {
        bytes32 action = borrowAction(msg.sender, amount);
        ++nonceOf[msg.sender];
        _useProofFor(action, submission);
        _borrow(amount, amount, action);
    }

    /// @inheritdoc ISolvencyLender
    function repay(uint256 amount) external nonReentrant returns (uint256 repaid) {
        Loan storage loan = _loans[msg.sender];
        repaid = Math.min(amount, loan.debt);
        if (repaid == 0) revert ZeroAmount();
        _reduceDebt(loan, repaid);
        emit Repaid(msg.sender, repaid);
        _pull(DEBT, repaid);
    }

    /// @inheritdoc ISolvencyLender
    function liquidate(
        address subject,
        uint256 amount
    ) external nonReentrant returns (uint256 repaid, uint256 seized) {
        Loan storage loan = _loans[subject];
        uint256 price = _price();
        if (!_isLiquidatable(subject, loan, price)) revert NotLiquidatable(subject);
        (repaid, seized) = _trade(Math.min(amount, loan.debt), loan.collateral, price);
        if (seized == 0) revert NothingToSeize();
        loan.collateral -= seized;
        totalCollateral -= seized;
        _reduceDebt(loan, repaid);
        emit Liquidated(subject, msg.sender, repaid, seized, loan.debt, loan.collateral);
        _pull(DEBT, repaid);
        COLLATERAL.safeTransfer(msg.sender, seized);
    }

    /// @inheritdoc ISolvencyLender
    function isLiquidatable(address subject) external view returns (bool) {
        return _isLiquidatable(subject, _loans[subject], _price());
    }

    /// @inheritdoc ISolvencyLender
    function loanOf(address subject) external view returns (Loan memory) {
        return _loans[subject];
    }

    /// @inheritdoc ISolvencyLender
    function valueOf(uint256 collateral) external view returns (uint256) {
        return _valueAt(collateral, _price());
    }

    /// @inheritdoc ISolvencyLender
    function terms() external view returns (Terms memory) {
        return
            Terms({
                collateralToken: IERC20Metadata(address(COLLATERAL)),
                debtToken: IERC20Metadata(address(DEBT)),
                feed: FEED,
                maxPriceAge: MAX_PRICE_AGE,
                baseRatioBps: BASE_RATIO_BPS,
                provenRatioBps: PROVEN_RATIO_BPS,
                bonusBps: BONUS_BPS
            });
    }

    /// @inheritdoc ISolvencyLender
    function borrowAction(address subject, uint256 amount) public view returns (bytes32) {
        // the gate binds lender and subject to the proof; see ISolvencyGate.contextOf
        return keccak256(abi.encode(BORROW_ACTION, amount, nonceOf[subject]));
    }

    /// @dev `proven` is the part of `amount` that a proof was shown for: all or nothing of it.
    function _borrow(uint256 amount, uint256 proven, bytes32 action) private {
        _takeLiquidity(amount);
        Loan storage loan = _loans[msg.sender];
        loan.debt += amount;
        loan.provenDebt += proven;
        totalDebt += amount;
        _checkCover(msg.sender, loan);
        emit Borrowed(msg.sender, amount, action);
        DEBT.safeTransfer(msg.sender, amount);
    }

    function _takeLiquidity(uint256 amount) private {
        if (amount == 0) revert ZeroAmount();
        if (amount > liquidity) revert NotEnoughLiquidity(amount, liquidity);
        liquidity -= amount;
    }

    /// @dev Money comes in for a loan. Ordinary debt goes first: what is left of proven debt is never more than was proven.
    function _reduceDebt(Loan storage loan, uint256 amount) private {
        loan.debt -= amount;
        loan.provenDebt = Math.min(loan.provenDebt, loan.debt);
        totalDebt -= amount;
        liquidity += amount;
    }

    /// @dev A token that takes a fee would leave the books with more than there is.
    function _pull(IERC20 token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert TransferNotExact(amount, received);
    }

    /// @dev Whether a subject may leave its loan like this of its own will. Without debt nothing is asked: a feed that died
    /// locks nobody's collateral in.
    function _checkCover(address subject, Loan storage loan) private view {
        if (loan.debt == 0) return;
        uint256 value = _valueAt(loan.collateral, _price());
        uint256 required = _requiredAt(BASE_RATIO_BPS, loan);
        if (value >= required) return;
        if (GATE.isSolvent(subject)) {
            required = _requiredAt(PROVEN_RATIO_BPS, loan);
            if (value >= required) return;
        }
        revert NotCovered(value, required);
    }

    /// @dev The gate is asked last, and only when its answer matters: one that has stopped, or whose clocks stand still,
    /// keeps no loan alive that the price has sunk.
    function _isLiquidatable(address subject, Loan storage loan, uint256 price) private view returns (bool) {
        uint256 value = _valueAt(loan.collateral, price);
        if (value >= _requiredAt(BASE_RATIO_BPS, loan)) return false;
        if (value < _requiredAt(PROVEN_RATIO_BPS, loan)) return true;
        return _statusOf(subject) == ISolvencyGate.Status.Liquidatable;
    }

    /// @dev What a loan must hold, in units of debt, rounded up, when its proven debt counts at `ratioBps`.
    function _requiredAt(uint256 ratioBps, Loan storage loan) private view returns (uint256) {
        uint256 provenDebt = loan.provenDebt;
        return Math.ceilDiv((loan.debt - provenDebt) * BASE_RATIO_BPS + provenDebt * ratioBps, BPS);
    }

    function _valueAt(uint256 collateral, uint256 price) private view returns (uint256) {
        return Math.mulDiv(collateral, price * DEBT_UNIT, PRICE_UNIT);
    }

    /// @dev What a liquidator pays and gets for `amount` of debt. Each way is one division, rounded against the liquidator:
    /// who liquidates unit by unit never gets more than who does it at once.
    function _trade(
        uint256 amount,
        uint256 collateral,
        uint256 price
    ) private view returns (uint256 repaid, uint256 seized) {
        uint256 withBonus = BPS + BONUS_BPS;
        uint256 numerator = price * DEBT_UNIT * BPS;
        seized = Math.mulDiv(amount * withBonus, PRICE_UNIT, numerator);
        if (seized <= collateral) return (amount, seized);
        return (Math.mulDiv(collateral, numerator, PRICE_UNIT * withBonus, Math.Rounding.Ceil), collateral);
    }

    function _price() private view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = FEED.latestRoundData();
        if (answer <= 0) revert InvalidPrice(answer);
        if (updatedAt > block.timestamp || block.timestamp - updatedAt > MAX_PRICE_AGE) {
            revert StalePrice(updatedAt, block.timestamp);
        }
        return uint256(answer);
    }
}
