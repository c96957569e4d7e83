// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.UsageScanner;
import org.junit.jupiter.api.Test;

class OpenAiUsageTest {
    private static final String USAGE = "{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens_details\":{\"reasoning_tokens\":2}}";
    private static final Usage EXPECTED = new Usage(11, 4, 7, 2);

    private static Usage scan(String... parts) {
        UsageScanner scanner = new UsageScanner(OpenAiUsage.FORMAT);
        for (String part : parts) {
            byte[] bytes = part.getBytes(UTF_8);
            scanner.scan(bytes, 0, bytes.length);
        }
        return scanner.usage();
    }

    @Test
    void findsItHoweverTheBodyIsSplit() {
        String unary = "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"usage\":" + USAGE + ",\"x\":1}";
        String stream = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}],\"usage\":null}\n\ndata: {\"choices\":[],\"usage\": "
                + USAGE + "}\n\ndata: [DONE]\n\n";
        for (String body : new String[] {unary, stream}) {
            for (int at = 0; at <= body.length(); at++) {
                assertThat(scan(body.substring(0, at), body.substring(at))).as("split at %d", at).isEqualTo(EXPECTED);
            }
            assertThat(scan(body.split(""))).isEqualTo(EXPECTED);
        }
    }

    @Test
    void readsPrettyPrintedBodies() {
        assertThat(scan("{\n  \"usage\" : {\n    \"prompt_tokens\" : 11,\n    \"completion_tokens\" : 7\n  }\n}"))
                .isEqualTo(new Usage(11, 0, 7, 0));
        assertThat(scan("{\"usage\":\r\n\t{\"input_tokens\":1,\"output_tokens\":2}}")).isEqualTo(new Usage(1, 0, 2, 0));
    }

    @Test
    void looksOnlyAtTheBytesItIsGiven() {
        byte[] bytes = ("\"usage\":" + USAGE).getBytes(UTF_8);
        UsageScanner scanner = new UsageScanner(OpenAiUsage.FORMAT);
        scanner.scan(bytes, 0, bytes.length - 1);
        assertThat(scanner.usage()).isEqualTo(Usage.NONE);
        scanner.scan(bytes, bytes.length - 1, 1);
        assertThat(scanner.usage()).isEqualTo(EXPECTED);
    }

    @Test
    void takesTheLastOne() {
        assertThat(scan("{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}", "{\"usage\":" + USAGE + "}"))
                .isEqualTo(EXPECTED);
        assertThat(scan("{\"usage\":" + USAGE + "}", "{\"usage\":null}")).isEqualTo(EXPECTED);
    }

    @Test
    void doesNotTakeTextForIt() {
        assertThat(scan("{\"content\":\"my \\\"usage\\\":{\\\"prompt_tokens\\\":99} is high; usage: 5\"}")).isEqualTo(Usage.NONE);
        assertThat(scan("{\"a\":\"usage\",\"usages\":{\"prompt_tokens\":99}}")).isEqualTo(Usage.NONE);
        assertThat(scan("{\"a\":\"usage\", \"b\":{\"prompt_tokens\":99}}")).isEqualTo(Usage.NONE);
    }

    @Test
    void countsWhatIsThereAndForgivesTheRest() {
        assertThat(scan("{\"usage\":{\"prompt_tokens\":5,\"note\":\"} {\\\" }\",\"list\":[1,{\"a\":2}],\"cost\":0.5,"
                        + "\"completion_tokens\":6}}"))
                .isEqualTo(new Usage(5, 0, 6, 0));
        assertThat(scan("{\"usage\":{\"prompt_tokens\":99999999999999999999}}")).isEqualTo(Usage.NONE);
        assertThat(scan("{\"usage\":{prompt_tokens}}")).isEqualTo(Usage.NONE);
        assertThat(scan("{\"usage\":17}{\"usage\":[1]}{\"usage\":\"x\"}")).isEqualTo(Usage.NONE);
    }

    @Test
    void givesUpOnOneThatIsTooLargeAndFindsTheNext() {
        String huge = "{\"usage\":{\"x\":\"" + "y".repeat(5000) + "\",\"prompt_tokens\":1}}";
        assertThat(scan(huge)).isEqualTo(Usage.NONE);
        assertThat(scan(huge, "{\"usage\":" + USAGE + "}")).isEqualTo(EXPECTED);
    }
}
