// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ISolvencyGate} from "../interfaces/ISolvencyGate.sol";
import {IPriceFeed} from "./IPriceFeed.sol";

/// @title ISolvencyLender
/// @notice Lends one token against another, at a better ratio to who proves that their account elsewhere is solvent.
/// @dev A proof gives the lender nothing to seize, so no loan is unsecured. Debt has two parts: ordinary debt, which asks for
/// collateral at the base ratio, and proven debt, for which the borrower has shown a proof made for that very amount and
/// which asks for less. What a loan must hold follows from where the borrower stands at the gate:
///
///                    to withdraw or borrow more            not to be liquidated
///     solvent        each part at its own ratio            each part at its own ratio
///     margin call    all of it at the base ratio           each part at its own ratio
///     liquidatable   all of it at the base ratio           all of it at the base ratio
///
/// Solvent means {ISolvencyGate.isSolvent}, by the clock on the wall; the rest is {ISolvencyGate.statusOf}, whose clocks
/// stand still while no proof can be had. Standing still protects nobody from a price: a loan that does not cover each
/// part at its own ratio can be liquidated whatever the gate says, and the gate is not even asked. Nor is it for deposits,
/// repayments and what holds at the base ratio.
///
/// There is no interest. Amounts are in the smallest unit of their token. Rounding is for the lender everywhere: the value of
/// collateral is rounded down, what a loan must hold up; a liquidator gets collateral rounded down and pays rounded up.
/// What collateral does not pay for stays in the books as debt without collateral: the owner bears it, nobody else is asked.
///
/// Trust: the feed for prices, the gate for proofs, the tokens to move what they are told to (transfers that take a fee are
/// refused; balances that change by themselves are not for this contract). The owner provides the money that is lent, and can
/// take out what is not; no more. On a rollup a feed goes on giving its last answer while the sequencer is down: `maxPriceAge`
/// bounds that. Loans can be so small that nobody cares to liquidate them; who lends in earnest sets a least amount.
interface ISolvencyLender {
    /// @notice What is fixed when the lender is deployed.
    /// @param collateralToken What borrowers deposit.
    /// @param debtToken What is lent.
    /// @param feed Price of one whole collateral token in whole debt tokens.
    /// @param maxPriceAge Seconds after which the feed's answer is stale.
    /// @param baseRatioBps Value of collateral to ordinary debt, in basis points.
    /// @param provenRatioBps Value of collateral to proven debt, in basis points: less than the base ratio, and more than
    /// 10,000 plus the bonus, so that a liquidation in time leaves no debt behind.
    /// @param bonusBps What a liquidator gets on top of what it repays, in basis points.
    struct Terms {
        IERC20Metadata collateralToken;
        IERC20Metadata debtToken;
        IPriceFeed feed;
        uint64 maxPriceAge;
        uint32 baseRatioBps;
        uint32 provenRatioBps;
        uint32 bonusBps;
    }

    /// @notice What a subject has deposited and owes.
    /// @param collateral Collateral, in units of its token.
    /// @param debt All that is owed, in units of the debt token.
    /// @param provenDebt The part of it that was borrowed with a proof.
    struct Loan {
        uint256 collateral;
        uint256 debt;
        uint256 provenDebt;
    }

    /// @notice The owner provided money to lend.
    event Funded(uint256 amount);
    /// @notice The owner took money out.
    event Defunded(uint256 amount);
    /// @notice A subject deposited collateral.
    event Deposited(address indexed subject, uint256 amount);
    /// @notice A subject withdrew collateral.
    event Withdrawn(address indexed subject, uint256 amount);
    /// @notice A subject borrowed; the action is that of its proof, zero without one.
    event Borrowed(address indexed subject, uint256 amount, bytes32 indexed action);
    /// @notice A subject repaid.
    event Repaid(address indexed subject, uint256 amount);
    /// @notice A loan was liquidated, wholly or in part. Debt left with no collateral left is lost to the owner.
    event Liquidated(
        address indexed subject,
        address indexed liquidator,
        uint256 repaid,
        uint256 seized,
        uint256 debtLeft,
        uint256 collateralLeft
    );

