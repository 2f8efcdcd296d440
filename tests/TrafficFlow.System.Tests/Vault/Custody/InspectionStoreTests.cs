using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Registers;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

public sealed class InspectionStoreTests : IDisposable
{
    private static readonly RegisterAuthor s_carl = new("carl", "account[operator]:carl");
    private static readonly InspectionPlan s_carry = new("kokandori", InspectionKind.HandCarry, 14, Day("2026-12-01"));
    private static readonly InspectionPlan s_remote = new("kokandori", InspectionKind.Remote, null, Day("2026-12-01"));

    private readonly VaultFolder _vault = new();

    private InspectionStore Store => new(_vault.Path, () => [(s_carry, TimeZoneInfo.Utc), (s_remote, TimeZoneInfo.Utc)], _ => WorkCalendar.National, new Seen(_vault.Clock), _ => "操作 太郎", _vault.Clock);

    [Theory]
    // The last one, today, due, standing: over the days around New Year it is made before them.
    [InlineData(null, "2026-11-25", "2026-12-01", InspectionStanding.Later)]
    [InlineData(null, "2026-11-26", "2026-12-01", InspectionStanding.Soon)]
    [InlineData(null, "2026-12-01", "2026-12-01", InspectionStanding.Due)]
    [InlineData(null, "2026-12-02", "2026-12-01", InspectionStanding.Overdue)]
    [InlineData("2026-12-01", "2026-12-02", "2026-12-15", InspectionStanding.Later)]
    [InlineData("2026-12-18", "2026-12-24", "2026-12-28", InspectionStanding.Soon)]
    [InlineData("2027-04-21", "2027-04-30", "2027-04-30", InspectionStanding.Due)]
    [InlineData("2027-06-01", "2026-12-02", "2026-12-01", InspectionStanding.Overdue)]
    public void A_two_weekly_inspection_is_never_later_than_two_weeks(string? last, string today, string due, InspectionStanding standing)
    {
        var next = s_carry.Next(last is null ? null : Day(last), Day(today), WorkCalendar.National);

        Assert.Equal((Day(due), standing), (next.Due, next.Standing));
    }

    [Theory]
    [InlineData(null, "2026-12-01", "2026-12-01", InspectionStanding.Due, 0)]
    [InlineData("2026-12-01", "2026-12-01", "2026-12-02", InspectionStanding.Later, 0)]
    [InlineData("2026-12-04", "2026-12-06", "2026-12-07", InspectionStanding.Later, 0)]
    [InlineData("2026-12-04", "2026-12-09", "2026-12-07", InspectionStanding.Overdue, 2)]
    [InlineData("2027-04-30", "2027-05-05", "2027-05-06", InspectionStanding.Later, 0)]
    public void An_inspection_of_each_working_day_counts_the_days_that_went_without(string? last, string today, string due, InspectionStanding standing, int missed)
    {
        var next = s_remote.Next(last is null ? null : Day(last), Day(today), WorkCalendar.National);

        Assert.Equal((Day(due), standing, missed), (next.Due, next.Standing, next.Missed));
    }

