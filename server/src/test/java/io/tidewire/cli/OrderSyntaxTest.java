package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.cli.Order.Whom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrderSyntaxTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("send user ClientA", new Order.Send(Whom.USER, List.of("ClientA"), null)),
                Arguments.of(
                        "  SEND  user  ann   Hello \"you\"  there ",
                        new Order.Send(Whom.USER, List.of("ann"), "Hello \"you\"  there")),
                Arguments.of("send users ann, bob", new Order.Send(Whom.USER, List.of("ann"), "bob")),
                Arguments.of("send users ann,,bob hi", new Order.Send(Whom.USER, List.of("ann", "bob"), "hi")),
                Arguments.of("send group \"my group\" hi", new Order.Send(Whom.GROUP, List.of("my group"), "hi")),
                Arguments.of("send groups a,b", new Order.Send(Whom.GROUP, List.of("a", "b"), null)),
                Arguments.of("send connection c1 hi", new Order.Send(Whom.CONNECTION, List.of("c1"), "hi")),
                Arguments.of("broadcast", new Order.Send(Whom.ALL, List.of(), null)),
                Arguments.of("broadcast a b", new Order.Send(Whom.ALL, List.of(), "a b")),
                Arguments.of("join g user ann", new Order.Join("g", Whom.USER, "ann")),
                Arguments.of("leave g connection c1", new Order.Leave("g", Whom.CONNECTION, "c1")),
                Arguments.of("close connection c1 go away", new Order.Close(Whom.CONNECTION, "c1", "go away")),
                Arguments.of("close all", new Order.Close(Whom.ALL, "", null)),
                Arguments.of("close all enough", new Order.Close(Whom.ALL, "", "enough")),
                Arguments.of("exists group g", new Order.Exists(Whom.GROUP, "g")),
                Arguments.of("exists user ann in g", new Order.InGroup("ann", "g")),
                Arguments.of("target move", new Order.Target("move")),
                Arguments.of("help", new Order.Help()),
                Arguments.of("quit", new Order.Quit()));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void reads(String line, Order order) throws Exception {
        assertThat(OrderSyntax.parse(line)).isEqualTo(order);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    sned user ann         | there is no command 'sned'
                    send                  | expected user, users, group, groups or connection
                    send all hi           | send needs user, users, group, groups or connection, not 'all'
                    send user             | expected whom to send to
                    send users ,          | send needs an id
                    send user "ann        | a closing " is missing
                    join g all            | expected user or connection, not 'all'
                    join g user ann bob   | 'bob' is too much
                    exists group g in h   | only 'exists user <id> in <group>'
                    target a b            | 'b' is too much
                    """)
    void saysWhatIsExpected(String line, String message) {
        assertThatThrownBy(() -> OrderSyntax.parse(line))
                .isInstanceOf(WrongOrder.class)
                .hasMessageContaining(message);
    }

    @Test
    void theHelpNamesEveryCommandThatIsRead() {
        assertThat(OrderSyntax.HELP)
                .contains("send user", "broadcast", "join", "leave", "close", "exists", "target", "help", "quit");
    }
}
