// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway must know of a request before it can pass it on, read in one pass without a tree:
 * the model and where its name stands, and whether the answer is a stream.
 *
 * @param maxTokens the longest answer that is asked for, the largest where it is said more than once; 0: not said,
 *     or not as a number
 * @param answers how many are asked for; at least 1
 * @param modelEnd 0: the body does not name the model
 */
public record Envelope(String model, boolean stream, int maxTokens, int answers, int modelStart, int modelEnd) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(200).build())
            .build();

    private static final Set<String> MAX_TOKENS = Set.of(
            "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens");

    private static final Set<String> ANSWERS = Set.of("n", "candidateCount", "candidate_count");

    /** Far more than any provider gives, so that sums do not overflow. */
    private static final int MOST_ANSWERS = 1000;

    /** The members that hold options of the answer, where they are not the body's own. */
    private static final Set<String> OPTIONS = Set.of("generationConfig", "generation_config");

    /** How much a request wants at most, as far as it has been read. */
    private static final class Wanted {
        int maxTokens;
        int answers = 1;

        /** Reads a member that is a number, and may be one of those. */
        void number(String name, JsonParser parser) throws IOException {
            if (MAX_TOKENS.contains(name)) {
                maxTokens = Math.max(maxTokens, (int) Math.clamp(parser.getDoubleValue(), 0, Integer.MAX_VALUE));
            } else if (ANSWERS.contains(name)) {
                answers = Math.max(answers, (int) Math.clamp(parser.getDoubleValue(), 1, MOST_ANSWERS));
            }
        }

        void options(JsonParser parser) throws IOException {
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                    number(name, parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** What a request asks about. */
    public enum Kind {
        /** An array of objects, such as messages. */
        OBJECTS,
        OBJECT,
        /** A string, or an array of anything. */
        INPUT
    }

    /**
     * What an operation's body must hold.
     *
     * @param streams whether the answer can be a stream
     * @param content the member that must be there and not empty
     * @param refused members that must not be there, by what to say of them
     */
    public record Rules(boolean streams, String content, Kind kind, Map<String, String> refused) {
        public Rules(boolean streams, String content, Kind kind) {
            this(streams, content, kind, Map.of());
        }
    }

    /**
     * Of a protocol whose bodies name the model.
     *
     * @throws ProblemException INVALID_ARGUMENT that names the member or the place
     */
    public static Envelope read(byte[] body, Rules rules) {
        Envelope envelope = scan(body, rules);
        require(!envelope.model().isEmpty(), "'model' is missing; it is called {provider}/{model}");
        return envelope;
    }

    /**
     * Of a protocol whose URLs name the model, and say whether the answer is a stream.
     *
     * @throws ProblemException INVALID_ARGUMENT that names the member or the place
     */
    public static Envelope read(byte[] body, Rules rules, String model, boolean stream) {
        Envelope scanned = scan(body, rules);
        return new Envelope(model, stream, scanned.maxTokens(), scanned.answers(), 0, 0);
    }

    private static Envelope scan(byte[] body, Rules rules) {
        try (JsonParser parser = JSON.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (parser.currentLocation().getByteOffset() < 0) {
                // UTF-16 and UTF-32 are read too, but without the places of bytes
                throw invalid("MALFORMED_JSON", "the body is not valid UTF-8");
            }
            if (first != JsonToken.START_OBJECT) {
                throw invalid("INVALID_BODY", "the body must be a JSON object");
            }
            String content = rules.content();
            String model = "";
            boolean stream = false;
            Wanted wanted = new Wanted();
            boolean hasContent = false;
            int start = 0;
            int end = 0;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (name.equals("model")) {
                    require(token == JsonToken.VALUE_STRING, "'model' must be a string, {provider}/{model}");
                    start = (int) parser.currentTokenLocation().getByteOffset();
                    model = parser.getText();
                    end = (int) parser.currentLocation().getByteOffset();
                } else if (rules.streams() && name.equals("stream")) {
                    require(token.isBoolean() || token == JsonToken.VALUE_NULL, "'stream' must be true or false");
                    stream = token == JsonToken.VALUE_TRUE;
                } else if (token == JsonToken.START_OBJECT && OPTIONS.contains(name)) {
                    wanted.options(parser);
                } else if (rules.refused().containsKey(name)) {
                    boolean unused = token == JsonToken.VALUE_NULL || token == JsonToken.VALUE_FALSE;
                    require(unused, "'" + name + "' " + rules.refused().get(name));
                } else if (name.equals(content)) {
                    hasContent = content(parser, token, rules);
                } else if (token == JsonToken.VALUE_NUMBER_INT) {
                    wanted.number(name, parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw invalid("MALFORMED_JSON", "there is something after the end of the JSON object");
            }
            require(hasContent, "'" + content + "' is missing or empty");
            return new Envelope(model, stream, wanted.maxTokens, wanted.answers, start, end);
        } catch (StreamConstraintsException e) {
            throw invalid("BODY_TOO_DEEP", "the body is nested too deeply or has a value that is too long: " + e.getOriginalMessage());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw invalid("MALFORMED_JSON", "the body is not valid JSON at line " + e.getLocation().getLineNr()
                    + ", column " + e.getLocation().getColumnNr() + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw invalid("MALFORMED_JSON", "the body is not valid UTF-8: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static boolean content(JsonParser parser, JsonToken token, Rules rules) throws IOException {
        String name = rules.content();
        return switch (rules.kind()) {
            case OBJECTS -> {
                require(token == JsonToken.START_ARRAY, "'" + name + "' must be an array");
                yield items(parser, name, true);
            }
            case OBJECT -> {
                require(token == JsonToken.START_OBJECT, "'" + name + "' must be an object");
                parser.skipChildren();
                yield true;
            }
            case INPUT -> {
                if (token == JsonToken.START_ARRAY) {
                    yield items(parser, name, false);
                }
                require(
                        token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL,
                        "'" + name + "' must be a string or an array");
                yield token == JsonToken.VALUE_STRING && parser.getTextLength() > 0;
            }
        };
    }

    private static boolean items(JsonParser parser, String name, boolean objects) throws IOException {
        boolean any = false;
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            any = true;
            require(!objects || item == JsonToken.START_OBJECT, "each of '" + name + "' must be an object");
            parser.skipChildren();
        }
        return any;
    }

    /** The same for an operation that writes at most so many tokens, whatever it says. */
    public Envelope limitedTo(int tokens) {
        return new Envelope(model, stream, tokens, 1, modelStart, modelEnd);
    }

    /** The body, which names the model, with another name: one copy, everything else as the client wrote it. */
    public byte[] withModel(byte[] body, String name) {
        byte[] quoted = ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + '"').getBytes(StandardCharsets.UTF_8);
        byte[] spliced = new byte[body.length - (modelEnd - modelStart) + quoted.length];
        System.arraycopy(body, 0, spliced, 0, modelStart);
        System.arraycopy(quoted, 0, spliced, modelStart, quoted.length);
        System.arraycopy(body, modelEnd, spliced, modelStart + quoted.length, body.length - modelEnd);
        return spliced;
    }

    private static void require(boolean condition, String detail) {
        if (!condition) {
            throw invalid("INVALID_BODY", detail);
        }
    }

    private static ProblemException invalid(String code, String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, code, detail);
    }

    private static String firstLine(@Nullable String text) {
        String known = text == null ? "" : text;
        int end = known.indexOf('\n');
        return end < 0 ? known : known.substring(0, end);
    }
}
