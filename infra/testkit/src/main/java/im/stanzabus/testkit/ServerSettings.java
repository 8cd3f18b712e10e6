package im.stanzabus.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What the server of a test class is configured with, where that is not the usual.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Inherited
public @interface ServerSettings {
    /// YAML; a section `c2s-gateway` replaces the usual one and must set its ports to 0.
    String value();

    /// What the configuration refers to.
    Class<? extends FolderSetup> files() default FolderSetup.None.class;
}
