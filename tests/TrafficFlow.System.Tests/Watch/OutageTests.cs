using TrafficFlow.Node.Watch;
using TrafficFlow.SystemTests.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

public sealed class OutageTests
{
    private readonly List<string> _notes = [];
    private readonly HandClock _time = new();

    [Fact]
    public void An_outage_is_told_once_and_each_new_reason_of_it_once()
    {
        var outage = New();
        foreach (var reason in new[] { "it broke off", "it broke off", "nothing listens there", "it broke off", "nothing listens there", "it refuses: come again later" })
        {
            outage.Begin(reason);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        outage.End();
        outage.End();
        outage.Begin("it broke off");

        Assert.Equal(
            [
                "it broke off. Watching goes on when the server is back; Ctrl-C ends it", "still away after 4 s: nothing listens there", "still away after 10 s: it refuses: come again later",
                "connected again after 12 s; nothing of flow.demo.north is missed", "it broke off. Watching goes on when the server is back; Ctrl-C ends it",
            ],
            _notes);
    }

    [Fact]
    public void A_server_that_says_another_thing_each_time_does_not_fill_the_screen()
    {
        var outage = New();
        for (var i = 0; i < 1_000; i++) outage.Begin($"come again in {i} s");

        Assert.InRange(_notes.Count, 2, 10);
    }

    private Outage New() => new(_notes.Add, () => [("flow.demo.north", Wire.Topics.TopicPlace.Parse("7"))], _time);
}
