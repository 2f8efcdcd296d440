using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

public sealed class CameraLogTests
{
    private CameraLog _log = CameraLog.Empty;

    [Fact]
    public void What_concerns_others_between_two_entries_is_known_and_a_long_way_without_any_is_not()
    {
        Take(1, 100, 1, 50, 100);
        Take(1, 10_050, 10_000, 10_050);

        Assert.True(Knows(1, 30));
        Assert.False(Knows(1, 5_000));
        Assert.False(Knows(1, 9_999));
        Assert.True(Knows(1, 10_020));
        Assert.False(Knows(1, 10_051));
        Assert.Equal(new LogPosition(1, 10_050), _log.HighWater);
    }

    [Fact]
    public void What_fills_a_gap_is_known_once_it_came()
    {
        Take(1, 10, 10);
        Take(1, 1_000_000);
        Take(1, 20, 11, 20);

        Assert.True(Knows(1, 20));
        Assert.True(Knows(1, 15));
        Assert.False(Knows(1, 21));
        Assert.Equal(new LogPosition(1, 1_000_000), _log.HighWater);
    }

    [Fact]
    public void Each_epoch_has_a_mark_of_its_own_and_only_the_newest_are_kept()
    {
        Take(100, 3, 3);
        Take(50, 2, 2);
        Assert.True(Knows(50, 2));
        Assert.False(Knows(50, 3));
        Assert.False(_log.Reaches(new LogPosition(50, 3)));
        Assert.Equal(new LogPosition(50, 2), _log.LastBefore(new LogPosition(60, 9)));

        for (var epoch = 101; epoch < 165; epoch++) Take(epoch, 1, 1);

        Assert.Equal(64, _log.Epochs.Length);
        Assert.True(Knows(50, 3));
        Assert.True(_log.Reaches(new LogPosition(100, 4)));
        Assert.Equal(100, _log.KnownThrough);
    }

    [Fact]
    public void A_log_of_an_older_version_knows_all_before_its_mark()
    {
        _log = CameraLog.Of(new LogPosition(7, 9));

        Assert.True(Knows(6, 1_000));
        Assert.True(Knows(7, 9));
        Assert.False(Knows(7, 10));
        Assert.Equal(CameraLog.Empty, CameraLog.Of(LogPosition.Start));
    }

    [Fact]
    public void It_is_set_back_and_forward()
    {
        Take(7, 9, 9);
        Take(9_000, 5, 5);

        Assert.Equal(new LogPosition(7, 9), _log.Plausible(8_000));
        _log = _log.SetTo(new LogPosition(7, 4));
        Assert.True(Knows(7, 4));
        Assert.False(Knows(7, 5));
        Assert.False(Knows(9_000, 5));
        _log = _log.SetTo(new LogPosition(10_000, 0));
        Assert.True(Knows(7, 4));
        Assert.False(Knows(10_000, 1));
        _log = _log.SetTo(LogPosition.Start);
        Assert.False(Knows(7, 1));
    }

    [Fact]
    public void Where_a_mark_ran_ahead_in_an_epoch_the_way_up_to_there_is_plausible()
    {
        Take(7, 9, 9);
        Take(7, 5_000_000, 5_000_000);

        Assert.Equal(new LogPosition(7, 9), _log.Plausible(8_000));
    }

    private bool Knows(long epoch, long sequence) => _log.Knows(new LogPosition(epoch, sequence));

    private void Take(long epoch, long upTo, params IReadOnlyList<long> entries) =>
        _log = _log.Take(new LogPosition(epoch, upTo), [.. entries.Select(e => Car(e, 1))], At(0));
}
