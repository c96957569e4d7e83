package acme.echo;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys under {@code modules.acme-echo}. */
@ObjectClassDefinition(name = "acme-echo", description = "A parrot.")
@interface EchoConfig {
    @AttributeDefinition(name = "prefix", description = "What every answer begins with.")
    String prefix() default "";
}
