// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "./IGroth16Verifier.sol";
import {IRiskOracle} from "./IRiskOracle.sol";

/// @notice A proof of a book with the verifier of its circuit: what a leaf of an attestation's tree commits to.
/// @param verifier The verifier of the circuit.
/// @param proof The proof.
/// @param signals Its public signals in the circuit's order.
struct Entry {
    IGroth16Verifier verifier;
    Proof proof;
    uint256[] signals;
}

/// @title IReserveAttestations
/// @notice Attestations of exchanges that cannot be disputed any more.
/// @dev An attestation says that all accounts under an account root were counted, in n batches, from a first state that
/// counts nothing to a last one that a closing proof opens or compares. docs/liabilities.md says what that shows. What
/// is held against it, reserves, is checked off chain.
///
/// A venue has two ways. Direct: it sends every proof, each is verified, and the attestation is final at once. Bonded:
/// it sends the root of a tree of its proofs and a bond, and the attestation is final unless somebody shows within a
/// window what is wrong, or demands a proof that is then not brought. Proofs stand in the tree in the order of the
/// chain: batches at 0 to n - 1, the start proof at n, the closing proof at n + 1.
///
/// Trust: the verifiers and the risk oracle, all fixed at deployment, and for the bonded way that within the window one
/// party has the bundle and gets a transaction into a block. There is no owner.
///
/// A challenge in the open can be copied by whoever sees it first, the venue too: its reward is half of the bond, and
/// the other half is burned, so that a false attestation costs its venue half of the bond whoever shows it.
interface IReserveAttestations {
    /// @notice Where an attestation stands. None: there is none. Open: the venue is sending its proofs. Pending: it can
    /// be challenged. Final: it stands for good. Revoked: it never will.
    enum State {
        None,
        Open,
        Pending,
        Final,
        Revoked
    }

    /// @notice Which circuit a verifier is for.
    enum Kind {
        None,
        Start,
        Batch,
        Closing
    }

    /// @notice What is wrong with an attestation.
    /// None: nothing. Verifier: not one of the kind that the position needs. SignalCount: not as many as the circuit
    /// has. SignalRange: one is not below the scalar field's order. Statement: of another statement. FirstState,
    /// LastState: not the attestation's. AccountRoot, RiskRoot: not the attestation's. Table: not approved for the risk
    /// root. Chain: a batch does not follow the one before it. Proof: it fails. Missing: nobody brought it in time.
    /// Retracted: by the venue. RiskRootRevoked: by the oracle, before the attestation was final; nobody's fault.
    enum Fault {
        None,
        Verifier,
        SignalCount,
        SignalRange,
        Statement,
        FirstState,
        LastState,
        AccountRoot,
        RiskRoot,
        Table,
        Chain,
        Proof,
        Missing,
        Retracted,
        RiskRootRevoked
    }

    /// @notice What this contract accepts. Fixed when it is deployed.
    /// @param riskOracle Where risk roots and tables come from.
    /// @param bond What a venue puts at stake, in wei.
    /// @param demandFee What a demand for an entry costs, in wei; it goes to the venue for the answer.
    /// @param challengeWindow Seconds in which an attestation can be challenged and entries demanded.
    /// @param answerWindow Seconds to answer a demand in, and those in which the answer can be challenged at the least.
    /// @param startVerifier The verifier of liabilities-start.
    /// @param batchVerifiers Verifiers of batch circuits.
    /// @param closingVerifiers Verifiers of liabilities-opening and liabilities-coverage, or of one of them.
    struct Config {
        IRiskOracle riskOracle;
        uint256 bond;
        uint256 demandFee;
        uint64 challengeWindow;
        uint64 answerWindow;
        IGroth16Verifier startVerifier;
        IGroth16Verifier[] batchVerifiers;
        IGroth16Verifier[] closingVerifiers;
    }

    /// @notice What a venue attests.
    /// @param accountRoot The root of its accounts.
    /// @param riskRoot The root of the parameters and marks that they were valued at.
    /// @param statement The hash that every proof of the book carries.
    /// @param firstState The chain's state with nothing counted, as the start proof shows it.
    /// @param lastState The chain's state after the last batch.
    /// @param count Number of batches, 1 to 2^20 - 2.
    /// @param bundleHash Id of the attestation that the venue signed.
    /// @param proofsRoot Root of the tree of its proofs; zero if all of them are sent.
    struct Header {
        uint256 accountRoot;
        uint256 riskRoot;
        uint256 statement;
        uint256 firstState;
        uint256 lastState;
        uint32 count;
        bytes32 bundleHash;
        bytes32 proofsRoot;
    }

