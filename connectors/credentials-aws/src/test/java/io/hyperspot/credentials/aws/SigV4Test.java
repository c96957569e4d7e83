// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.http.client.ProviderClient.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures that AWS has published: its Signature Version 4 test suite, and the example of its documentation. */
class SigV4Test {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final AccessKey KEY = new AccessKey("AKIDEXAMPLE", SECRET, "");
    private static final Instant AT = Instant.parse("2015-08-30T12:36:00Z");
    private static final String HOST = "example.amazonaws.com";
    private static final byte[] NOTHING = new byte[0];
    private static final String SESSION = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8"
            + "YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX"
            + "AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static String authorization(List<Header> headers) {
        return headers.stream().filter(header -> header.name().equals("authorization")).findFirst().orElseThrow().value();
    }

    private static String suite(AccessKey key, String method, Map<String, String> headers, byte[] body) {
        return authorization(new SigV4("us-east-1", "service").sign(key, method, "/", "", HOST, headers, body, AT));
    }

    private static String expected(String names, String signature) {
        return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" + names
                + ", Signature=" + signature;
    }

    @Test
    void signsGetVanilla() {
        assertThat(suite(KEY, "GET", Map.of(), NOTHING))
                .isEqualTo(expected("host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    }

    @Test
    void signsPostVanilla() {
        assertThat(suite(KEY, "POST", Map.of(), NOTHING))
                .isEqualTo(expected("host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
    }

    @Test
    void signsPostXWwwFormUrlencoded() {
        byte[] body = "Param1=value1".getBytes(StandardCharsets.US_ASCII);
        assertThat(suite(KEY, "POST", Map.of("content-type", "application/x-www-form-urlencoded"), body))
                .isEqualTo(expected(
                        "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
    }

    @Test
    void signsPostStsHeaderBefore() {
        assertThat(suite(new AccessKey("AKIDEXAMPLE", SECRET, SESSION), "POST", Map.of(), NOTHING))
                .isEqualTo(expected(
                        "host;x-amz-date;x-amz-security-token",
                        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"));
    }

    @Test
    void derivesTheKeyAndSignsTheRequestOfTheDocumentation() {
        SigV4 iam = new SigV4("us-east-1", "iam");
        assertThat(HexFormat.of().formatHex(iam.derived(SECRET, "20150830")))
                .isEqualTo("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
        List<Header> headers = iam.sign(
                KEY,
                "GET",
                "/",
                "Action=ListUsers&Version=2010-05-08",
                "iam.amazonaws.com",
                Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                NOTHING,
                AT);
        assertThat(authorization(headers)).endsWith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
        assertThat(headers).extracting(Header::name).containsExactly("content-type", "x-amz-date", "authorization");
    }

    @Test
    void showsNoKey() {
        assertThat(KEY.toString()).doesNotContain(SECRET).doesNotContain("AKID");
    }
}
