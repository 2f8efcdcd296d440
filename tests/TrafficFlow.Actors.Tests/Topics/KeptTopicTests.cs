using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;
using static TrafficFlow.Actors.Tests.Topics.PublishedJourneys;

namespace TrafficFlow.Actors.Tests.Topics;

public sealed class KeptTopicTests
{
    private static readonly KeptTopic Journeys = KeptTopic.Of("journeys.kokandori")!;

    [Theory]
    [InlineData("flow.kokandori.north", true)]
    [InlineData("journeys.kokandori", true)]
    [InlineData("flow.kokandori.north.live", false)]
    [InlineData("health.kokandori.cam1", false)]
    public void Closed_bins_and_journeys_are_kept(string topic, bool isKept) => Assert.Equal(isKept, KeptTopic.Of(topic) is not null);

    [Fact]
    public void A_journey_of_a_replay_says_how_far_the_replay_has_come_and_where_it_ends()
    {
        var asked = TopicPlace.From(At(0));
        var page = Journeys.Page(Page(asked, new TopicPlace(9, new ReplayPlace(At(2), 5)), more: true, last: 9, Ended(7, 1), Ended(5, 2)), asked)!;

        Assert.Equal([new TopicPlace(9, new ReplayPlace(At(1), 7)), new TopicPlace(9, new ReplayPlace(At(2), 5))], page.Messages.Select(m => m.Place));
    }

    [Fact]
    public void The_last_page_of_a_replay_is_still_of_the_replay()
    {
        var asked = new TopicPlace(9, new ReplayPlace(At(2), 5));
        var page = Journeys.Page(Page(asked, TopicPlace.After(9), more: false, last: 9, Ended(3, 4)), asked)!;

        Assert.Equal((new TopicPlace(9, new ReplayPlace(At(4), 3)), TopicPlace.After(9)), (page.Messages[0].Place, page.Reached));
    }

    [Fact]
    public void Behind_a_replay_a_journey_is_known_by_its_cursor()
    {
        var asked = TopicPlace.After(9);

        Assert.Equal(TopicPlace.After(10), Journeys.Page(Page(asked, TopicPlace.After(10), more: false, last: 10, Ended(10, 4)), asked)!.Messages[0].Place);
        Assert.Equal(TopicPlace.After(11), Journeys.Published(Ended(11, 5))!.Place);
    }

    [Fact]
    public void An_answer_to_an_earlier_question_is_none() =>
        Assert.Null(Journeys.Page(Page(TopicPlace.From(At(0)), TopicPlace.After(9), more: false, last: 9), new TopicPlace(8, new ReplayPlace(At(2), 5))));

    [Fact]
    public void What_a_roadside_node_of_an_older_version_publishes_comes_again_from_the_server() => Assert.Null(Journeys.Published(Ended(0, 5)));
}
