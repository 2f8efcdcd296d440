using TrafficFlow.Web.Streams;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Streams;

public sealed class EventWindowTests
{
    private readonly EventWindow _window = new(4);

    [Fact]
    public void Where_it_began_with_the_newest_ones_it_knows_only_what_follows_without_a_gap()
    {
        foreach (var cursor in new[] { 90, 98, 99 }) Add(cursor);

        Assert.Null(After(90));
        Assert.Null(After(96));
        Assert.Equal(1, After(97));
        Assert.Equal(2, After(98));
        Assert.Equal(3, After(99));
        Assert.Null(After(100));
    }

    [Fact]
    public void A_new_reader_is_told_the_newest_of_each_series_that_has_not_ended()
    {
        foreach (var (text, series, isOver) in new[] { ("a1", "a", false), ("b1", "b", false), ("a2", "a", false), ("b2", "b", true) })
            _window.Add(new TopicEvent(System.Text.Encoding.ASCII.GetBytes(text), null, series) { EndsSeries = isOver });

        Assert.Equal(["a2"], _window.Newest.Select(e => System.Text.Encoding.ASCII.GetString(e.Bytes.Span)));
    }

    [Fact]
    public void Where_it_began_at_a_place_nothing_is_missing_from_there_on()
    {
        _window.BeginAt(TopicPlace.After(7));
        Assert.Equal(0, After(7));
        Assert.Null(After(8));

        // Cursors may leave out what was purged.
        Add(9);

        Assert.Equal(0, After(7));
        Assert.Equal(0, After(8));
        Assert.Null(After(6));
    }

    [Fact]
    public void What_was_evicted_can_no_longer_be_gone_on_from()
    {
        for (var cursor = 1; cursor <= 6; cursor++) Add(cursor);

        Assert.Null(After(1));
        Assert.Equal(2, After(2));
        Assert.Equal((2L, 6L, 6L), (_window.First, _window.End, _window.Last!.Value));
    }

    [Fact]
    public void A_new_reader_is_told_the_newest_of_each_series_in_order()
    {
        Add(1, "60");
        Add(2, "5");
        Add(3, "1");
        Add(4, "5");

        Assert.Equal(["1", "3", "4"], _window.Newest.Select(e => e.Place!.ToString()));
    }

    [Fact]
    public void A_place_inside_a_replay_is_read_from_the_tables()
    {
        Add(1);
        Assert.Null(_window.After(new TopicPlace(1, new ReplayPlace(DateTimeOffset.UnixEpoch, 1))));
    }

    private void Add(long cursor, string? series = null) => _window.Add(new TopicEvent(ReadOnlyMemory<byte>.Empty, TopicPlace.After(cursor), series));

    private long? After(long cursor) => _window.After(TopicPlace.After(cursor));
}
