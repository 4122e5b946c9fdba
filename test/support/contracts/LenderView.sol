// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyLender} from "../../../contracts/examples/ISolvencyLender.sol";
import {SolvencyLender} from "../../../contracts/examples/SolvencyLender.sol";

/// @title LenderView
/// @notice All that a test of a lender's properties looks at, in one call.
contract LenderView {
    /// @notice A subject at the lender, at the gate, and what it holds itself.
    struct Subject {
        ISolvencyLender.Loan loan;
        bool isLiquidatable;
        bool isSolvent;
        ISolvencyGate.Status status;
        uint256 ownCollateral;
        uint256 ownDebtToken;
    }

    /// @notice The lender's books, what it holds, and the subjects.
    struct All {
        uint256 time;
        uint256 liquidity;
        uint256 totalCollateral;
        uint256 totalDebt;
        uint256 heldCollateral;
        uint256 heldDebtToken;
        Subject[] subjects;
    }

    /// @notice Looks at everything.
    function look(SolvencyLender lender, address[] calldata subjects) external view returns (All memory all) {
        ISolvencyLender.Terms memory terms = lender.terms();
        all.time = block.timestamp;
        all.liquidity = lender.liquidity();
        all.totalCollateral = lender.totalCollateral();
        all.totalDebt = lender.totalDebt();
        all.heldCollateral = terms.collateralToken.balanceOf(address(lender));
        all.heldDebtToken = terms.debtToken.balanceOf(address(lender));
        all.subjects = new Subject[](subjects.length);
        for (uint256 i = 0; i < subjects.length; ++i) {
            all.subjects[i] = Subject({
                loan: lender.loanOf(subjects[i]),
                isLiquidatable: lender.isLiquidatable(subjects[i]),
                isSolvent: lender.gate().isSolvent(subjects[i]),
                status: lender.gate().statusOf(subjects[i]),
                ownCollateral: terms.collateralToken.balanceOf(subjects[i]),
                ownDebtToken: terms.debtToken.balanceOf(subjects[i])
            });
        }
    }
}
