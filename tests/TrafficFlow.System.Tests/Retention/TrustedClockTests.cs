using TrafficFlow.Node.Retention;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>A clock that may be wrong lets nothing reach its age; whoever knows that it is right can say so.</summary>
public sealed class TrustedClockTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly RetentionClock _clock = new(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private bool? _isSynchronised;

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public void A_clock_that_goes_ahead_is_doubted_at_each_look_until_it_has_come_back(bool? synchronised)
    {
        _isSynchronised = synchronised;
        var clock = Clock("boot");
        Assert.Null(clock.Doubt());
        _clock.Now += TimeSpan.FromDays(30);
        for (var look = 0; look < 3; look++, _clock.Pass(TimeSpan.FromHours(1))) Assert.Contains("went ahead by 30 days", clock.Doubt(), StringComparison.Ordinal);
        _clock.Now -= TimeSpan.FromDays(30);
        Assert.Null(clock.Doubt());
    }

    [Fact]
    public void A_process_that_starts_anew_within_a_boot_doubts_the_same_clock()
    {
        Assert.Null(Clock("boot").Doubt());
        _clock.Now += TimeSpan.FromDays(2);
        Assert.Contains("went ahead", Clock("boot").Doubt(), StringComparison.Ordinal);
        Assert.Null(Clock("boot", synchronised: true).Doubt());
    }

    [Fact]
    public void After_three_days_off_somebody_must_know_that_the_clock_is_right()
    {
        Assert.Null(Clock("one").Doubt());
        _clock.Boot(TimeSpan.FromDays(2));
        Assert.Null(Clock("two").Doubt());
        _clock.Boot(TimeSpan.FromDays(20));
        var clock = Clock("three");
        Assert.Contains("was off for 20 days", clock.Doubt(), StringComparison.Ordinal);
        _isSynchronised = true;
        Assert.Null(clock.Doubt());
        // Known once, it goes on from there without anybody.
        _isSynchronised = null;
        _clock.Pass(TimeSpan.FromDays(5));
        Assert.Null(clock.Doubt());
    }

    [Fact]
    public void A_server_whose_clock_agrees_ends_the_doubt_and_one_that_does_not_or_was_long_ago_does_not()
    {
        Assert.Null(Clock("one").Doubt());
        _clock.Boot(TimeSpan.FromDays(20));
        var clock = Clock("two");
        clock.Compared(TimeSpan.FromMinutes(-3));
        Assert.NotNull(clock.Doubt());
        clock.Compared(TimeSpan.FromSeconds(2));
        _clock.Pass(TimeSpan.FromMinutes(11));
        Assert.NotNull(clock.Doubt());
        clock.Compared(TimeSpan.FromSeconds(2));
        Assert.Null(clock.Doubt());
    }

    [Fact]
    public void A_custodian_says_that_the_clock_is_right_once_and_for_this_boot_alone()
    {
        Assert.Null(Clock("one").Doubt());
        _clock.Boot(TimeSpan.FromDays(20));
        TrustedClock.Confirm(_folder.Path, _clock, "two");
        var clock = Clock("two");
        _clock.Pass(TimeSpan.FromHours(5));
        Assert.Null(clock.Doubt());
        _clock.Now += TimeSpan.FromDays(1);
        Assert.Contains("went ahead by 24 h", clock.Doubt(), StringComparison.Ordinal);

        // What was said before the machine was off again says nothing of now.
        TrustedClock.Confirm(_folder.Path, _clock, "two");
        _clock.Boot(TimeSpan.FromDays(20));
        Assert.NotNull(Clock("three").Doubt());
        Assert.False(File.Exists(Path.Combine(_folder.Path, TrustedClock.ConfirmedName)));
    }

    [Fact]
    public void What_was_said_and_cannot_be_removed_holds_up_nobody()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess || OperatingSystem.IsWindows(), "root removes whatever it wants");
        TrustedClock.Confirm(_folder.Path, _clock, "boot");
        var before = File.GetUnixFileMode(_folder.Path);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var clock = Clock("boot");
            Assert.Null(clock.Doubt());
            _clock.Now += TimeSpan.FromDays(1);
            Assert.Contains("went ahead by 24 h", clock.Doubt(), StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, before);
        }
    }

    [Fact]
    public void A_clock_that_was_put_back_and_forth_again_is_measured_from_where_it_was()
    {
        var clock = Clock("boot");
        Assert.Null(clock.Doubt());
        _clock.Now -= TimeSpan.FromDays(40);
        Assert.Null(clock.Doubt());
        _clock.Now += TimeSpan.FromDays(40);
        Assert.Null(clock.Doubt());
        _clock.Now += TimeSpan.FromHours(1);
        Assert.NotNull(clock.Doubt());
    }

    [Fact]
    public void What_has_surely_passed_stands_while_the_clock_is_doubted()
    {
        var clock = Clock("boot");
        var start = _clock.Now;
        Assert.Equal(start, clock.Passed());
        _clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(start.AddHours(2), clock.Passed());

        // Within the minute in which nobody looks, and behind it.
        _clock.Now += TimeSpan.FromDays(61);
        Assert.Equal(start.AddHours(2), clock.Passed());
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(start.AddHours(2), clock.Passed());

        _isSynchronised = true;
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(_clock.Now, clock.Passed());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"boot\":1}")]
    public void A_damaged_note_is_as_none(string content)
    {
        File.WriteAllText(Path.Combine(_folder.Path, TrustedClock.SeenName), content);
        Assert.Null(Clock("boot").Doubt());
    }

    public void Dispose() => _folder.Dispose();

    private TrustedClock Clock(string boot, bool synchronised = false) => new(_folder.Path, () => synchronised ? true : _isSynchronised, _clock, boot);
}
