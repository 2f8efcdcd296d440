using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Subscriptions;

public sealed class OpenStreamsTests
{
    private static readonly SubscriptionLimits s_limits = SubscriptionLimits.Default with { Streams = 8, StreamsOfToken = 3 };

    [Fact]
    public void Many_tokens_together_have_only_so_many_connections()
    {
        var streams = new OpenStreams(s_limits);
        var most = OpenStreams.MostConnections(s_limits);
        for (var i = 0; i < most; i++) Assert.Null(streams.Connect(Token(i / 3)));

        Assert.Equal("too many connections are open at this server already", streams.Connect(Token(1_000)));
        streams.Disconnect(Token(0));
        Assert.Null(streams.Connect(Token(1_000)));
        Assert.NotNull(streams.Connect(Token(1_001)));
    }

    [Fact]
    public void One_token_has_a_few_more_connections_than_streams()
    {
        var streams = new OpenStreams(s_limits);
        var open = Enumerable.Range(0, 20).TakeWhile(_ => streams.Connect(Token(1)) is null).Count();

        Assert.InRange(open, s_limits.StreamsOfToken + 1, s_limits.StreamsOfToken + 8);
        Assert.Contains("with the token reader-1 already", streams.Connect(Token(1)), StringComparison.Ordinal);
        Assert.Null(streams.Connect(Token(2)));
    }

    private static SubscriberToken Token(int number) => new($"reader-{number}", $"{number:x64}", TopicScope.Parse(["health.demo.*"], out _)!, DateTimeOffset.MaxValue, default, "unix:tester");
}
