// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The attacks of RFC 8725, the CVE lists of JOSE libraries, and what else is sent to token endpoints. */
class TokenAttackTest {
    private static final TestKey RSA = TestKey.rsa("rsa", 2048);
    private static final TestKey EC = TestKey.ec("ec", "secp256r1");
    private static final TestKey ED = TestKey.ed25519("ed");
    private static Fixture fixture;
    private static OidcTokenWorker worker;

    @BeforeAll
    static void start() throws Exception {
        fixture = new Fixture();
        fixture.issuer.keys = List.of(RSA, EC, ED);
        worker = fixture.tokens();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static void assertRefused(String token) {
        Recognition recognition = worker.verify(token);
        assertThat(recognition).isInstanceOf(Refused.class);
        assertThat(((Refused) recognition).reason()).isNotBlank();
        if (token.length() > 4) {
            assertThat(((Refused) recognition).reason()).doesNotContain(token);
        }
        worker.recognizes(token);
    }

    private static void assertRefused(String token, String why) {
        assertRefused(token);
        assertThat(((Refused) worker.verify(token)).reason()).contains(why);
    }

    private static String header(String more) {
        return "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":\"at+jwt\"" + more + "}";
    }

    private static String good() {
        return RSA.token("RS256", fixture.claims());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256"})
    void acceptsGoodTokens(String algorithm) {
        assertThat(worker.recognizes(RSA.token(algorithm, fixture.claims()))).isTrue();
        assertThat(worker.verify(RSA.token(algorithm, fixture.claims()))).isInstanceOf(Recognized.class);
        assertThat(worker.verify(EC.token("ES256", fixture.claims()))).isInstanceOf(Recognized.class);
        assertThat(worker.verify(ED.token("EdDSA", fixture.claims()))).isInstanceOf(Recognized.class);
    }

    @ParameterizedTest
    @DisplayName("alg none in every capitalisation, unsigned and signed (RFC 8725 2.1, CVE-2022-23540)")
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "NoNe", "none ", ""})
    void refusesAlgNone(String none) {
        String claims = FakeIssuer.text(fixture.claims());
        String header = "{\"alg\":\"" + none + "\",\"kid\":\"rsa\"}";
        assertRefused(TestKey.part(header) + "." + TestKey.part(claims) + ".");
        assertRefused(TestKey.part(header) + "." + TestKey.part(claims) + ".AAAA");
        assertRefused(RSA.raw("RS256", header, claims));
    }

    @ParameterizedTest
    @DisplayName("HMAC keyed with the RSA public key in each of its forms (RFC 8725 2.1, CVE-2015-9235, CVE-2016-5431)")
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void refusesHmacWithThePublicKey(String algorithm) throws Exception {
        byte[] der = RSA.pair().getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
        byte[] modulus = ((RSAPublicKey) RSA.pair().getPublic()).getModulus().toByteArray();
        for (byte[] key : List.of(der, pem.getBytes(StandardCharsets.US_ASCII), modulus)) {
            String signed = TestKey.part("{\"alg\":\"" + algorithm + "\",\"kid\":\"rsa\"}") + "." + TestKey.part(FakeIssuer.text(fixture.claims()));
            Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(key, "HMAC"));
            String token = signed + "." + TestKey.part(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
            assertRefused(token, "not signed with an accepted algorithm");
        }
    }

