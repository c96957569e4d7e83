// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a request is said in the surface's own shape, and changes nothing. */
final class BadInputTest {
    private static final String CHAT = "/openai/v1/chat/completions";

    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(
                home,
                provider.yaml("mock") + """
                  web: { body_timeout_seconds: 1, max_body_bytes: 100000 }
                """);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"model\":                                      | malformed_json | line 1",
                "[]                                               | invalid_body   | JSON object",
                "{\"messages\":[{\"role\":\"user\"}]}             | invalid_body   | 'model'",
                "{\"model\":7,\"messages\":[{\"role\":\"user\"}]} | invalid_body   | 'model' must be a string",
                "{\"model\":\"mock/plain\"}                       | invalid_body   | 'messages'",
                "{\"model\":\"mock/plain\",\"messages\":\"hi\"}   | invalid_body   | 'messages' must be an array",
                "{\"model\":\"mock/plain\",\"messages\":[]}       | invalid_body   | empty",
                "{\"model\":\"mock/plain\",\"messages\":[\"hi\"]} | invalid_body   | object",
                "{\"model\":\"mock/plain\",\"stream\":\"yes\",\"messages\":[{}]} | invalid_body | 'stream'",
                "{\"model\":\"mock/plain\",\"messages\":[{}]} x   | malformed_json | x",
            })
    void saysWhatIsWrongWithABody(String body, String code, String words) throws Exception {
        int before = provider.received.size();
        TestServer.Answer answer = server.post(CHAT, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.json().at("/error/code").asText()).isEqualTo(code);
        assertThat(answer.json().at("/error/message").asText()).containsIgnoringCase(words.strip().split(" ")[0]);
        assertThat(answer.json().at("/error/request_id").asText()).isEqualTo(answer.header("x-request-id"));
        assertThat(provider.received).hasSizeLessThanOrEqualTo(before + 1);
    }

    @Test
    void refusesWhatIsNestedTooDeeply() throws Exception {
        String deep = "{\"model\":\"mock/plain\",\"messages\":[{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}]}";
        TestServer.Answer answer = server.post(CHAT, deep);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/code").asText()).isEqualTo("body_too_deep");
    }

    @Test
    void refusesInvalidUtf8() throws Exception {
        byte[] head = "{\"model\":\"mock/plain\",\"messages\":[{\"role\":\"user\",\"content\":\"".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[head.length + 6];
        System.arraycopy(head, 0, body, 0, head.length);
        body[head.length] = (byte) 0xC3;
        body[head.length + 1] = (byte) 0x28;
        System.arraycopy("\"}]}".getBytes(StandardCharsets.UTF_8), 0, body, head.length + 2, 4);
        String answer = raw("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + server.firstKey() + "\r\nContent-Length: " + body.length + "\r\n\r\n", body);
        assertThat(answer).startsWith("HTTP/1.1 400").contains("malformed_json");
    }

    @Test
    void refusesAnotherContentType() throws Exception {
        TestServer.Answer answer =
                server.send("POST", CHAT, server.firstKey(), TestServer.chat("mock/plain", "hi"), "Content-Type", "text/plain");
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().at("/error/message").asText()).contains("application/json");
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeReadingIt() throws Exception {
        String answer = raw("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + server.firstKey() + "\r\nContent-Length: 999999999\r\n\r\n", new byte[0]);
        assertThat(answer).startsWith("HTTP/1.1 413").contains("larger than");
    }

    @Test
    void givesUpOnABodyThatStalls() throws Exception {
        String answer = raw("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + server.firstKey() + "\r\nContent-Length: 500\r\n\r\n{\"model\":", new byte[0]);
        assertThat(answer).startsWith("HTTP/1.1 408").contains("no byte of the body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody/nothing", "gpt-4o", "/", "mock/", ""})
    void listsTheModelsWhenOneIsUnknown(String model) throws Exception {
        TestServer.Answer answer = server.post(CHAT, TestServer.chat(model, "hi"));
        assertThat(answer.status()).isIn(404, 400);
        if (answer.status() == 404) {
            assertThat(answer.json().at("/error/code").asText()).isEqualTo("model_not_found");
            assertThat(answer.json().at("/error/message").asText()).contains("local-embeddings/all-minilm-l6-v2");
        }
    }

    @Test
    void asksForACredential() throws Exception {
        TestServer.Answer none = server.send("GET", "/openai/v1/models", null, null);
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.json().at("/error/code").asText()).isEqualTo("invalid_api_key");
        assertThat(none.header("www-authenticate")).startsWith("Bearer");
        assertThat(server.send("GET", "/openai/v1/models", "hs_wrong", null).status()).isEqualTo(401);
        assertThat(server.send("GET", "/plugins/v1/plugins", null, null).header("content-type"))
                .isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nowhere HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 404",
                "DELETE /openai/v1/models HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 405",
                "NONSENSE\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\n\\r\\n | 400",
                "GET /system/console%2Fbundles HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 400",
                "GET /system/console/x%2Fbundles HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 400",
                "GET /security/v1/api-keys/..%2F..%2Fmetrics HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 401",
                "GET /%zz HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 400",
                "GET / HTTP/9.9\\r\\nHost: x\\r\\n\\r\\n | 505",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabc | 400",
            })
    void answersBadHttpWithAProblem(String request, int status) throws Exception {
        String answer = raw(request.strip().replace("\\r\\n", "\r\n").replace(" HTTP/1.1\r\n", " HTTP/1.1\r\nConnection: close\r\n"), new byte[0]);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer).containsIgnoringCase("content-type: application/").contains("\"").doesNotContain("<html");
    }

    @Test
    void refusesAHeaderThatIsTooLarge() throws Exception {
        String answer = raw("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Big: " + "a".repeat(40_000) + "\r\n\r\n", new byte[0]);
        assertThat(answer).startsWith("HTTP/1.1 431");
    }

    private static String raw(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[8192];
            int n = socket.getInputStream().read(buffer);
            while (n >= 0) {
                answer.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                if (complete(answer)) {
                    break;
                }
                n = socket.getInputStream().read(buffer);
            }
            return answer.toString();
        }
    }

    private static boolean complete(CharSequence answer) {
        String text = answer.toString();
        int end = text.indexOf("\r\n\r\n");
        java.util.regex.Matcher length =
                java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(text);
        return end >= 0 && length.find() && text.getBytes(StandardCharsets.UTF_8).length >= end + 4 + Integer.parseInt(length.group(1));
    }
}
