using TrafficFlow.Roadside.Outbox;

namespace TrafficFlow.Actors.Tests.Delivery;

public sealed class OutboxBoundTests
{
    private static readonly OutboxSettings Settings = new()
    {
        MaxEntries = 1000,
        AlarmAt = 0.8,
        LowDiskBytes = 100,
        LowDiskEntries = 50,
    };

    private long _free = long.MaxValue;

    [Fact]
    public void The_alarm_sounds_before_the_bound_and_again_with_each_twentieth()
    {
        var bound = new OutboxBound(Settings, () => _free);

        Assert.Null(bound.Alarm(799));
        Assert.Contains("80 % full", bound.Alarm(800));
        Assert.Null(bound.Alarm(849));
        Assert.Contains("85 % full", bound.Alarm(850));
    }

    [Fact]
    public void Once_it_has_drained_the_alarm_is_new_again()
    {
        var bound = new OutboxBound(Settings, () => _free);
        bound.Alarm(900);

        Assert.Null(bound.Alarm(10));
        Assert.NotNull(bound.Alarm(801));
    }

    [Theory]
    [InlineData(400, 400)]
    [InlineData(20, 50)]
    public void A_disk_that_runs_full_freezes_the_backlog_but_leaves_room_for_a_little(long pending, int entries)
    {
        var bound = new OutboxBound(Settings, () => _free);
        _free = 99;
        bound.CheckDisk(pending);

        Assert.Equal(entries, bound.Entries);
        Assert.Contains("MB of disk left", bound.Alarm(pending));
        // Later looks find more pending: that is no reason to let it grow.
        bound.CheckDisk(pending + 30);
        Assert.Equal(entries, bound.Entries);
    }

    [Fact]
    public void Freed_space_lifts_the_bound()
    {
        var bound = new OutboxBound(Settings, () => _free);
        _free = 99;
        bound.CheckDisk(60);
        _free = 100;
        bound.CheckDisk(60);

        Assert.Equal(1000, bound.Entries);
    }
}
