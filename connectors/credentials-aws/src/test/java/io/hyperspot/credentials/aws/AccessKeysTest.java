// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import static io.hyperspot.credentials.aws.Fixture.KEY;
import static io.hyperspot.credentials.aws.Fixture.KEY_ID;
import static io.hyperspot.credentials.aws.Fixture.problem;
import static io.hyperspot.credentials.aws.Fixture.slot;
import static io.hyperspot.credentials.aws.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.credentials.aws.FakeAws.Known;
import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where access keys come from, against a local server that knows some and recomputes signatures; not the real product. */
@Timeout(60)
class AccessKeysTest {
    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static void assertDenied(AwsWorker worker, String why) {
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.code()).isEqualTo("AWS_DENIED");
        assertThat(e).rootCause().hasMessageContaining(why);
    }

    @Test
    void followsTheSecretThatTheConfigurationRefersTo() {
        AtomicReference<String> secret = new AtomicReference<>("old");
        fixture.secrets = configured -> new ConfiguredSecret("aws-key", secret::get);
        AwsWorker worker = fixture.worker();
        assertDenied(worker, "InvalidSignatureException");
        secret.set(KEY + "\n");
        assertThat(text(worker, 1)).isEmpty();
    }

    /** What gives secrets follows the workers that keep them: whoever asks for it while it starts waits for itself. */
    @Test
    void asksForConfiguredSecretsWhenAKeyIsNeededOnly() {
        fixture.secrets = null;
        AwsWorker worker = fixture.worker();
        assertThat(worker.store()).isEqualTo("aws");
        assertThat(worker.isWritable()).isTrue();
        assertDenied(worker, "cannot be read now");
        fixture.secrets = ConfiguredSecrets.literal();
        assertThat(text(worker, 1)).isEmpty();
        assertThat(text(worker, 1)).isEmpty();
        assertThat(fixture.holders).hasValue(1);
    }

    /** Whoever may use a secret needs not know what those of the root tenant are called. */
    @Test
    void tellsTheOperatorAloneWhichSecretIsMissing() {
        fixture.secrets = configured -> new ConfiguredSecret("aws-key", () -> {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "SECRET_UNRESOLVED", "the secret 'aws-key' cannot be read");
        });
        AwsWorker worker = fixture.worker();
        assertDenied(worker, "'aws-key'");
        assertThat(problem(() -> worker.get(slot(1)))).hasMessageNotContaining("aws-key");
        assertThat(worker.health().reason()).doesNotContain("aws-key");
    }

    @Test
    void saysThatAReferenceIsMalformed() {
        fixture.secrets = configured -> {
            throw new IllegalArgumentException("a reference to a secret is ${secret:NAME}");
        };
        assertDenied(fixture.worker(), "a reference to a secret is");
    }

    @Test
    void refusesAReferenceToASecretOfThisStore() {
        AtomicReference<AwsWorker> self = new AtomicReference<>();
        fixture.secrets = configured -> new ConfiguredSecret("aws-key", () -> text(Objects.requireNonNull(self.get()), 1).orElse(""));
        AwsWorker worker = fixture.worker();
        self.set(worker);
        assertDenied(worker, "keep it in another store");
    }

    @Test
    void signsWithATemporaryKey() {
        fixture.aws.keys.put("ASIATEMPORARY", new Known("temporary-7731", "session/7731=="));
        assertThat(text(
                        fixture.worker(Map.of(
                                "access_key_id", "ASIATEMPORARY",
                                "secret_access_key", "temporary-7731",
                                "session_token", "session/7731==")),
                        1))
                .isEmpty();
        assertDenied(
                fixture.worker(Map.of("access_key_id", "ASIATEMPORARY", "secret_access_key", "temporary-7731")), "ExpiredTokenException");
    }

    @Test
    void takesTheKeyOfTheEnvironment() {
        AwsWorker worker = fixture.worker(Map.of("credentials", "environment"));
        assertDenied(worker, "the environment");
        fixture.environment.put("AWS_ACCESS_KEY_ID", KEY_ID);
        fixture.environment.put("AWS_SECRET_ACCESS_KEY", KEY);
        assertThat(text(worker, 1)).isEmpty();
    }

    @Test
    void takesTheKeyOfAProfileAndFollowsTheFile() throws Exception {
        Path file = folder.resolve("credentials");
        AwsWorker worker = fixture.worker(
                Map.of("credentials", "file", "credentials_file", file.toString(), "profile", "hyperspot"));
        assertDenied(worker, "NoSuchFileException");
        Files.writeString(file, """
                [default]
                aws_access_key_id = AKIDOTHER
                aws_secret_access_key = other-7731
                [hyperspot]
                # aws_access_key_id = AKIDOTHER
                aws_access_key_id=%s
                  aws_secret_access_key =   %s
                [last]
                aws_session_token = 7731
                """.formatted(KEY_ID, KEY));
        assertThat(text(worker, 1)).isEmpty();
        Files.writeString(file, "[hyperspot]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = other-7731\n");
        assertDenied(worker, "UnrecognizedClientException");
        Files.writeString(file, "[other]\naws_access_key_id = AKIDOTHER\n");
        assertDenied(worker, "the profile hyperspot");
    }

    @Test
    void takesNoKeyWithControlCharacters() {
        fixture.environment.put("AWS_ACCESS_KEY_ID", KEY_ID);
        fixture.environment.put("AWS_SECRET_ACCESS_KEY", KEY);
        fixture.environment.put("AWS_SESSION_TOKEN", "a\r\nx-7731: b");
        assertDenied(fixture.worker(Map.of("credentials", "environment")), "no access key");
    }

    @Test
    void saysThatTheKeyIsNotKnown() {
        assertDenied(fixture.worker(Map.of("access_key_id", "AKIDOTHER")), "check the access key");
    }
}
