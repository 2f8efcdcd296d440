using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Topics;

public sealed class TopicPlaceTests
{
    public static TheoryData<TopicPlace> Places =>
        [TopicPlace.After(0), TopicPlace.After(1200), TopicPlace.From(At(0.1234567)), new TopicPlace(9, new ReplayPlace(At(3), 7))];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_place_that_was_printed_is_read_back(TopicPlace place) => Assert.Equal(place, TopicPlace.Parse($"{place}"));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("twelve")]
    [InlineData("2026-04-01T06:00+09:00")]
    [InlineData("2026-04-01T06:00:00.0000000Z/7")]
    [InlineData("yesterday/1/2")]
    public void Anything_else_is_no_place(string text) => Assert.Null(TopicPlace.Parse(text));
}
