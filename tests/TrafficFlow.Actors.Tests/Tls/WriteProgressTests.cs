using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Actors.Tests.Tls;

/// <summary>Which link is ended because its peer takes nothing.</summary>
public sealed class WriteProgressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ManualTime _time = new(TestSites.Morning);
    private readonly WriteProgress _progress;

    public WriteProgressTests() => _progress = new WriteProgress(_time, 1000, Patience);

    [Fact]
    public void Much_that_waits_for_long_is_stuck()
    {
        _progress.Queued(2000);
        Assert.False(_progress.IsStuck);

        _time.Advance(Patience + TimeSpan.FromSeconds(1));
        Assert.True(_progress.IsStuck);
    }

    [Fact]
    public void A_burst_after_a_long_silence_is_not()
    {
        _progress.Queued(10);
        _progress.Taken(10);
        _time.Advance(TimeSpan.FromHours(1));

        _progress.Queued(2000);

        Assert.False(_progress.IsStuck);
    }

    [Fact]
    public void A_slow_peer_that_takes_something_is_not_nor_is_one_with_little()
    {
        _progress.Queued(5000);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(Patience - TimeSpan.FromSeconds(1));
            _progress.Taken(1000);
            Assert.False(_progress.IsStuck);
        }

        _progress.Taken(1500);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_progress.IsStuck);
        Assert.Equal(500, _progress.WaitingBytes);
    }
}
