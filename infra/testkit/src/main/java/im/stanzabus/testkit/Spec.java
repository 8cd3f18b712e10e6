package im.stanzabus.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The section of a specification that a test proves.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Spec.All.class)
public @interface Spec {
    /// Such as `RFC6121` or `XEP-0280`.
    String doc();

    /// The sections' numbers.
    String[] section();

    /// More than one.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface All {
        /// In no order.
        Spec[] value();
    }
}
