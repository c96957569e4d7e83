// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Modules to configure, as bnd describes them. */
final class Schemas {
    static final String DOCUMENT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0" localization="OSGI-INF/l10n/x">
              <OCD id="x.WebConfig" name="web" description="The HTTP server.">
                <AD id="host" type="String" name="host" description="Where | it binds.&#10;Twice." default="127.0.0.1"/>
                <AD id="port" type="Integer" name="port" description="TCP port." min="0" max="65535" default="8087"/>
                <AD id="max_body_bytes" type="Long" name="max_body_bytes" description="Largest body." min="1" default="16777216"/>
                <AD id="ratio" type="Double" name="ratio" description="A ratio." max="1" default="0.5"/>
                <AD id="compression" type="Boolean" name="compression" description="Whether gzip." default="true"/>
                <AD id="origins" type="String" cardinality="2147483647" name="origins" description="Origins." default="a,b\\,c , d"/>
                <AD id="ports" type="Integer" cardinality="8" name="ports" description="More ports." default=""/>
                <AD id="level" type="String" name="level" description="How much." default="INFO">
                  <Option label="info" value="INFO"/>
                  <Option label="debug" value="DEBUG"/>
                </AD>
                <AD id="password" type="Password" name="password" description="Its password." default=""/>
                <AD id="pattern" type="String" name="pattern" description="A pattern." default="C:\\\\x|&quot;y&quot;&#10;z"/>
                <AD id="limit" type="Integer" required="false" name="limit" description="No default."/>
                <AD id="mode" type="String" required="false" name="mode" description="No default either.">
                  <Option label="a" value="a"/>
                </AD>
              </OCD>
              <OCD id="x.ModelConfig" name="llm-openai" description="Providers.">
                <AD id="base_url" type="String" name="base_url" description="Where it is."/>
                <AD id="api_key" type="Password" name="api_key" description="Its key." default=""/>
                <AD id="instance.name" type="String" name="instance.name" description="Set by us." default=""/>
              </OCD>
              <OCD id="x.Unused" name="unused" description="No designate."/>
              <Designate pid="web">
                <Object ocdref="x.WebConfig"/>
              </Designate>
              <Designate factoryPid="llm-openai">
                <Object ocdref="x.ModelConfig"/>
              </Designate>
              <Designate pid="lost">
                <Object ocdref="x.NotThere"/>
              </Designate>
            </metatype:MetaData>
            """;

    private Schemas() {}

    static List<ModuleSchema> all() {
        try {
            return new MetatypeReader().read(new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