    /// @notice What is stored about an attestation beside its header; from `isBonded` on it is about those under a
    /// bond.
    /// @param venue Who attests; zero if there is no such attestation.
    /// @param state Where it stood when it was last written: {stateOf} says where it stands.
    /// @param isBonded Whether its bond is still here.
    /// @param openDemands Demands that were neither answered nor, after a revocation, paid back.
    /// @param demandableUntil Last second for demands.
    /// @param challengeableUntil Last second for challenges, unless a demand is open: then they are always possible.
    struct Attestation {
        address venue;
        State state;
        bool isBonded;
        uint32 openDemands;
        uint64 demandableUntil;
        uint64 challengeableUntil;
    }

    /// @notice How far the venue of an Open attestation has come.
    /// @param state State of the chain after the last batch that was verified.
    /// @param nextIndex Least first index that the next batch may have.
    /// @param done Number of batches that were verified.
    struct Progress {
        uint256 state;
        uint256 nextIndex;
        uint32 done;
    }

    /// @notice A demand for an entry.
    /// @param payer Who paid for it; zero if there is none.
    /// @param deadline Last second for the answer.
    /// @param isAnswered Whether the entry was brought.
    struct Demand {
        address payer;
        uint64 deadline;
        bool isAnswered;
    }

    /// @notice A venue began to send its proofs.
    event AttestationBegun(bytes32 indexed id, address indexed venue, uint256 indexed accountRoot, Header header);
    /// @notice So many batches of an attestation were verified by now.
    event BatchesVerified(bytes32 indexed id, uint32 done);
    /// @notice All proofs of an attestation were verified.
    event AttestationFinal(bytes32 indexed id, address indexed venue, uint256 indexed accountRoot);
    /// @notice A venue attests under a bond. There is no event when it becomes final, since nobody has to call: it is
    /// from the second after `challengeableUntil`, unless it was revoked or a demand is open by then.
    event AttestationPosted(
        bytes32 indexed id,
        address indexed venue,
        uint256 indexed accountRoot,
        Header header,
        uint64 challengeableUntil
    );
    /// @notice An attestation does not stand: `rewarded` showed the fault at a position, or is its venue, which
    /// retracted.
    event AttestationRevoked(bytes32 indexed id, address indexed rewarded, Fault fault, uint256 position);
    /// @notice Somebody paid for it that the entry at a position is brought.
    event EntryDemanded(bytes32 indexed id, uint256 indexed position, address indexed payer, uint64 deadline);
    /// @notice The entry at a position was brought.
    event EntryShown(bytes32 indexed id, uint256 indexed position, Entry entry, uint64 challengeableUntil);
    /// @notice An account may withdraw so much more.
    event Credited(address indexed account, uint256 amount);
    /// @notice An account withdrew all that was its.
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice Half of a bond is gone for good.
    event Burned(bytes32 indexed id, uint256 amount);

    /// @notice A bond, a fee or a window is zero, a window is beyond 2^32 seconds, or there is no verifier of a kind.
    error InvalidConfig();
    /// @notice The verifier is named twice, has not as many signals as its kind, or accepts what is no proof.
    error UnusableVerifier(address verifier);
    /// @notice The venue has attested this account root and bundle before.
    error AlreadyAttested(bytes32 id);
    /// @notice A root, state or statement is zero or not below the scalar field's order; the count is not 1 to 2^20 -
    /// 2; the bundle's hash is zero; or the tree's root is zero under a bond or is not without.
    error InvalidHeader();
    /// @notice The oracle never posted the risk root.
    error UnknownRiskRoot(uint256 root);
    /// @notice The oracle revoked the risk root.
    error RiskRootIsRevoked(uint256 root);
    /// @notice The oracle is paused.
    error RiskOraclePaused();
    /// @notice The attestation stands elsewhere than it has to for this call.
    error WrongState(bytes32 id, State state);
    /// @notice The caller is not the venue of the attestation.
    error NotTheVenue(address caller, address venue);
    /// @notice A proof that was sent is faulty.
    error EntryRefused(uint256 position, Fault fault);
    /// @notice Batches of one call are at least one, with the signals of all of them one after another.
    error InvalidBatches();
    /// @notice Batches are still to be verified.
    error BatchesLeft(uint32 done, uint32 count);
    /// @notice The value is not the bond or the fee.
    error WrongValue(uint256 sent, uint256 expected);
    /// @notice The chain has no proof at that position.
    error NoSuchPosition(uint256 position);
    /// @notice The entry does not stand at that position of the attestation's tree.
    error NotInTree(uint256 position);
    /// @notice The entry is as it has to be, by what this challenge is about.
    error NothingWrong(uint256 position);
    /// @notice Verifier or number of signals are already wrong: challenge that, by {challengeEntry}.
    error MalformedEntry(uint256 position);
    /// @notice The proof verifies.
    error ProofIsValid(uint256 position);
    /// @notice The time for demands has passed.
    error TooLateToDemand(uint64 demandableUntil);
    /// @notice The entry was demanded before.
    error AlreadyDemanded(uint256 position);
    /// @notice No demand for the entry is open.
    error NotDemanded(uint256 position);
    /// @notice The time for the answer has passed.
    error TooLateToAnswer(uint64 deadline);
    /// @notice There is still time for an answer.
    error TimeToAnswer(uint64 deadline);
    /// @notice The bond is not here.
    error NoBond(bytes32 id);
    /// @notice The caller has nothing to withdraw.
    error NothingToWithdraw();

