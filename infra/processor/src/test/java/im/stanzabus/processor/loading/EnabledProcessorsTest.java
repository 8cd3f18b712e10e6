package im.stanzabus.processor.loading;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.ProcessorFactory;
import im.stanzabus.processor.WrongSetting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The factories of `META-INF/services` beside this test, some of which are no good.
class EnabledProcessorsTest {
    private static final Processor NOTHING = new Processor() {};

    private final List<String> mistakes = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();

    /// Has two settings.
    public static final class Good implements ProcessorFactory {
        private static final ThreadLocal<Map<String, String>> MADE_WITH = new ThreadLocal<>();

        @Override
        public ProcessorDescriptor descriptor() {
            return ProcessorDescriptor.named("good")
                    .order(2)
                    .setting("how-many", "3")
                    .setting("what", "words")
                    .build();
        }

        @Override
        public Processor create(Map<String, String> settings) {
            MADE_WITH.set(settings);
            if (!settings.get("how-many").matches("[0-9]+")) {
                throw new WrongSetting("how-many", "must be a whole number");
            }
            return NOTHING;
        }
    }

    /// Cannot make its processor.
    public static final class Makeless implements ProcessorFactory {
        @Override
        public ProcessorDescriptor descriptor() {
            return ProcessorDescriptor.named("makeless").build();
        }

        @Override
        public Processor create(Map<String, String> settings) {
            throw new NoClassDefFoundError("org/example/Library");
        }
    }

    /// Has the name of another one.
    public static final class Namesake implements ProcessorFactory {
        @Override
        public ProcessorDescriptor descriptor() {
            return ProcessorDescriptor.named("good").build();
        }

        @Override
        public Processor create(Map<String, String> settings) {
            return NOTHING;
        }
    }

    /// Is not even told its name.
    public static final class Stillborn implements ProcessorFactory {
        public Stillborn() {
            throw new IllegalStateException("not today");
        }

        @Override
        public ProcessorDescriptor descriptor() {
            return ProcessorDescriptor.named("stillborn").build();
        }

        @Override
        public Processor create(Map<String, String> settings) {
            return NOTHING;
        }
    }

    private ProcessorChain load(String... names) {
        return EnabledProcessors.load(List.of(names), mistakes::add, name -> new SettingReader() {
            @Override
            public String text(String setting, String defaultValue) {
                return settings.getOrDefault(name + '.' + setting, defaultValue);
            }

            @Override
            public void error(String setting, String message) {
                mistakes.add(name + '.' + setting + ": " + message);
            }
        });
    }

    @Test
    void whereNoneIsNamedNobodyLooks() {
        assertThat(load().all()).isEmpty();
        assertThat(mistakes).isEmpty();
    }

    @Test
    void oneThatIsNamedIsMadeWithItsSettings() {
        settings.put("good.how-many", "7");

        assertThat(load("good").all())
                .singleElement()
                .satisfies(loaded -> assertThat(loaded.descriptor().order()).isEqualTo(2));
        assertThat(Good.MADE_WITH.get()).isEqualTo(Map.of("how-many", "7", "what", "words"));
    }

    @Test
    void whatIsBrokenOnTheClassPathIsToldAndHidesNothing() {
        load("good");

        assertThat(mistakes)
                .hasSize(3)
                .anyMatch(mistake -> mistake.contains("Stillborn") && mistake.contains("not today"))
                .anyMatch(mistake -> mistake.contains("im.stanzabus.processor.loading.NoSuchFactory"))
                .contains("two processors on the class path are called 'good': " + Good.class.getName() + " and "
                        + Namesake.class.getName());
    }

    @Test
    void mistakesOfTheOperatorAreTold() {
        settings.put("good.how-many", "many");

        assertThat(load("good", "god", "makeless").all()).isEmpty();
        assertThat(mistakes)
                .contains("good.how-many: must be a whole number")
                .contains("there is no processor 'god' on the class path; there are: good, makeless")
                .contains("processor 'makeless' cannot be made: java.lang.NoClassDefFoundError: org/example/Library");
    }

    @Test
    void aNameIsGivenOnce() {
        assertThat(load("good", "good").all()).hasSize(1);
        assertThat(mistakes).contains("'good' is given twice");
    }
}
