// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of every token of the issuer beside its signature (RFC 7519, RFC 8725, RFC 9068).
 * Immutable.
 */
final class TokenRules {
    /** A token is not accepted; the message is for whoever sent it. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Keys that a token brings itself (CVE-2018-0114), or other ways to read it. */
    private static final List<String> FORBIDDEN_HEADERS = List.of(
            "jku", "jwk", "x5u", "x5c", "crit", "b64", "enc", "zip", "cty", "apu", "apv", "epk");

    private static final List<String> OF_ID_TOKENS = List.of("nonce", "at_hash", "c_hash", "s_hash");
    private static final Set<String> OTHER_USES = Set.of("id", "refresh", "offline", "logout");
    private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);
    private static final int MAX_KID = 256;
    private static final int MAX_SUBJECT = 255;

    private final OidcSettings settings;

    TokenRules(OidcSettings settings) {
        this.settings = settings;
    }

    /** The algorithm, if the header is that of an accepted token. */
    Algorithm checkHeader(Jws token) throws RefusedException {
        for (String name : FORBIDDEN_HEADERS) {
            if (token.header().has(name)) {
                throw new RefusedException("the token's header must not have '" + name + "'");
            }
        }
        String kid = token.headerText("kid");
        if (kid != null && (kid.isEmpty() || kid.length() > MAX_KID)) {
            throw new RefusedException("the token names no key in the way that is accepted");
        }
        String name = token.headerText("alg");
        return Algorithm.of(name == null ? "" : name)
                .filter(settings.algorithms()::contains)
                .orElseThrow(() -> new RefusedException("the token is not signed with an accepted algorithm"));
    }

    /** What the header says the token is, in lower case; empty: nothing. */
    static String type(Jws token) {
        String typ = token.headerText("typ");
        if (typ == null) {
            return "";
        }
        String lower = typ.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/") ? lower.substring("application/".length()) : lower.isEmpty() ? "?" : lower;
    }

    /** When the token ends for this server. */
    Instant checkClaims(JsonNode claims, Set<String> audiences, Instant now) throws RefusedException {
        if (!settings.issuer().equals(text(claims, "iss"))) {
            throw new RefusedException("the token is of another issuer");
        }
        Set<String> meantFor = audience(claims);
        if (audiences.stream().noneMatch(meantFor::contains)) {
            throw new RefusedException("the token is not meant for this server: its audience is another");
        }
        Instant end = time(claims, "exp");
        if (end == null) {
            throw new RefusedException("the token has no end");
        }
        Instant until = end.plus(settings.skew());
        if (!now.isBefore(until)) {
            throw new RefusedException("the token has expired");
        }
        Instant latest = now.plus(settings.skew());
        for (String start : List.of("nbf", "iat")) {
            Instant from = time(claims, start);
            if (from != null && from.isAfter(latest)) {
                throw new RefusedException("the token is not valid yet");
            }
        }
        String subject = text(claims, "sub");
        if (subject == null || subject.isEmpty() || subject.length() > MAX_SUBJECT || !isPrintable(subject)) {
            throw new RefusedException("the token does not say of whom it is");
        }
        return until;
    }

    /** What must hold of an access token beyond that. */
    static void checkIsAccessToken(Jws token) throws RefusedException {
        String type = type(token);
        boolean stated = type.equals("at+jwt");
        if (!stated && !type.equals("jwt") && !type.isEmpty()) {
            throw new RefusedException("the token is not an access token");
        }
        JsonNode claims = token.claims();
        for (String use : List.of("typ", "token_use")) {
            String value = text(claims, use);
            if (value != null && OTHER_USES.contains(value.toLowerCase(Locale.ROOT))) {
                throw new RefusedException("the token is not an access token");
            }
        }
        if (!stated && OF_ID_TOKENS.stream().anyMatch(claims::has)) {
            throw new RefusedException("the token is an ID token, not an access token");
        }
        if (claims.has("cnf")) {
            throw new RefusedException("the token is bound to a key (RFC 7800), which is not supported: ask for a bearer token");
        }
    }

    static Set<String> audience(JsonNode claims) {
        Set<String> audience = new HashSet<>();
        JsonNode aud = claims.path("aud");
        if (aud.isTextual()) {
            audience.add(aud.textValue());
        } else if (aud.isArray()) {
            aud.forEach(each -> audience.add(each.isTextual() ? each.textValue() : ""));
        }
        audience.remove("");
        return audience;
    }

    static @Nullable String text(JsonNode claims, String name) {
        JsonNode value = claims.get(name);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        });
    }

    /** Null when it is not there. */
    private static @Nullable Instant time(JsonNode claims, String name) throws RefusedException {
        JsonNode value = claims.get(name);
        if (value == null) {
            return null;
        }
        if (value.isNumber()) {
            BigDecimal seconds = value.decimalValue();
            // the exponent first: 1e999999999 has as many digits once it is compared
            if (seconds.signum() >= 0 && seconds.precision() - (long) seconds.scale() <= 12 && seconds.compareTo(LAST_SECOND) <= 0) {
                return Instant.ofEpochSecond(seconds.longValue());
            }
        }
        throw new RefusedException("the token's '" + name + "' is not a time");
    }
}