    /// @notice Begins an attestation of the caller, all of whose proofs are verified here. Anybody, as a venue. What
    /// was begun cannot be begun anew: an attestation with a wrong header stays Open for good, under its bundle's hash.
    /// @dev Reverts with AlreadyAttested, InvalidHeader, UnknownRiskRoot, RiskRootIsRevoked, RiskOraclePaused,
    /// EntryRefused.
    /// @param header What is attested; `proofsRoot` is zero.
    /// @param start The start proof.
    /// @return id Id of the attestation here.
    function begin(Header calldata header, Entry calldata start) external returns (bytes32 id);

    /// @notice Verifies further batches, in the order of the chain. Only the venue of an Open attestation.
    /// @dev Reverts with WrongState, NotTheVenue, InvalidBatches, EntryRefused at the batch that is faulty, or at the
    /// first of them with Fault.Proof if one of the proofs fails; and as the verifier when it is starved.
    /// @param id The attestation.
    /// @param verifier The verifier of the batches' circuit.
    /// @param proofs At least one proof.
    /// @param signals The public signals of all proofs, one proof's after the other's.
    function extend(
        bytes32 id,
        IGroth16Verifier verifier,
        Proof[] calldata proofs,
        uint256[] calldata signals
    ) external;

    /// @notice Verifies the closing proof and makes the attestation final. Only the venue of an Open attestation.
    /// @dev Reverts with WrongState, NotTheVenue, BatchesLeft, RiskRootIsRevoked, RiskOraclePaused, EntryRefused.
    function close(bytes32 id, Entry calldata closing) external;

    /// @notice Attests under a bond, which is sent along. Anybody, as a venue. No proof is looked at: whoever has the
    /// bundle checks it off chain, and challenges it if need be. The tables must have been approved by then.
    /// @dev Reverts with AlreadyAttested, InvalidHeader, UnknownRiskRoot, RiskRootIsRevoked, RiskOraclePaused,
    /// WrongValue.
    /// @return id Id of the attestation here.
    function attest(Header calldata header) external payable returns (bytes32 id);

    /// @notice Takes back a Pending attestation. Only its venue. Half of the bond is burned as if it had challenged
    /// itself: else a venue would retract whenever it sees a challenge on its way.
    /// @dev Reverts with WrongState, NotTheVenue.
    function retract(bytes32 id) external;

    /// @notice Pays the bond of an attestation to its venue, and what else it has to its credit, once the attestation
    /// is Final or was revoked with its risk root. Only the venue.
    /// @dev Reverts with WrongState, NotTheVenue, NoBond.
    function withdrawBond(bytes32 id) external;

    /// @notice Revokes a Pending attestation by showing that an entry is faulty, whatever its proof. Anybody.
    /// @dev Grounds are the faults from Verifier to Table. Reverts with WrongState, NoSuchPosition, NotInTree,
    /// NothingWrong.
    /// @param id The attestation.
    /// @param position Where the entry stands.
    /// @param entry The entry.
    /// @param path Siblings of its leaf, upwards.
    function challengeEntry(bytes32 id, uint256 position, Entry calldata entry, bytes32[20] calldata path) external;

