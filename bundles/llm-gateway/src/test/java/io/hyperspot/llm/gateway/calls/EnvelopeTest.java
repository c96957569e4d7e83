// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {
    private static final Envelope.Rules MESSAGES = new Envelope.Rules(true, "messages", Envelope.Kind.OBJECTS);
    private static final Envelope.Rules INPUT = new Envelope.Rules(true, "input", Envelope.Kind.INPUT);
    private static final String M = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"p/m\",MESSAGES}                        | p/m     | false",
                "{MESSAGES,\"model\":\"p/m\"}                        | p/m     | false",
                "{\"stream\":true,MESSAGES,\"model\":\"p/m\"}        | p/m     | true",
                "{\"stream\":null,\"model\" : \"p/m\" , MESSAGES }   | p/m     | false",
                "{\"x\":{\"model\":\"no/no\"},\"model\":\"p/m\",MESSAGES} | p/m | false",
                "{\"x\":[[{\"stream\":true}]],\"model\":\"p/m\",MESSAGES} | p/m | false",
                "{\"model\":\"p\\/m\\u0041\",MESSAGES}               | p/mA    | false",
                "{\"model\":\"p/größe\\\"x\",MESSAGES}               | p/größe\"x | false",
                "{\"ü€😀\":\"ü€😀\",\"model\":\"p/m\",MESSAGES,\"z\":\"€\"} | p/m | false",
            })
    void findsModelAndStreamAndReplacesNothingButTheModel(String template, String model, boolean stream) {
        String body = template.replace("MESSAGES", M);
        byte[] bytes = body.getBytes(UTF_8);
        Envelope envelope = Envelope.read(bytes, MESSAGES);
        assertThat(envelope.model()).isEqualTo(model);
        assertThat(envelope.stream()).isEqualTo(stream);
        String literal = new String(bytes, envelope.modelStart(), envelope.modelEnd() - envelope.modelStart(), UTF_8);
        assertThat(literal).startsWith("\"").endsWith("\"");
        for (String name : new String[] {"m", "a much longer name/with slash", "q\"uote\\ü\n"}) {
            byte[] spliced = envelope.withModel(bytes, name);
            String text = new String(spliced, UTF_8);
            String head = new String(bytes, 0, envelope.modelStart(), UTF_8);
            String tail = new String(bytes, envelope.modelEnd(), bytes.length - envelope.modelEnd(), UTF_8);
            assertThat(text).startsWith(head).endsWith(tail);
            Envelope again = Envelope.read(spliced, MESSAGES);
            assertThat(again.model()).isEqualTo(name);
            assertThat(again.stream()).isEqualTo(stream);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"a/b\",\"model\":\"c/d\",MESSAGES}   | MALFORMED_JSON | model",
                "{\"model\":\"a/b\",MESSAGES,MESSAGES}            | MALFORMED_JSON | messages",
                "{\"model\":\"a/b\",MESSAGES}{}                   | MALFORMED_JSON | after the end",
                "{\"model\":\"a/b\",MESSAGES} ,                   | MALFORMED_JSON | line 1",
                "{\"model\":\"a/b\",MESSAGES                      | MALFORMED_JSON | line 1",
                "{\"model\":\"a/b                                 | MALFORMED_JSON | line 1",
                "{\"model\":\"\",MESSAGES}                        | INVALID_BODY   | 'model' is missing",
                "{\"model\":{\"a\":1},MESSAGES}                   | INVALID_BODY   | 'model' must be a string",
                "{\"model\":\"a/b\",\"stream\":1,MESSAGES}        | INVALID_BODY   | 'stream'",
                "\"text\"                                         | INVALID_BODY   | JSON object",
                "``                                               | INVALID_BODY   | JSON object",
            })
    void refusesWhatItCannotForward(String template, String code, String words) {
        byte[] body = template.replace("MESSAGES", M).getBytes(UTF_8);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Envelope.read(body, MESSAGES))
                .satisfies(problem -> {
                    assertThat(problem.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
                    assertThat(problem.code()).isEqualTo(code);
                    assertThat(problem.detail()).contains(words).doesNotContain("com.fasterxml");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"}                 | must be a string or an array",
                "{\"model\":\"x/y\",\"z\":[]}  | must be a string or an array",
                "7                             | must be a string or an array",
                "\"\"                          | missing or empty",
                "[]                            | missing or empty",
                "null                          | missing or empty",
            })
    void saysWhatAnInputMustBe(String input, String words) {
        byte[] body = ("{\"model\":\"p/m\",\"input\":" + input + "}").getBytes(UTF_8);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Envelope.read(body, INPUT))
                .withMessageContaining("'input'")
                .withMessageContaining(words);
    }

    @Test
    void takesInputsAsStringAndArray() {
        assertThat(Envelope.read("{\"model\":\"p/m\",\"input\":\"x\"}".getBytes(UTF_8), INPUT).model()).isEqualTo("p/m");
        assertThat(Envelope.read("{\"input\":[\"x\",[1]],\"model\":\"p/m\"}".getBytes(UTF_8), INPUT).model())
                .isEqualTo("p/m");
    }

    @Test
    void refusesDeepNestingAnywhere() {
        String deep = "{\"model\":\"p/m\"," + M + ",\"x\":" + "{\"x\":".repeat(300) + "1" + "}".repeat(301);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Envelope.read(deep.getBytes(UTF_8), MESSAGES))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("BODY_TOO_DEEP"));
    }

    @Test
    void refusesOtherEncodingsThanUtf8() {
        String body = "{\"model\":\"p/m\"," + M + "}";
        for (var charset : new java.nio.charset.Charset[] {
            StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, java.nio.charset.Charset.forName("UTF-32")
        }) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> Envelope.read(body.getBytes(charset), MESSAGES))
                    .as(charset.name())
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo("MALFORMED_JSON"));
        }
    }

    @Test
    void splicesBehindAByteOrderMark() {
        byte[] body = ("\uFEFF{\"model\":\"p/m\"," + M + "}").getBytes(UTF_8);
        Envelope envelope = Envelope.read(body, MESSAGES);
        assertThat(new String(envelope.withModel(body, "m"), UTF_8)).isEqualTo("\uFEFF{\"model\":\"m\"," + M + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"max_tokens\":9                                            | 9",
                "\"max_tokens\":9,\"max_completion_tokens\":7                | 9",
                "\"max_tokens\":7,\"generationConfig\":{\"maxOutputTokens\":1} | 7",
                "\"generation_config\":{\"x\":[1],\"max_output_tokens\":5}   | 5",
                "\"max_tokens\":\"9\"                                        | 0",
                "\"max_tokens\":99999999999                                  | 2147483647",
            })
    void takesTheLargestLimitForTheBudget(String members, int most) {
        byte[] body = ("{\"model\":\"p/m\"," + members + "," + M + "}").getBytes(UTF_8);
        assertThat(Envelope.read(body, MESSAGES).maxTokens()).isEqualTo(most);
        assertThat(Envelope.read(body, MESSAGES, "q/n", true)).isEqualTo(new Envelope("q/n", true, most, 1, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":1                                                  | 1",
                "\"n\":8,\"max_tokens\":5                                | 8",
                "\"n\":2,\"generationConfig\":{\"candidateCount\":4}      | 4",
                "\"generation_config\":{\"candidate_count\":3}           | 3",
                "\"n\":-5                                                 | 1",
                "\"n\":999999999999                                       | 1000",
            })
    void countsTheAnswersThatAreAskedFor(String members, int answers) {
        byte[] body = ("{\"model\":\"p/m\"," + members + "," + M + "}").getBytes(UTF_8);
        assertThat(Envelope.read(body, MESSAGES).answers()).isEqualTo(answers);
    }
}
