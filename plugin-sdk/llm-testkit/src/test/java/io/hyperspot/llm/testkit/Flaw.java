// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

/** A way to break the contract, and the rule that must tell. */
enum Flaw {
    NONE(""),
    PROVIDER_IN_CAPITALS("namesItsProviderAsModelIdsNeedIt"),
    MODEL_TWICE("listsEachModelOnceWithWhatItCanDo"),
    MODELS_CAN_BE_CHANGED("listsEachModelOnceWithWhatItCanDo"),
    MODELS_TAKE_TIME("listsItsModelsFromMemory"),
    FINISHES_TWICE("answersWithDeltasAndOneFinishOnTheCallingThread"),
    NEVER_FINISHES("answersWithDeltasAndOneFinishOnTheCallingThread"),
    TALKS_AFTER_THE_FINISH("answersWithDeltasAndOneFinishOnTheCallingThread"),
    CALLS_FROM_ELSEWHERE("answersWithDeltasAndOneFinishOnTheCallingThread"),
    USAGE_CANNOT_BE("tellsAUsageThatCanBe"),
    OTHER_ANSWER_EACH_TIME("answersTheSameAgain"),
    TAKES_ANY_MODEL("doesNotKnowAModelThatIsNotThere"),
    TAKES_ANY_PARAMETER("refusesParametersThatNoModelTakes"),
    TALKS_BEFORE_IT_REFUSES("refusesParametersThatNoModelTakes"),
    NO_WORD_OF_THE_PROBLEM("doesNotKnowAModelThatIsNotThere"),
    STARTS_CANCELLED_CALLS("endsAtOnceWhenItWasCancelledBefore"),
    GOES_ON_WHEN_CANCELLED("endsSoonWhenCancelledWithinAnAnswer"),
    FINISHES_WHEN_CANCELLED("endsSoonWhenCancelledWithinAnAnswer"),
    WAITS_WHEN_CANCELLED("endsSoonWhenCancelledBeforeTheFirstWord"),
    KEEPS_WHAT_IT_HELD("endsSoonWhenCancelledWithinAnAnswer"),
    SWALLOWS_THE_LISTENERS_FAILURE("handsOnWhatItsListenerThrows"),
    WRAPS_THE_LISTENERS_FAILURE("handsOnWhatItsListenerThrows"),
    MIXES_CALLS_UP("servesManyCallsAtOnce"),
    FAILS_UNDER_LOAD("servesManyCallsAtOnce"),
    SHARES_WITH_ITS_LIKE("servesBesideAnotherAndAfterItHasGone"),
    WAITS_FOR_CALLS_WHEN_DEACTIVATED("isDeactivatedWhileItAnswers"),
    LEAVES_A_THREAD("leavesNoThreadBehind"),
    LEAVES_A_VIRTUAL_THREAD("leavesNoThreadBehind"),
    LEAVES_A_CLASS_LOADER("answersWithDeltasAndOneFinishOnTheCallingThread"),
    LEAVES_AN_INTERRUPT("answersWithDeltasAndOneFinishOnTheCallingThread"),
    VECTORS_IN_ANOTHER_ORDER("givesOneVectorAnInputInTheirOrder"),
    VECTOR_TOO_FEW("givesOneVectorAnInputInTheirOrder"),
    VECTOR_TOO_SHORT("givesOneVectorAnInputInTheirOrder"),
    EMBEDS_NOTHING("refusesEmbeddingsThatNoModelGives"),
    EMBEDS_FOR_NOBODY("computesNothingForACallerThatHasLeft"),
    SPEAKS_EVERY_PROTOCOL("speaksOnlyTheProtocolsItKnows"),
    STREAM_HAS_OTHER_TEXT("forwardsAWholeAnswerAndAStreamWithTheSameText"),
    STREAM_HAS_NO_END("forwardsAWholeAnswerAndAStreamWithTheSameText"),
    READS_BEYOND_THE_BODY("forwardsAWholeAnswerAndAStreamWithTheSameText"),
    FORWARDS_ANY_MODEL("forwardsThatAModelIsNotThere"),
    FORWARDS_WHEN_CANCELLED("endsForwardingSoonWhenCancelledWithin"),
    WRITES_AFTER_A_FAILURE("handsOnThatTheClientCannotBeWrittenTo");

    private final String rule;

    Flaw(String rule) {
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
