// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.Page;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters, orders and pages over a list. */
final class ListQueryTest {
    private record Fruit(String id, String name, int weight, boolean ripe, @Nullable Instant picked) {}

    private static final QueryField ID = new QueryField("id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            ID,
            new QueryField("name", QueryField.Type.STRING),
            new QueryField("weight", QueryField.Type.NUMBER),
            new QueryField("ripe", QueryField.Type.BOOLEAN),
            new QueryField("picked", QueryField.Type.INSTANT));
    private static final List<ListQuery.Order> BY_ID = List.of(new ListQuery.Order(ID, false));
    private static final Cursors CURSORS = new Cursors(new byte[32]);
    private static final ListEvaluator<Fruit> EVALUATOR = new ListEvaluator<>(ListQueryTest::read);
    private static final List<Fruit> FRUITS = List.of(
            new Fruit("a", "apple", 150, true, Instant.parse("2026-09-01T00:00:00Z")),
            new Fruit("b", "banana", 120, false, null),
            new Fruit("c", "cherry", 9, true, Instant.parse("2026-06-01T00:00:00Z")),
            new Fruit("d", "d'anjou pear", 180, false, Instant.parse("2026-10-01T00:00:00Z")));

    private static @Nullable Object read(Fruit fruit, QueryField field) {
        return switch (field.name()) {
            case "id" -> fruit.id();
            case "name" -> fruit.name();
            case "weight" -> BigDecimal.valueOf(fruit.weight());
            case "ripe" -> fruit.ripe();
            case "picked" -> fruit.picked();
            default -> throw new IllegalArgumentException(field.name());
        };
    }

