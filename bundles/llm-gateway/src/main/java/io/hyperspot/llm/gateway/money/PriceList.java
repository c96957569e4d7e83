// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ModelId;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prices of models, with the days from which they hold. A JSON document:
 *
 * <pre>{@code
 * {"prices": [
 *   {"model": "openai/gpt-4o*", "from": "2024-10-01", "input": "2.50", "cached_input": "1.25", "output": "10",
 *    "source": "openai.com/api/pricing, 2025-11"},
 *   {"model": "gemini/gemini-2.5-pro*", "from": "2025-06-17", "input": "1.25", "output": "10",
 *    "above_input_tokens": {"tokens": 200000, "input": "2.50", "output": "15"}}]}
 * }</pre>
 *
 * <p>Prices are US dollars for a million tokens, with at most six decimals; {@code request} is for one call. What
 * is left out costs what {@code input} or {@code output} does, a call itself nothing. A model is named by its
 * canonical id, a {@code *} at its end standing for any rest; the longest name that fits counts, and of its
 * entries the one that began last. Immutable.
 */
final class PriceList {
    static final PriceList EMPTY = new PriceList(Map.of());

    private static final Set<String> MEMBERS = Set.of("model", "from", "above_input_tokens", "source");
    private static final Set<String> PRICES = Set.of(
            "input", "cached_input", "cache_write", "cache_write_hour", "audio_input", "output", "audio_output", "request");
    private static final int DECIMALS = 6;

    /**
     * @param above from more input tokens on the dearer price holds for the whole call
     */
    private record Entry(Instant from, Price price, long above, @Nullable Price dear) {
        Price of(long inputTokens) {
            return dear != null && inputTokens > above ? dear : price;
        }
    }

    private final Map<String, List<Entry>> entries;

    private PriceList(Map<String, List<Entry>> entries) {
        this.entries = entries;
    }

    /**
     * @throws IllegalArgumentException that says what is wrong with the document
     */
    static PriceList read(byte[] document) {
        JsonNode root;
        try {
            root = new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readTree(document);
        } catch (IOException e) {
            throw new IllegalArgumentException("it is not JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
        if (!root.path("prices").isArray()) {
            throw new IllegalArgumentException("it has no array 'prices'");
        }
        Map<String, List<Entry>> entries = new HashMap<>();
        for (JsonNode node : root.path("prices")) {
            String model = node.path("model").asText();
            if (model.indexOf('/') <= 0) {
                throw new IllegalArgumentException("'model' must be {provider}/{model}; got '" + model + "'");
            }
            entries.computeIfAbsent(model, name -> new ArrayList<>()).add(entry(model, node));
        }
        entries.values().forEach(list -> list.sort(Comparator.comparing(Entry::from).reversed()));
        return new PriceList(Map.copyOf(entries));
    }

    private static Entry entry(String model, JsonNode node) {
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name) && !PRICES.contains(name)) {
                throw new IllegalArgumentException("the price of " + model + " has an unknown member '" + name + "'");
            }
        });
        Instant from;
        try {
            from = LocalDate.parse(node.path("from").asText()).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'from' of " + model + " must be a day such as 2025-01-31", e);
        }
        JsonNode above = node.path("above_input_tokens");
        return new Entry(
                from,
                price(model, node, node),
                above.path("tokens").asLong(),
                above.isObject() ? price(model, above, node) : null);
    }

    /**
     * @param usual where a price is when {@code node} does not have it
     */
    private static Price price(String model, JsonNode node, JsonNode usual) {
        long input = number(model, node, usual, "input", 0);
        long output = number(model, node, usual, "output", 0);
        return new Price(
                input,
                number(model, node, usual, "cached_input", input),
                number(model, node, usual, "cache_write", input),
                number(model, node, usual, "cache_write_hour", input),
                number(model, node, usual, "audio_input", input),
                output,
                number(model, node, usual, "audio_output", output),
                Math.multiplyExact(number(model, node, usual, "request", 0), 1_000_000L));
    }

    private static long number(String model, JsonNode node, JsonNode usual, String name, long otherwise) {
        JsonNode value = node.has(name) ? node.get(name) : usual.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        try {
            BigDecimal price = new BigDecimal(value.asText());
            if (price.signum() >= 0) {
                return price.movePointRight(DECIMALS).longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(model, name, value, e);
        }
        throw wrong(model, name, value, null);
    }

    private static IllegalArgumentException wrong(String model, String name, JsonNode value, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "'" + name + "' of " + model + " must be a number that is not negative, with at most " + DECIMALS
                        + " decimals; got " + value,
                cause);
    }

    /** The price of a call; null: there is none in the list. */
    @Nullable Price find(ModelId model, Instant at, long inputTokens) {
        Entry entry = entry(model, at);
        return entry == null ? null : entry.of(inputTokens);
    }


    private @Nullable Entry entry(ModelId model, Instant at) {
        String name = model.toString();
        Entry exact = valid(entries.get(name), at);
        if (exact != null) {
            return exact;
        }
        for (int length = name.length(); length > model.provider().length(); length--) {
            Entry found = valid(entries.get(name.substring(0, length) + "*"), at);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Entry valid(@Nullable List<Entry> list, Instant at) {
        if (list != null) {
            for (Entry entry : list) {
                if (!entry.from().isAfter(at)) {
                    return entry;
                }
            }
        }
        return null;
    }
}