    /// @notice The tokens are the same, or the ratios and the bonus are not in order, or no price would be fresh.
    error InvalidTerms();
    /// @notice There is nothing to do.
    error ZeroAmount();
    /// @notice More is asked for than is there to lend or to take out.
    error NotEnoughLiquidity(uint256 asked, uint256 available);
    /// @notice More is asked for than the subject has deposited.
    error NotEnoughCollateral(uint256 asked, uint256 deposited);
    /// @notice The collateral would be worth less than the loan must hold, both in units of the debt token.
    error NotCovered(uint256 value, uint256 required);
    /// @notice The loan holds what it must.
    error NotLiquidatable(address subject);
    /// @notice For that amount a liquidator would get nothing.
    error NothingToSeize();
    /// @notice The feed's answer is not a price.
    error InvalidPrice(int256 answer);
    /// @notice The feed's answer is too old, or from the future.
    error StalePrice(uint256 updatedAt, uint256 blockTime);
    /// @notice The token moved another amount than it was told to.
    error TransferNotExact(uint256 amount, uint256 received);

    /// @notice Adds money to lend. Only the owner. Reverts with ZeroAmount, TransferNotExact.
    function fund(uint256 amount) external;

    /// @notice Takes out money that is not lent. Only the owner. Reverts with ZeroAmount, NotEnoughLiquidity.
    function defund(uint256 amount) external;

    /// @notice Deposits collateral of the caller's. Anybody. Reverts with ZeroAmount, TransferNotExact.
    function deposit(uint256 amount) external;

    /// @notice Withdraws collateral of the caller's. Without debt neither price nor gate is asked. Reverts with ZeroAmount,
    /// NotEnoughCollateral, NotCovered, InvalidPrice, StalePrice.
    function withdraw(uint256 amount) external;

    /// @notice Borrows ordinary debt. Anybody. Reverts with ZeroAmount, NotEnoughLiquidity, NotCovered, InvalidPrice,
    /// StalePrice.
    function borrow(uint256 amount) external;

    /// @notice Borrows proven debt with a proof of the caller's that was made for it: this contract as its consumer, and
    /// {borrowAction} as its action. The proof makes the caller solvent at the gate as well. Reverts as {borrow} does, with
    /// NotTheSubject, WrongAction, and whatever the gate says of the proof.
    function borrowProven(uint256 amount, ISolvencyGate.Submission calldata submission) external;

    /// @notice Repays debt of the caller's, at most what it owes. Ordinary debt is repaid first, since it asks for more
    /// collateral. Anybody, at any price and status. Reverts with ZeroAmount if nothing is owed, TransferNotExact.
    /// @param amount At most this much: who repays all of it need not know whether somebody liquidates first.
    /// @return repaid What was repaid.
    function repay(uint256 amount) external returns (uint256 repaid);

    /// @notice Repays a subject's debt, ordinary debt first, and takes collateral of the same value plus the bonus. Anybody,
    /// when the loan does not hold what it must. The whole loan at once if the liquidator likes. Reverts with
    /// NotLiquidatable, NothingToSeize, TransferNotExact, InvalidPrice, StalePrice.
    /// @dev Where the collateral does not pay for the whole amount, less is repaid: a liquidator never pays for collateral
    /// that another took first.
    /// @param subject Whose loan.
    /// @param amount Repaid at most.
    /// @return repaid What was repaid: where it pays for all of the collateral, rounded up.
    /// @return seized The collateral that the liquidator got, rounded down.
    function liquidate(address subject, uint256 amount) external returns (uint256 repaid, uint256 seized);

    /// @notice Whether anybody may liquidate the subject's loan now. Reverts with InvalidPrice, StalePrice.
    function isLiquidatable(address subject) external view returns (bool);

    /// @notice The action for which a subject has to make its next proof, to borrow that amount.
    function borrowAction(address subject, uint256 amount) external view returns (bytes32);

    /// @notice How often a subject has borrowed with a proof: part of the action, so that the same amount can be borrowed again
    /// and proofs made in advance for one loan are good for one.
    function nonceOf(address subject) external view returns (uint256);

    /// @notice What a subject has deposited and owes.
    function loanOf(address subject) external view returns (Loan memory);

    /// @notice What that much collateral is worth now, in units of the debt token, rounded down. Reverts with InvalidPrice,
    /// StalePrice.
    function valueOf(uint256 collateral) external view returns (uint256);

    /// @notice Money that can be lent or taken out. What is sent here by a bare transfer is in no book, and lost.
    function liquidity() external view returns (uint256);

    /// @notice All collateral.
    function totalCollateral() external view returns (uint256);

    /// @notice All debt, with what no collateral pays for. With {liquidity}, what the owner has put in and not taken out.
    function totalDebt() external view returns (uint256);

    /// @notice What was fixed when the lender was deployed.
    function terms() external view returns (Terms memory);
}