    [Fact]
    public async Task A_record_holds_each_item_what_the_program_saw_and_what_is_to_be_done()
    {
        var made = await Store.RecordAsync(s_carl, Entry() with { FollowUps = [new FollowUpWanted(InspectionItem.Sign, "order a new sign", Day("2026-12-20"))] }, null, null, CancellationToken.None);

        Assert.Equal(("i1", "操作 太郎", true), (made.Id, made.Person, made.HasFindings));
        Assert.Equal(new ProgramCheck(InspectionItem.Clock, "", CheckVerdict.Good, "0.4 s", _vault.Clock.GetUtcNow()), Assert.Single(made.What.Checks));
        Assert.Equal("f1", Assert.Single(Store.Read().Open).Id);
        // Two weeks later is a Sunday.
        Assert.Equal(Day("2026-12-11"), Store.Due().Single(d => d.Plan == s_carry).Due);

        await Store.MoveAsync(s_carl, "f1", Day("2026-12-25"), "the maker is late");
        await Store.CloseAsync(s_carl, "f1", "put up");
        Assert.Empty(Store.Read().Open);
        Assert.Contains("was closed on", (await Refused(() => Store.CloseAsync(s_carl, "f1", "again"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_stands_in_the_place_of_a_record_and_both_are_kept()
    {
        await Store.RecordAsync(s_carl, Entry(), null, null, CancellationToken.None);
        Assert.Contains("reason of the correction is missing", (await Refused(() => Store.RecordAsync(s_carl, Entry(), "i1", "", CancellationToken.None))).Message, StringComparison.Ordinal);

        var made = await Store.RecordAsync(s_carl, Entry(ItemResult.Ok), "i1", "the wrong sign was looked at", CancellationToken.None);

        Assert.Equal(("i2", "i1"), (made.Id, made.Corrects));
        Assert.Equal("i2", Store.Read().Get("i1").CorrectedBy);
        Assert.True(Store.Read().Get("i1").HasFindings);
        Assert.Contains("corrected by i2 already", (await Refused(() => Store.RecordAsync(s_carl, Entry(), "i1", "x", CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_whole_is_refused_with_what_is_missing()
    {
        var entry = Entry();
        (InspectionEntry Entry, string Told)[] wrong =
        [
            (entry with { Items = entry.Items.RemoveAt(3) }, "WireLock is not answered"),
            (entry with { Items = entry.Items.Add(entry.Items[0]) }, "Lens is not answered"),
            (entry with { Items = entry.Items.SetItem(2, new InspectedItem(InspectionItem.Sign, ItemResult.NotOk, " ")) }, "Sign is not ok: write what was found"),
            (entry with { On = _vault.Clock.GetUtcNow().AddHours(1) }, "of a time that comes"),
            (entry with { On = _vault.Clock.GetUtcNow().AddDays(-32) }, "is entered within 31 days"),
            (entry with { Site = "elsewhere" }, "no inspections are planned for elsewhere"),
            (entry with { Note = new string('x', 4_001) }, "the note has 4001 characters"),
        ];
        foreach (var (one, told) in wrong) Assert.Contains(told, (await Refused(() => Store.RecordAsync(s_carl, one, null, null, CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Empty(Store.History());
    }

    [Fact]
    public async Task One_that_a_wrong_clock_has_dated_ahead_does_not_hide_those_that_were_made()
    {
        await Store.RecordAsync(s_carl, Entry(), null, null, CancellationToken.None);
        var made = _vault.Clock.GetUtcNow();
        _vault.Clock.Move(TimeSpan.FromDays(400));
        await Store.RecordAsync(s_carl, Entry(), null, null, CancellationToken.None);
        _vault.Clock.Move(TimeSpan.FromDays(-400));

        Assert.Equal(DateOnly.FromDateTime(made.UtcDateTime), Store.Due().Single(d => d.Plan == s_carry).Last);
    }

    [Fact]
    public async Task A_record_is_whole_or_not_in_the_register()
    {
        await Store.RecordAsync(s_carl, Entry(), null, null, CancellationToken.None);
        var file = Path.Combine(_vault.Path, "custody", "inspections.jsonl");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("not-ok", "ok", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Contains("its content does not fit its hash", Assert.Throws<VaultFileException>(() => Store.Read()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _vault.Dispose();

    private InspectionEntry Entry(ItemResult sign = ItemResult.NotOk) => new(
        "kokandori", InspectionKind.HandCarry, _vault.Clock.GetUtcNow(),
        [.. InspectionPlan.ItemsOf(InspectionKind.HandCarry).Select(i => new InspectedItem(i, i == InspectionItem.Sign ? sign : ItemResult.Ok, i == InspectionItem.Sign ? "faded\nunreadable from the road" : ""))], "", []);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<RegisterException> Refused(Func<Task> change) => Assert.ThrowsAsync<RegisterException>(change);

    private sealed class Seen(TimeProvider time) : IProgramChecks
    {
        public Task<IReadOnlyList<ProgramCheck>> LookAsync(string site, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<ProgramCheck>>([new ProgramCheck(InspectionItem.Clock, "", CheckVerdict.Good, "0.4 s", time.GetUtcNow())]);
    }
}