    /// @notice Revokes a Pending attestation by showing that a batch does not follow the one before: it begins with
    /// another state, or not at a later place. Anybody.
    /// @dev Reverts with WrongState, NoSuchPosition, NotInTree, MalformedEntry, NothingWrong.
    /// @param id The attestation.
    /// @param position Where the first of the two batches stands.
    /// @param entry The first batch.
    /// @param path Siblings of its leaf.
    /// @param nextEntry The batch after it.
    /// @param nextPath Siblings of that one's leaf.
    function challengeChain(
        bytes32 id,
        uint256 position,
        Entry calldata entry,
        bytes32[20] calldata path,
        Entry calldata nextEntry,
        bytes32[20] calldata nextPath
    ) external;

    /// @notice Revokes a Pending attestation by showing that a proof fails. Anybody.
    /// @dev The check gets a fixed amount of gas, so that no good proof fails for want of it: 260,000 and 8,000 a
    /// signal, and about 250,000 more if `b` lies outside of its subgroup. Reverts with WrongState, NoSuchPosition,
    /// NotInTree, MalformedEntry, ProofIsValid, IGroth16Verifier.NotEnoughGas, FalseProofs.CheckUnfinished.
    function challengeProof(bytes32 id, uint256 position, Entry calldata entry, bytes32[20] calldata path) external;

    /// @notice Demands that the entry at a position of a Pending attestation is brought on chain, for the fee. Anybody,
    /// once a position. For what cannot be challenged since nobody has it, or since the leaf is no entry's.
    /// @dev Reverts with WrongState, WrongValue, NoSuchPosition, TooLateToDemand, AlreadyDemanded.
    function demand(bytes32 id, uint256 position) external payable;

    /// @notice Brings an entry that was demanded. Anybody; the fee is the venue's. The entry can be challenged for
    /// `answerWindow` seconds from now on at the least.
    /// @dev What is too large to be brought within a block's gas is as good as missing. Reverts with WrongState,
    /// NotDemanded, TooLateToAnswer, NotInTree.
    function answer(bytes32 id, uint256 position, Entry calldata entry, bytes32[20] calldata path) external;

    /// @notice Revokes a Pending attestation one of whose demands was not answered in time. Anybody; fee and reward are
    /// for who demanded.
    /// @dev Reverts with WrongState, NotDemanded, TimeToAnswer.
    function claimUnanswered(bytes32 id, uint256 position) external;

    /// @notice Credits the fee of a demand that was open when its attestation was revoked to who paid it. Anybody.
    /// @dev Reverts with WrongState, NotDemanded.
    function reclaimFee(bytes32 id, uint256 position) external;

    /// @notice Pays the caller all that is to its credit.
    /// @dev Reverts with NothingToWithdraw, and when the caller takes no ether.
    function withdraw() external;

    /// @notice Whether the venue's attestation of this account root is final: every batch was verified on chain, or the
    /// time in which anybody could challenge it has passed.
    function isFinal(address venue, uint256 accountRoot, bytes32 bundleHash) external view returns (bool);

    /// @notice Where an attestation stands now.
    function stateOf(bytes32 id) external view returns (State);

    /// @notice Id of an attestation here: hash of who attests, the account root and the bundle.
    function idOf(address venue, uint256 accountRoot, bytes32 bundleHash) external pure returns (bytes32);

    /// @notice What is attested; all zero if there is no such attestation.
    function headerOf(bytes32 id) external view returns (Header memory);

    /// @notice What is stored about an attestation; all zero if there is none.
    function attestationOf(bytes32 id) external view returns (Attestation memory);

    /// @notice How far an Open attestation has come.
    function progressOf(bytes32 id) external view returns (Progress memory);

    /// @notice The demand for an entry.
    function demandOf(bytes32 id, uint256 position) external view returns (Demand memory);

    /// @notice What an account may withdraw, in wei.
    function creditOf(address account) external view returns (uint256);

    /// @notice Which circuit a verifier counts for here.
    function kindOf(address verifier) external view returns (Kind);

    /// @notice Where risk roots and tables come from.
    function riskOracle() external view returns (IRiskOracle);

    /// @notice What a venue puts at stake, in wei.
    function bond() external view returns (uint256);

    /// @notice What a demand costs, in wei.
    function demandFee() external view returns (uint256);

    /// @notice Seconds in which an attestation can be challenged.
    function challengeWindow() external view returns (uint64);

    /// @notice Seconds to answer a demand in.
    function answerWindow() external view returns (uint64);
}
