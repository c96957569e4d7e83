// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When types are compiled. */
class ValidatorsTest {
    private static final String OTHER = "gts.x.test.ns.other.v1~";

    private final Validators validators = new Validators(GtsProfile.V0_11);
    private final Documents documents = new Documents()
            .type(OTHER, "type: 'string', maxLength: 3")
            .type(A, "properties: {a: {$ref: 'gts://" + OTHER + "'}}")
            .derived(B, "");

    private Validator validator(String key) throws UnresolvedException {
        return validators.of(documents.get(key), documents);
    }

    @Test
    void compilesATypeOnceWhileNothingItRefersToChanges() throws Exception {
        Validator first = validator(B);

        assertThat(validator(B)).isSameAs(first);
        documents.type("gts.x.test.ns.unrelated.v1~", "type: 'object'").instance("{id: '4711'}");
        assertThat(validator(B)).as("another generation").isSameAs(first);
    }

    @Test
    void compilesATypeAgainWhenOneItRefersToChanges() throws Exception {
        Validator first = validator(B);
        assertThat(first.validate(Documents.json("{a: 'abcd'}"))).isNotEmpty();

        documents.type(OTHER, "type: 'string', maxLength: 4");

        assertThat(validator(B)).isNotSameAs(first);
        assertThat(validator(B).validate(Documents.json("{a: 'abcd'}"))).isEmpty();
        assertThat(documents.wrong(B, "{a: 'abcde'}")).isNotEmpty();
    }

    @Test
    void noticesThatWhatATypeRefersToComesAndGoes() {
        documents.remove(OTHER);
        assertThat(documents.wrong(B, "{a: 'abc'}")).singleElement().asString().contains(OTHER);

        documents.type(OTHER, "type: 'string', maxLength: 3");
        assertThat(documents.wrong(B, "{a: 'abc'}")).isEmpty();

        documents.remove(OTHER);
        assertThat(documents.wrong(B, "{a: 'abc'}")).isNotEmpty();
    }

    @Test
    void forgetsTypesThatAreGone() throws Exception {
        Validator a = validator(A);
        Validator b = validator(B);

        validators.retain(document -> document == documents.get(B));

        assertThat(validator(B)).isSameAs(b);
        assertThat(validator(A)).isNotSameAs(a);
    }

    @Test
    void servesManyThreadsAtOnce() {
        AtomicInteger wrong = new AtomicInteger();
        IntStream.range(0, 2_000).parallel().forEach(i -> {
            boolean valid = documents.wrong(B, i % 2 == 0 ? "{a: 'abc'}" : "{a: 'abcd'}").isEmpty();
            if (valid != (i % 2 == 0)) {
                wrong.incrementAndGet();
            }
        });
        assertThat(wrong).hasValue(0);
    }
}
