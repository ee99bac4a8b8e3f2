package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTest {
    @ParameterizedTest
    @CsvSource({"'jo', join", "'send ', group", "'join g1 ', connection", "'close ', all", "'exists ', user"})
    void completesCommandsAndTheirWords(String typed, String offered) throws IOException {
        assertThat(offers(typed)).contains(offered);
    }

    @ParameterizedTest
    @CsvSource({"'send user ', user", "'broadcast ', user"})
    void offersNothingWhereAnythingMayStand(String typed, String unwanted) throws IOException {
        assertThat(offers(typed)).doesNotContain(unwanted);
    }

    private static List<String> offers(String typed) throws IOException {
        try (var terminal = new DumbTerminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream())) {
            var reader = LineReaderBuilder.builder().terminal(terminal).build();
            var candidates = new ArrayList<Candidate>();
            Completions.ofServer()
                    .complete(
                            reader, reader.getParser().parse(typed, typed.length(), ParseContext.COMPLETE), candidates);
            return candidates.stream().map(Candidate::value).toList();
        }
    }
}