    @Test
    @DisplayName("an algorithm that is not configured, is unknown, of another kind than the key, or no text (RFC 8725 3.1)")
    void refusesOtherAlgorithms() {
        for (String algorithm : List.of("RS384", "RS512", "PS512")) {
            assertRefused(RSA.token(algorithm, fixture.claims()), "accepted algorithm");
        }
        for (String algorithm : List.of("ES256K", "dir", "RSA-OAEP", "RS1", "rs256", "RS256\\u0000")) {
            assertRefused(RSA.raw("RS256", "{\"alg\":\"" + algorithm + "\",\"kid\":\"rsa\"}", FakeIssuer.text(fixture.claims())), "accepted algorithm");
        }
        for (String algorithm : List.of("1", "null", "[\"RS256\"]", "{}")) {
            assertRefused(RSA.raw("RS256", "{\"alg\":" + algorithm + ",\"kid\":\"rsa\"}", FakeIssuer.text(fixture.claims())), "accepted algorithm");
        }
        Map<String, Object> header = new LinkedHashMap<>(Map.of("alg", "ES256", "kid", "rsa"));
        assertRefused(RSA.token("RS256", header, fixture.claims()), "not signed with a key of its issuer");
        header.put("alg", "RS256");
        header.put("kid", "ec");
        assertRefused(EC.token("ES256", header, fixture.claims()), "not signed with a key of its issuer");
        header.put("alg", "PS256");
        header.put("kid", "rsa");
        assertRefused(RSA.token("RS256", header, fixture.claims()), "signature is wrong");
        assertRefused(RSA.raw("RS256", "{\"kid\":\"rsa\"}", FakeIssuer.text(fixture.claims())));
    }

