// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReferenceTest {
    @TempDir
    Path folder;

    private Configurations load(String yaml) throws Exception {
        ConfigLoader loader = new ConfigLoader(Schemas.all(), Map.of(), Map.of());
        Configurations loaded = loader.load(Files.writeString(folder.resolve("x.yaml"), yaml));
        assertThat(loader.warnings()).isEmpty();
        return loaded;
    }

    @Test
    void writesDefaultsThatLoadAsTheyAre() throws Exception {
        String yaml = ConfigReference.yaml(Schemas.all());
        assertThat(load(yaml).singletons().get("web"))
                .containsEntry("host", "127.0.0.1")
                .containsEntry("port", 8087)
                .containsEntry("max_body_bytes", 16_777_216L)
                .containsEntry("compression", true)
                .containsEntry("origins", new String[] {"a", "b,c", "d"})
                .containsEntry("ports", new String[0])
                .containsEntry("password", "")
                .containsEntry("pattern", "C:\\x|\"y\"\nz")
                .doesNotContainKeys("limit", "mode");
        assertThat(yaml).contains("# limit: ", "# mode: ", "    # Where | it binds.\n    # Twice.\n", "Where it is. Required.");
    }

    @Test
    void writesWhatIsSetAndNoSecret() throws Exception {
        Configurations set = load("modules: {web: {port: 1, limit: 5, password: s3cr3t, origins: [x]}, "
                + "llm-openai: {instances: {one: {base_url: 'http://a', api_key: s3cr3t}}}}");
        String yaml = ConfigReference.yaml(Schemas.all(), set);
        assertThat(yaml).doesNotContain("s3cr3t").contains("password: \"***\"", "api_key: \"***\"");
        Configurations again = load(yaml);
        assertThat(again.singletons().get("web")).containsEntry("port", 1).containsEntry("limit", 5)
                .containsEntry("origins", new String[] {"x"});
        assertThat(again.instances().get("llm-openai")).containsOnlyKeys("one");
    }

    @Test
    void writesTablesWhoseCellsStayWhole() {
        String text = ConfigReference.markdown(Schemas.all());
        assertThat(text.lines().filter(line -> line.startsWith("| `")))
                .hasSize(14)
                .allSatisfy(row -> assertThat(row.replace("\\|", "").chars().filter(c -> c == '|').count()).isEqualTo(5));
        assertThat(text).contains("| `host` | string | `\"127.0.0.1\"` | Where \\| it binds. Twice. |")
                .contains("| `ports` | list of integer | `[]` |")
                .contains("| `base_url` | string | required |")
                .contains("`modules.llm-openai.instances`");
    }
}
