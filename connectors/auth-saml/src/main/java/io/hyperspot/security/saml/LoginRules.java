// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import io.hyperspot.security.saml.Assertion.Confirmation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold of a verified answer (SAML Profiles, 4.1.4.2 and 4.1.4.3). Immutable. */
final class LoginRules {
    /** The login that it must be the answer to. */
    record Begun(String callback, String requestId, Instant at) {}

    private final SamlSettings settings;

    LoginRules(SamlSettings settings) {
        this.settings = settings;
    }

    /** Until when the assertion could be used again. */
    Instant check(Answer answer, Begun begun, Instant now) throws AnswerException {
        checkEnvelope(answer.envelope(), answer.signed(), begun, now);
        Assertion assertion = answer.assertion();
        if (!settings.provider().entityId().equals(assertion.issuer())) {
            throw AnswerException.because("the assertion is of another issuer");
        }
        checkIssued(assertion.issuedAt(), begun, now);
        checkConditions(assertion, now);
        checkLogin(assertion, begun, now);
        return checkConfirmation(assertion.confirmations(), begun, now);
    }

    private void checkEnvelope(Envelope envelope, boolean signed, Begun begun, Instant now) throws AnswerException {
        if (!begun.requestId().equals(envelope.inResponseTo())) {
            throw AnswerException.because("the response is to another request, or to none");
        }
        if (isOther(envelope.destination(), begun.callback(), signed)) {
            throw AnswerException.because("the response is for another address: check the server's public URL and what the provider knows of it");
        }
        if (isOther(envelope.issuer(), settings.provider().entityId(), signed)) {
            throw AnswerException.because("the response is of another issuer");
        }
        checkIssued(envelope.issuedAt(), begun, now);
    }

    /** What is signed says it; else it may be left out, for the assertion says it too. */
    private static boolean isOther(@Nullable String given, String expected, boolean needed) {
        return given == null ? needed : !given.equals(expected);
    }

    private void checkIssued(Instant at, Begun begun, Instant now) throws AnswerException {
        if (at.isAfter(now.plus(settings.skew())) || at.isBefore(begun.at().minus(settings.skew()))) {
            throw AnswerException.because("it was made before the login began, or in the future: check the clocks");
        }
    }

    private void checkConditions(Assertion assertion, Instant now) throws AnswerException {
        Instant start = assertion.notBefore();
        if (start != null && start.isAfter(now.plus(settings.skew()))) {
            throw AnswerException.because("the assertion is not valid yet");
        }
        if (hasEnded(assertion.notOnOrAfter(), now)) {
            throw AnswerException.because("the assertion has expired");
        }
        // one of each restriction, and one restriction at least
        List<List<String>> audiences = assertion.audiences();
        if (audiences.isEmpty() || !audiences.stream().allMatch(each -> each.contains(settings.spEntityId()))) {
            throw AnswerException.because("the assertion is for another audience than sp_entity_id");
        }
    }

    private boolean hasEnded(@Nullable Instant end, Instant now) {
        return end != null && !now.isBefore(end.plus(settings.skew()));
    }

    private void checkLogin(Assertion assertion, Begun begun, Instant now) throws AnswerException {
        Instant at = assertion.authenticatedAt();
        if (at.isAfter(now.plus(settings.skew()))) {
            throw AnswerException.because("the person logged in in the future: check the clocks");
        }
        if (hasEnded(assertion.sessionEnd(), now)) {
            throw AnswerException.because("the session at the identity provider has ended");
        }
        boolean old = !settings.maxAge().isZero() && at.plus(settings.maxAge()).plus(settings.skew()).isBefore(now);
        boolean kept = settings.forceAuthn() && at.isBefore(begun.at().minus(settings.skew()));
        if (old || kept) {
            throw AnswerException.told("the login at the identity provider is too long ago: log out there, and begin the login again");
        }
        if (!settings.authnContexts().isEmpty() && !settings.authnContexts().contains(assertion.authnContext())) {
            throw AnswerException.told("the person did not log in at the identity provider in the way that is asked for");
        }
    }

    /** One bearer confirmation that holds is enough (SAML Core, 2.4.1). */
    private Instant checkConfirmation(List<Confirmation> confirmations, Begun begun, Instant now) throws AnswerException {
        for (Confirmation each : confirmations) {
            Instant end = each.notOnOrAfter();
            if (each.bearer()
                    && begun.callback().equals(each.recipient())
                    && begun.requestId().equals(each.inResponseTo())
                    && !each.hasStart()
                    && end != null
                    && !hasEnded(end, now)) {
                return end.plus(settings.skew());
            }
        }
        throw AnswerException.because("no bearer confirmation of the assertion is of this login, for this address and still valid");
    }
}
