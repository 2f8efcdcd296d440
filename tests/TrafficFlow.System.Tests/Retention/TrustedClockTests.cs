using TrafficFlow.Node.Retention;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Registers;
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
    public void Small_steps_add_up_until_they_are_doubted()
    {
        var clock = Clock("boot");
        Assert.Null(clock.Doubt());
        for (var step = 0; step < 2; step++)
        {
            _clock.Pass(TimeSpan.FromHours(1));
            _clock.Now += TimeSpan.FromMinutes(4);
            Assert.Null(clock.Doubt());
        }

        // Of a process that starts anew, too.
        _clock.Now += TimeSpan.FromMinutes(4);
        Assert.Contains("went ahead by 12 min", Clock("boot").Doubt(), StringComparison.Ordinal);
        Assert.Contains("went ahead by 12 min", clock.Doubt(), StringComparison.Ordinal);
        _isSynchronised = true;
        Assert.Null(clock.Doubt());
        _isSynchronised = null;
        _clock.Now += TimeSpan.FromMinutes(4);
        Assert.Null(clock.Doubt());
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("register")]
    [InlineData("register that a crash has cut")]
    [InlineData("segment")]
    [InlineData("receipt")]
    public async Task Where_the_note_is_gone_what_the_data_hold_stands_for_it(string what)
    {
        var start = _clock.Now;
        await LeaveAsync(what);
        Assert.Null(Clock("one").Doubt());
        void Lose() => File.Delete(Path.Combine(_folder.Path, TrustedClock.SeenName));

        Lose();
        _clock.Boot(TimeSpan.FromDays(30));
        var clock = Clock("two");
        Assert.Contains($"newest that the node's data hold is of {start:yyyy-MM-dd HH:mm}Z, 30 days ago", clock.Doubt(), StringComparison.Ordinal);
        Assert.Equal(start, clock.Passed());
        Assert.False(File.Exists(Path.Combine(_folder.Path, TrustedClock.SeenName)));
        File.WriteAllText(Path.Combine(_folder.Path, TrustedClock.SeenName), "{");
        Assert.NotNull(Clock("two").Doubt());
        _isSynchronised = true;
        Assert.Null(clock.Doubt());

        Lose();
        _isSynchronised = null;
        _clock.Now = start.AddDays(-1);
        clock = Clock("three");
        Assert.Contains("later than the clock says", clock.Doubt(), StringComparison.Ordinal);
        Assert.Equal(_clock.Now, clock.Passed());
        TrustedClock.Confirm(_folder.Path, _clock, "three");
        Assert.Null(clock.Doubt());

        Lose();
        _clock.Now = start.AddDays(2);
        Assert.Null(Clock("three").Doubt());
    }

    [Fact]
    public void A_verb_goes_by_what_the_node_has_kept_and_keeps_nothing()
    {
        string[] Files() => [.. Directory.GetFiles(_folder.Path).Select(f => $"{f} {File.ReadAllText(f)}")];
        Assert.Null(Clock("one").Doubt());
        _clock.Boot(TimeSpan.FromDays(20));
        var before = Files();
        var verb = new TrustedClock(_folder.Path, () => null, _clock, "two") { Keeps = false };
        Assert.Contains("was off for 20 days", verb.Doubt(), StringComparison.Ordinal);
        Assert.Equal(before, Files());
        TrustedClock.Confirm(_folder.Path, _clock, "two");
        before = Files();
        Assert.Null(verb.Doubt());
        Assert.Equal(before, Files());
        // Whoever gave the verb: the node's account reads it.
        Assert.All(Directory.GetFiles(_folder.Path), f => Assert.True(File.GetUnixFileMode(f).HasFlag(UnixFileMode.OtherRead), f));
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

    private async Task LeaveAsync(string what)
    {
        var (start, day) = (_clock.Now, Directory.CreateDirectory(Path.Combine(_folder.Path, "vault", "sites", "kokandori", "cam1", "2027-03-01")).FullName);
        switch (what)
        {
            case "audit":
                await using (var log = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock)) Assert.NotNull(await log.RecordAsync(new AuditEvent(AuditKind.Change, "x", "x", "x", "x")));
                break;
            case "segment":
                // A day before, of a camera that records no more, and what is none.
                File.WriteAllText(Path.Combine(day, $"{start:yyyyMMdd'T'HHmmss.fff'Z'}-2.open"), "x");
                File.WriteAllText(Path.Combine(day, "day.key"), "x");
                Directory.CreateDirectory(Path.Combine(day, "..", "..", "cam2", "2026-03-01"));
                break;
            case "receipt":
                File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "vault", "receipts")).FullName, $"{start:yyyyMMdd'T'HHmmss'Z'}-0a1b2c3d.receipt"), "x");
                break;
            default:
                await new EndRegister(_folder.Path, Path.Combine(_folder.Path, "vault"), _clock).BeginAsync(null, "over", new RegisterAuthor("x", "x"), null);
                foreach (var audit in Directory.GetFiles(_folder.Path, "audit*")) File.Delete(audit);
                if (what != "register") File.AppendAllText(Path.Combine(_folder.Path, "custody", "ends.jsonl"), "{\"time\":\"2028");
                break;
        }
    }

    private TrustedClock Clock(string boot, bool synchronised = false) => new(_folder.Path, () => synchronised ? true : _isSynchronised, _clock, boot);
}