    @Test
    @DisplayName("keys that the token brings or points to: jwk, jku, x5u, x5c (CVE-2018-0114, RFC 8725 3.10)")
    void refusesKeysInTheHeader() {
        TestKey own = TestKey.rsa("own", 2048);
        String jwk = FakeIssuer.text(own.jwk());
        for (String injected : List.of(
                ",\"jwk\":" + jwk,
                ",\"jku\":\"" + fixture.issuer.base() + "/keys\"",
                ",\"jku\":\"https://evil.example/keys\"",
                ",\"x5u\":\"https://evil.example/chain.pem\"",
                ",\"x5c\":[\"MIIB\"]")) {
            assertRefused(own.raw("RS256", header(injected), FakeIssuer.text(fixture.claims())), "header must not have");
            assertRefused(RSA.raw("RS256", header(injected), FakeIssuer.text(fixture.claims())), "header must not have");
        }
        assertThat(fixture.guarded).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("kid as a path, SQL, a URL, a command (RFC 8725 3.10)")
    @ValueSource(strings = {
        "../../../../dev/null", "/etc/passwd", "..\\\\..\\\\x", "x' UNION SELECT 'key';--", "rsa' OR '1'='1", "https://evil.example/k",
        "rsa|id", "$(id)", "rsa\\u0000", "RSA", " rsa", "%72sa", "*"
    })
    void looksUpAKidByNothingButItsText(String kid) {
        assertRefused(
                RSA.raw("RS256", "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", FakeIssuer.text(fixture.claims())),
                "not signed with a key of its issuer");
    }

    @Test
    @DisplayName("a kid that is very long, empty or no text")
    void refusesOddKids() {
        String claims = FakeIssuer.text(fixture.claims());
        for (String kid : List.of("\"" + "k".repeat(257) + "\"", "\"\"", "7", "null", "[\"rsa\"]", "{\"a\":1}")) {
            assertRefused(RSA.raw("RS256", "{\"alg\":\"RS256\",\"kid\":" + kid + "}", claims), "names no key");
        }
    }

    @Test
    @DisplayName("no kid: only when one key fits (RFC 7515 4.1.4)")
    void takesTheOnlyKeyThatFitsWithoutAKid() {
        assertThat(worker.verify(RSA.raw("RS256", "{\"alg\":\"RS256\"}", FakeIssuer.text(fixture.claims())))).isInstanceOf(Recognized.class);
        TestKey foreign = TestKey.rsa("foreign", 2048);
        assertRefused(foreign.raw("RS256", "{\"alg\":\"RS256\"}", FakeIssuer.text(fixture.claims())), "signature is wrong");
    }

    @Test
    @DisplayName("ES256 with r = s = 0 (CVE-2022-21449), r or s = n, and values beyond n")
    void refusesPsychicSignatures() {
        String signed = EC.token("ES256", fixture.claims());
        String body = signed.substring(0, signed.lastIndexOf('.') + 1);
        BigInteger n = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        assertRefused(body + TestKey.part(new byte[64]));
        for (BigInteger value : List.of(BigInteger.ZERO, BigInteger.ONE, n, n.add(BigInteger.ONE), n.subtract(BigInteger.ONE))) {
            byte[] signature = new byte[64];
            byte[] number = value.toByteArray();
            int length = Math.min(32, number.length);
            System.arraycopy(number, number.length - length, signature, 32 - length, length);
            System.arraycopy(number, number.length - length, signature, 64 - length, length);
            assertRefused(body + TestKey.part(signature), "signature is wrong");
        }
    }

    @Test
    @DisplayName("ES256 signature in DER instead of r || s (RFC 7518 3.4)")
    void refusesDerSignatures() throws Exception {
        String good = EC.token("ES256", fixture.claims());
        String signed = good.substring(0, good.lastIndexOf('.'));
        Signature der = Signature.getInstance("SHA256withECDSA");
        der.initSign(EC.pair().getPrivate());
        der.update(signed.getBytes(StandardCharsets.US_ASCII));
        assertRefused(signed + "." + TestKey.part(der.sign()), "signature is wrong");
    }

    @Test
    @DisplayName("ES256 by a key of another curve (RFC 7518 3.4)")
    void refusesTheWrongCurve() throws Exception {
        TestKey p384 = TestKey.ec("p384", "secp384r1");
        try (Fixture other = new Fixture()) {
            other.issuer.keys = List.of(p384);
            OidcTokenWorker own = other.tokens();
            String token = p384.token("ES384", Map.of("alg", "ES256", "kid", "p384"), other.claims());
            assertThat(own.verify(token)).isInstanceOf(Refused.class);
            assertThat(own.verify(p384.token("ES384", other.claims()))).isInstanceOf(Refused.class);
            OidcTokenWorker both = other.tokens(Map.of("algorithms", new String[] {"ES256", "ES384"}));
            assertThat(both.verify(token)).isInstanceOf(Refused.class);
            assertThat(both.verify(p384.token("ES384", other.claims()))).isInstanceOf(Recognized.class);
        }
    }

    @Test
    @DisplayName("Ed25519: cut, prolonged or non-canonical S (RFC 8032 5.1.7)")
    void refusesMalleableEd25519() {
        String good = ED.token("EdDSA", fixture.claims());
        String body = good.substring(0, good.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
        assertRefused(body + TestKey.part(Arrays.copyOf(signature, 63)));
        assertRefused(body + TestKey.part(Arrays.copyOf(signature, 65)));
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] s = new byte[33];
        for (int i = 0; i < 32; i++) {
            s[32 - i] = signature[32 + i];
        }
        byte[] more = new BigInteger(s).add(order).toByteArray();
        byte[] other = signature.clone();
        for (int i = 0; i < 32; i++) {
            other[32 + i] = i < more.length ? more[more.length - 1 - i] : 0;
        }
        assertRefused(body + TestKey.part(other), "signature is wrong");
    }

    @Test
    @DisplayName("claims changed under a good signature; signature cut, stripped, of another token")
    void refusesChangedTokens() {
        String[] good = good().split("\\.");
        String root = TestKey.part(FakeIssuer.text(fixture.claims("sub", "root")));
        assertRefused(good[0] + "." + root + "." + good[2], "signature is wrong");
        assertRefused(good[0] + "." + good[1] + ".");
        assertRefused(good[0] + "." + good[1]);
        assertRefused(good[0] + "." + good[1] + "." + good[2].substring(0, good[2].length() - 4));
        assertRefused(good[0] + "." + good[1] + "." + EC.token("ES256", fixture.claims()).split("\\.")[2]);
        assertRefused(good[0] + "." + good[1] + "." + TestKey.part(new byte[256]), "signature is wrong");
    }

    @Test
    @DisplayName("the same token in another writing: padding, whitespace, stray bits, other alphabets (RFC 7515 2)")
    void refusesOtherWritingsOfAToken() {
        String good = good();
        String[] parts = good.split("\\.");
        for (String odd : List.of(
                good + "=", good + "==", " " + good, good + " ", good + "\n", "\uFEFF" + good,
                parts[0] + "=." + parts[1] + "." + parts[2],
                parts[0] + "." + parts[1] + "." + parts[2].substring(0, 10) + "\r\n" + parts[2].substring(10),
                parts[0] + "." + parts[1] + "." + parts[2].substring(0, 10) + "+" + parts[2].substring(11),
                parts[0] + "." + parts[1] + "." + parts[2].substring(0, 10) + "\u00e4" + parts[2].substring(11),
                parts[0] + "." + parts[1] + "." + parts[2] + "!")) {
            assertRefused(odd);
        }
        // 256 bytes end in four bits that mean nothing
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char last = good.charAt(good.length() - 1);
        String malleable = good.substring(0, good.length() - 1) + alphabet.charAt(alphabet.indexOf(last) + 1);
        assertThat(Base64.getUrlDecoder().decode(malleable.split("\\.")[2])).isEqualTo(Base64.getUrlDecoder().decode(parts[2]));
        assertRefused(malleable, "base64url");
    }

    @Test
    @DisplayName("parts that are empty, missing or too many")
    void refusesOddParts() {
        String[] parts = good().split("\\.");
        for (String odd : List.of("", ".", "..", "...", "a", "a.b", "a.b.c", "....", "." + parts[1] + "." + parts[2],
                parts[0] + ".." + parts[2], good() + ".", "." + good(), good() + "." + parts[2], "\u0000")) {
            assertRefused(odd);
            assertThat(worker.recognizes(odd)).isFalse();
        }
    }

    @Test
    @DisplayName("a JWE, and a nested JWT (RFC 7516; RFC 8725 2.3: what is encrypted is not signed)")
    void refusesEncryptedAndNestedTokens() {
        String[] parts = good().split("\\.");
        String header = TestKey.part("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\",\"kid\":\"rsa\"}");
        assertRefused(header + "." + parts[1] + ".AAAA.AAAA.AAAA");
        assertThat(worker.recognizes(header + "." + parts[1] + ".AAAA.AAAA.AAAA")).isFalse();
        assertRefused(RSA.raw("RS256", header(",\"enc\":\"A256GCM\""), FakeIssuer.text(fixture.claims())), "'enc'");
        assertRefused(RSA.raw("RS256", header(",\"cty\":\"JWT\""), FakeIssuer.text(fixture.claims())), "'cty'");
        assertRefused(RSA.raw("RS256", header(""), good()), "JSON object");
        assertRefused(RSA.raw("RS256", header(""), "\"" + good() + "\""), "JSON object");
        assertRefused(RSA.raw("RS256", header(",\"zip\":\"DEF\""), FakeIssuer.text(fixture.claims())), "'zip'");
    }

    @Test
    @DisplayName("crit and unencoded payload (RFC 7515 4.1.11, RFC 7797; CVE-2025-59420)")
    void refusesCriticalExtensions() {
        String claims = FakeIssuer.text(fixture.claims());
        for (String more : List.of(
                ",\"crit\":[\"b64\"],\"b64\":false", ",\"b64\":false", ",\"b64\":true", ",\"crit\":[]", ",\"crit\":null",
                ",\"crit\":[\"exp\"],\"exp\":1", ",\"crit\":[\"https://x.example/cap\"]")) {
            assertRefused(RSA.raw("RS256", header(more), claims), "header must not have");
        }
    }

    @Test
    @DisplayName("members twice, also written with escapes (RFC 7515 4, RFC 8725 2.6)")
    void refusesDuplicateMembers() {
        String claims = FakeIssuer.text(fixture.claims());
        String rest = claims.substring(1);
        assertRefused(RSA.raw("RS256", header(",\"alg\":\"none\""), claims), "each member once");
        assertRefused(RSA.raw("RS256", header(""), "{\"sub\":\"root\"," + rest), "each member once");
        assertRefused(RSA.raw("RS256", header(""), "{\"s\\u0075b\":\"root\"," + rest), "each member once");
        assertRefused(RSA.raw("RS256", header(""), claims.substring(0, claims.length() - 1) + ",\"exp\":99999999999}"), "each member once");
        assertRefused(RSA.raw("RS256", header(""), "{\"a\":{\"b\":1,\"b\":2}," + rest), "each member once");
    }

    @Test
    @DisplayName("JSON 10,000 deep (CVE-2025-53864), cut, with something behind it, or of another kind")
    void refusesOddJson() {
        String deep = "{\"iss\":\"" + fixture.issuer.issuer() + "\",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertRefused(RSA.raw("RS256", header(""), deep));
        OidcTokenWorker roomy = fixture.tokens(Map.of("max_token_bytes", 65_536));
        String deeper = "{\"a\":" + "{\"a\":".repeat(7_000) + "1" + "}".repeat(7_000) + "}";
        assertThat(roomy.verify(RSA.raw("RS256", header(""), deeper))).isInstanceOf(Refused.class);
        assertThat(roomy.recognizes(RSA.raw("RS256", header(""), deeper))).isFalse();
        String claims = FakeIssuer.text(fixture.claims());
        for (String odd : List.of(
                "", "null", "[]", "1", "\"x\"", "{", claims + "x", claims + "{}", claims.substring(0, claims.length() - 1), "[" + claims + "]",
                claims.replace("{", "{/**/"), claims.replace('"', '\''), "\uFEFF" + claims, claims.replace("}", ",}"))) {
            assertRefused(RSA.raw("RS256", header(""), odd));
        }
    }

    @Test
    @DisplayName("UTF-8 cut, overlong or of surrogates, and UTF-16 (RFC 8259 8.1)")
    void refusesOtherEncodings() {
        String claims = FakeIssuer.text(fixture.claims("name", "ab"));
        byte[] utf8 = claims.getBytes(StandardCharsets.UTF_8);
        int at = claims.indexOf("ab");
        for (byte[] bad : List.of(
                new byte[] {(byte) 0xc3, '"'}, new byte[] {(byte) 0xc0, (byte) 0xaf}, new byte[] {(byte) 0xff, 'b'},
                new byte[] {(byte) 0xed, (byte) 0xa0})) {
            byte[] broken = utf8.clone();
            System.arraycopy(bad, 0, broken, at, 2);
            assertRefused(signed(broken), "JSON object");
        }
        assertRefused(signed(Arrays.copyOf("{\"a\":\"\u00e4".getBytes(StandardCharsets.UTF_8), 7)), "JSON object");
        assertRefused(signed(claims.getBytes(StandardCharsets.UTF_16)), "JSON object");
        assertRefused(signed(claims.getBytes(StandardCharsets.UTF_16LE)), "JSON object");
    }

    private static String signed(byte[] claims) {
        String text = TestKey.part(header("")) + "." + TestKey.part(claims);
        return text + "." + TestKey.part(RSA.sign("RS256", text));
    }

    @Test
    @DisplayName("a huge token costs nothing (CWE-770)")
    void refusesHugeTokens() {
        String huge = RSA.token("RS256", fixture.claims("filler", "x".repeat(20_000)));
        assertRefused(huge, "too long");
        assertThat(worker.recognizes(huge)).isFalse();
        assertRefused(".".repeat(1_000_000), "too long");
    }
}
