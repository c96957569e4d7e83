// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import io.hyperspot.http.client.ProviderClient.Header;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 ("Create a signed AWS API request" in the IAM User Guide), of requests whose path and
 * query are in canonical form already. It is all that is needed of AWS's SDK, whose signer comes with eight further
 * artifacts and an HTTP contract of its own.
 */
final class SigV4 {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String region;
    private final String service;

    SigV4(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /**
     * @param host as it is sent
     * @param headers to be sent and signed; names in lower case
     * @return those headers and the ones that authorize the request, without the host
     */
    List<Header> sign(
            AccessKey key, String method, String path, String query, String host, Map<String, String> headers, byte[] body, Instant at) {
        String time = TIME.format(at);
        SortedMap<String, String> signed = new TreeMap<>(headers);
        signed.put("x-amz-date", time);
        if (!key.token().isEmpty()) {
            signed.put("x-amz-security-token", key.token());
        }
        List<Header> sent = new ArrayList<>();
        signed.forEach((name, value) -> sent.add(new Header(name, value)));
        signed.put("host", host);
        String names = String.join(";", signed.keySet());
        String lines = signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                .collect(Collectors.joining());
        String canonical = String.join("\n", method, path, query, lines, names, hash(body));
        String day = time.substring(0, 8);
        String scope = String.join("/", day, region, service, "aws4_request");
        String toSign = String.join("\n", ALGORITHM, time, scope, hash(utf8(canonical)));
        byte[] derived = derived(key.secret(), day);
        String signature = hex(hmac(derived, toSign));
        Arrays.fill(derived, (byte) 0);
        sent.add(new Header(
                "authorization",
                ALGORITHM + " Credential=" + key.id() + "/" + scope + ", SignedHeaders=" + names + ", Signature=" + signature));
        return sent;
    }

    /** The key of a day, region and service. */
    byte[] derived(String secret, String day) {
        byte[] key = utf8("AWS4" + secret);
        for (String step : List.of(day, region, service, "aws4_request")) {
            byte[] next = hmac(key, step);
            Arrays.fill(key, (byte) 0);
            key = next;
        }
        return key;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
