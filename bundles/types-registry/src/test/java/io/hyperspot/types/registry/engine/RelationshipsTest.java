// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** GTS operation 7. */
class RelationshipsTest {
    private static final String INSTANCE = B + "x.test.ns.i.v1";
    private static final String OTHER = "gts.x.test.ns.other.v1~";

    private static Relationships ref(Relationships from, String path) {
        return Objects.requireNonNull(from.refs().get(path), path);
    }

    @Test
    void followsTypesAndReferences() {
        Documents documents = new Documents()
                .type(OTHER, "type: 'object'")
                .type(A, "properties: {o: {$ref: 'gts://" + OTHER + "'}, r: {'x-gts-ref': 'gts.x.*'}}")
                .derived(B, "")
                .instance("{id: '" + INSTANCE + "', links: [{to: '" + OTHER + "'}], text: 'gts is fine'}");

        Relationships tree = documents.engine.relationships(INSTANCE, documents);

        assertThat(tree.id()).isEqualTo(INSTANCE);
        assertThat(tree.errors()).isEmpty();
        assertThat(tree.refs()).containsOnlyKeys("links[0].to");
        Relationships type = Objects.requireNonNull(tree.type());
        assertThat(type.id()).isEqualTo(B);
        Relationships base = Objects.requireNonNull(type.type());
        assertThat(base.id()).isEqualTo(A);
        assertThat(base.type()).isNull();
        assertThat(base.refs()).containsOnlyKeys("properties.o.$ref");
    }

    @Test
    void saysWhatIsNotThere() {
        Documents documents = new Documents()
                .type(A, "properties: {o: {$ref: 'gts://" + OTHER + "'}}")
                .instance("{id: '4711', type: '" + B + "', to: '" + OTHER + "'}");

        assertThat(documents.engine.relationships("nobody", documents).errors()).singleElement().asString().contains("nobody");
        assertThat(ref(documents.engine.relationships(A, documents), "properties.o.$ref").errors())
                .singleElement()
                .asString()
                .contains(OTHER);
        Relationships instance = documents.engine.relationships("4711", documents);
        assertThat(instance.errors()).singleElement().asString().contains(B);
        assertThat(ref(instance, "to").errors()).isNotEmpty();
    }

    @Test
    void opensACycleOnce() {
        Documents documents = new Documents()
                .type(A, "properties: {o: {$ref: 'gts://" + OTHER + "'}}")
                .type(OTHER, "properties: {a: {$ref: 'gts://" + A + "'}, self: {$ref: 'gts://" + OTHER + "'}}");

        Relationships other = ref(documents.engine.relationships(A, documents), "properties.o.$ref");

        assertThat(ref(other, "properties.a.$ref"))
                .isEqualTo(new Relationships(A, java.util.Map.of(), null, java.util.List.of()));
    }

    @Test
    void endsInALongChainOfReferences() {
        Documents documents = new Documents();
        for (int i = 0; i < 3_000; i++) {
            documents.type("gts.x.test.ns.t" + i + ".v1~", "properties: {next: {$ref: 'gts://gts.x.test.ns.t" + (i + 1) + ".v1~'}}");
        }

        Relationships node = documents.engine.relationships("gts.x.test.ns.t0.v1~", documents);
        int depth = 0;
        while (!node.refs().isEmpty()) {
            node = node.refs().values().iterator().next();
            depth++;
        }
        assertThat(depth).isEqualTo(1_000);
    }
}
