package fable.llm;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One endpoint of Fable, under {@code modules.fable-llm.instances}. */
@ObjectClassDefinition(
        name = "fable-llm",
        description = "Fable's models; the instance's name is the first part of their ids.")
@interface FableConfig {
    @AttributeDefinition(name = "base_url", description = "Where the API begins.")
    String base__url() default "https://api.fable.example/v2";

    // The underscore in front keeps the value out of the service registry.
    @AttributeDefinition(
            name = "api_key",
            description = "Fable's key. Best as ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _api__key();

    @AttributeDefinition(name = "models", description = "Names of the models to offer.")
    String[] models() default {"story"};

    @AttributeDefinition(name = "timeout_seconds", description = "Until the answer must begin.", min = "1")
    int timeout__seconds() default 60;
}
