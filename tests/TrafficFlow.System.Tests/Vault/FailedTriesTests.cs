using System.Net;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class FailedTriesTests
{
    private static readonly IPAddress s_one = IPAddress.Parse("192.0.2.1");

    private readonly SetTime _time = new();
    private readonly FailedTries _tries;

    public FailedTriesTests() => _tries = new FailedTries(_time);

    [Fact]
    public void The_first_tries_are_answered_at_once_and_later_ones_wait_twice_as_long_each_time()
    {
        Assert.All(Enumerable.Range(0, FailedTries.Free), _ => Assert.Equal(TimeSpan.Zero, _tries.Add(s_one).RetryAfter));

        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 300, 300], Enumerable.Range(0, 10).Select(_ =>
        {
            var wait = _tries.Add(s_one).RetryAfter;
            _time.Pass(wait);
            return (int)wait.TotalSeconds;
        }));
    }

    [Fact]
    public void Who_comes_too_early_does_not_wait_longer_for_it()
    {
        for (var i = 0; i <= FailedTries.Free; i++) _tries.Add(s_one);
        for (var i = 0; i < 100; i++) Assert.Equal(TimeSpan.FromSeconds(2), _tries.Add(s_one).RetryAfter);
        _time.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), _tries.Add(s_one).RetryAfter);
    }

    [Fact]
    public void A_quarter_of_an_hour_without_a_try_is_forgiven()
    {
        for (var i = 0; i <= FailedTries.Free; i++) _tries.Add(s_one);
        _time.Pass(TimeSpan.FromMinutes(16));

        Assert.Equal(TimeSpan.Zero, _tries.Add(s_one).RetryAfter);
    }

    [Fact]
    public void A_burst_is_one_line_and_the_next_one_a_minute_later_says_how_many_there_were()
    {
        Assert.Equal(1, _tries.Add(s_one).Tell);
        for (var i = 0; i < 50; i++) Assert.Equal(0, _tries.Add(s_one).Tell);
        _time.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(51, _tries.Add(s_one).Tell);
    }

    [Fact]
    public void Ever_new_addresses_fill_neither_log_nor_memory()
    {
        var lines = Enumerable.Range(0, 5_000).Count(i => _tries.Add(new IPAddress([10, 0, (byte)(i / 256), (byte)i])).Tell > 0);

        Assert.Equal((20, FailedTries.MostAddresses), (lines, _tries.Count));
    }

    [Theory]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void Addresses_of_one_household_are_one(string address, string network) => Assert.Equal(IPAddress.Parse(network), FailedTries.NetworkOf(IPAddress.Parse(address)));

    private sealed class SetTime : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