    private static ListQuery query(String... options) {
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            parameters.putSingle(options[i], options[i + 1]);
        }
        UriInfo uri = (UriInfo) Proxy.newProxyInstance(
                UriInfo.class.getClassLoader(), new Class<?>[] {UriInfo.class}, (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "getQueryParameters" -> parameters;
                            case "getPath" -> "fruits";
                            default -> throw new UnsupportedOperationException(method.getName());
                        });
        return ListQuery.of(uri, FIELDS, BY_ID, CURSORS);
    }

    private static String ids(String... options) {
        Page<String> page = EVALUATOR.page(FRUITS, query(options), Fruit::id, CURSORS);
        return String.join("", page.items());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "name eq 'apple'                            | a",
                "name ne 'apple'                            | bcd",
                "weight gt 120                              | ad",
                "weight ge 120 and weight lt 180            | ab",
                "ripe eq true or name eq 'banana'           | abc",
                "not ripe eq true                           | bd",
                "not (ripe eq true or weight gt 150)        | b",
                "name eq 'd''anjou pear'                    | d",
                "contains(name,'an')                        | bd",
                "startswith(name,'ch') or endswith(name,'e')| ac",
                "name in ('apple', 'cherry')                | ac",
                "picked eq null                             | b",
                "picked ne null and picked lt 2026-09-30T00:00:00Z | ac",
                "weight eq 150.0                            | a",
            })
    void filters(String filter, String expected) {
        assertThat(ids("$filter", filter)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "secret eq 'x'      | character 1: expected a field; those that can be filtered are id, name",
                "name eq apple      | a text in single quotes",
                "weight eq 'x'      | a number",
                "ripe eq maybe      | true or false",
                "picked gt today    | an instant such as",
                "name like 'x'      | one of eq, ne, gt, ge, lt, le, in",
                "name eq 'x         | a closing quote",
                "(name eq 'x'       | ')'",
                "name eq 'x' name   | 'and', 'or' or the end",
                "contains(weight,'1') | a text field",
                "name gt null       | eq or ne before null",
            })
    void saysWhereAFilterIsWrong(String filter, String words) {
        assertThatThrownBy(() -> query("$filter", filter))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("$filter is wrong at character")
                .hasMessageContaining(words);
    }

    @Test
    void refusesAFilterThatIsTooLongOrTooDeep() {
        assertThatThrownBy(() -> query("$filter", "(".repeat(50) + "ripe eq true" + ")".repeat(50)))
                .hasMessageContaining("nested at most");
        assertThatThrownBy(() -> query("$filter", "name eq '" + "x".repeat(3000) + "'")).hasMessageContaining("longer than");
    }

    @Test
    void ordersWithATieBreaker() {
        assertThat(ids("$orderby", "weight desc")).isEqualTo("dabc");
        assertThat(ids("$orderby", "ripe desc, name")).isEqualTo("acbd");
        assertThat(ids("$orderby", "picked")).isEqualTo("bcad");
        assertThatThrownBy(() -> query("$orderby", "colour")).hasMessageContaining("fields are id, name");
        assertThatThrownBy(() -> query("$orderby", "name up")).hasMessageContaining("asc or desc");
    }

    @Test
    void walksAllPagesWithoutLossOrRepetition() {
        Random random = new Random(42);
        List<Fruit> many = IntStream.range(0, 997)
                .mapToObj(i -> new Fruit("f" + i, "n" + random.nextInt(5), random.nextInt(10), random.nextBoolean(), null))
                .toList();
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            ListQuery query = cursor == null
                    ? query("$orderby", "weight desc,name", "$top", "100")
                    : query("$orderby", "weight desc,name", "$top", "100", "$skiptoken", cursor);
            Page<String> page = EVALUATOR.page(many, query, Fruit::id, CURSORS);
            seen.addAll(page.items());
            cursor = page.pageInfo().nextCursor();
        } while (cursor != null);
        assertThat(seen).hasSize(997).doesNotHaveDuplicates();
    }

    @Test
    void walksBackTheWayItCame() {
        List<Fruit> many = IntStream.range(0, 47)
                .mapToObj(i -> new Fruit("f" + i, "n" + i % 3, i % 5, true, null))
                .toList();
        String[] options = {"$orderby", "weight desc,name", "$top", "10", "$skiptoken", ""};
        List<List<String>> forth = new ArrayList<>();
        Page<String> page = EVALUATOR.page(many, query("$orderby", "weight desc,name", "$top", "10"), Fruit::id, CURSORS);
        assertThat(page.pageInfo().prevCursor()).isNull();
        forth.add(page.items());
        while (page.pageInfo().nextCursor() != null) {
            options[5] = page.pageInfo().nextCursor();
            page = EVALUATOR.page(many, query(options), Fruit::id, CURSORS);
            forth.add(page.items());
        }
        List<List<String>> back = new ArrayList<>(List.of(page.items()));
        while (page.pageInfo().prevCursor() != null) {
            options[5] = page.pageInfo().prevCursor();
            page = EVALUATOR.page(many, query(options), Fruit::id, CURSORS);
            back.add(page.items());
            assertThat(page.pageInfo().nextCursor()).isNotNull();
        }
        assertThat(forth).hasSize(5);
        assertThat(back).isEqualTo(forth.reversed());
    }

    @Test
    void refusesACursorOfAnotherQueryOrAnotherMaker() {
        String cursor = EVALUATOR.page(FRUITS, query("$top", "2"), Fruit::id, CURSORS).pageInfo().nextCursor();
        assertThat(cursor).isNotNull();
        assertThat(ids("$top", "2", "$skiptoken", String.valueOf(cursor))).isEqualTo("cd");
        assertThatThrownBy(() -> query("$orderby", "name", "$skiptoken", String.valueOf(cursor)))
                .hasMessageContaining("no cursor of this query");
        assertThatThrownBy(() -> query("$skiptoken", "AAAA" + cursor)).hasMessageContaining("no cursor");
        assertThatThrownBy(() -> query("$skiptoken", "!")).hasMessageContaining("no cursor");
        assertThat(new Cursors(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6}).read(query().fingerprint(), String.valueOf(cursor)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "1001", "many", "-1"})
    void limitsThePageSize(String top) {
        assertThatThrownBy(() -> query("$top", top)).hasMessageContaining("between 1 and 1000");
    }

    @Test
    void refusesAnUnknownOption() {
        assertThatThrownBy(() -> query("$expand", "x")).hasMessageContaining("there is no query option $expand");
    }
}
