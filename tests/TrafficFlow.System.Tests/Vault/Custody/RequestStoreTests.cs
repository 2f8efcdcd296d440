using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

public sealed class RequestStoreTests : IDisposable
{
    private static readonly RegisterAuthor s_anna = new("anna", "account[custodian]:anna");
    private static readonly RequesterContact s_contact = new("請求 一郎", "川崎市川崎区1-2-3", "ichiro@example.jp", "044-000-0000");
    private static readonly DateOnly s_today = new(2026, 11, 29);

    private readonly VaultFolder _vault = new();

    private RequestStore Store => new(_vault.Path, _ => new RequestTerms(30), _ => WorkCalendar.National, TimeSpan.FromDays(180), _vault.Clock);

    private string Folder => Path.Combine(_vault.Path, "custody");

    [Theory]
    [InlineData("2026-11-27", 30, false, "2026-12-28")]
    [InlineData("2026-11-30", 30, false, "2027-01-04")]
    [InlineData("2026-04-03", 30, false, "2026-05-07")]
    [InlineData("2026-04-28", 3, true, "2026-05-07")]
    [InlineData("2026-09-18", 1, true, "2026-09-24")]
    public void The_last_day_for_an_answer_is_a_working_day(string received, int days, bool workdays, string due) =>
        Assert.Equal(Day(due), new RequestTerms(days, workdays).DueOf(Day(received), WorkCalendar.National));

    [Fact]
    public async Task A_request_is_handled_answered_and_closed_and_who_asked_stands_nowhere_in_the_register()
    {
        var asked = await ReceiveAsync(RequestKind.Erasure);
        Assert.Equal(("q1", Day("2026-12-28"), RequestState.Received), (asked.Id, asked.Due, asked.State));
        await Store.AssignAsync(s_anna, "q1", "anna");
        await Store.NoteAsync(s_anna, "q1", "cam1 recorded then: 3 segments");
        Assert.Contains("no receipt of one is entered", (await Refused(() => Store.AnswerAsync(s_anna, "q1", RequestOutcome.Granted, "done"))).Message, StringComparison.Ordinal);
        await Store.ErasedAsync(s_anna, "q1", "E-20261201-1", "3 segments of cam1");
        Assert.Contains("is not answered", (await Refused(() => Store.CloseAsync(s_anna, "q1", ""))).Message, StringComparison.Ordinal);
        await Store.AnswerAsync(s_anna, "q1", RequestOutcome.Granted, "消去しました。");
        var closed = await Store.CloseAsync(s_anna, "q1", "letter sent");

        Assert.Equal((RequestState.Closed, RequestOutcome.Granted, "E-20261201-1"), (closed.State, closed.Outcome, Assert.Single(closed.Receipts)));
        Assert.Equal(4, closed.Notes.Length);
        Assert.Empty(Store.Open());
        Assert.Equal(s_contact, Store.Contact("q1"));
        foreach (var file in Directory.GetFiles(_vault.Path, "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.False(text.Contains("請求 一郎", StringComparison.Ordinal) || text.Contains("ichiro", StringComparison.Ordinal), file);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Contact_data_is_deleted_at_its_time_after_closing_and_that_is_entered()
    {
        await ReceiveAsync(RequestKind.Purpose);
        await ReceiveAsync(RequestKind.Disclosure);
        await Store.AnswerAsync(s_anna, "q1", RequestOutcome.NothingHeld, "nothing was recorded");
        await Store.CloseAsync(s_anna, "q1", "");
        _vault.Clock.Move(TimeSpan.FromDays(179));
        Assert.Empty(await Store.DeleteContactsAsync());

        _vault.Clock.Move(TimeSpan.FromDays(1));
        Assert.Equal(["q1"], await Store.DeleteContactsAsync());

        Assert.Null(Store.Contact("q1"));
        Assert.Equal(s_contact, Store.Contact("q2"));
        Assert.DoesNotContain("\"q1\"", await File.ReadAllTextAsync(Path.Combine(Folder, "contacts.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.NotNull(Store.Read().Get("q1").ContactDeletedAt);
        Assert.Empty(await Store.DeleteContactsAsync());
    }

    [Fact]
    public async Task A_clock_that_is_doubted_deletes_no_contact_data()
    {
        await ReceiveAsync(RequestKind.Purpose);
        await Store.AnswerAsync(s_anna, "q1", RequestOutcome.NothingHeld, "nothing was recorded");
        await Store.CloseAsync(s_anna, "q1", "");
        var passed = _vault.Clock.GetUtcNow().AddDays(1);
        _vault.Clock.Move(TimeSpan.FromDays(200));
        var store = new RequestStore(_vault.Path, _ => new RequestTerms(30), _ => WorkCalendar.National, TimeSpan.FromDays(180), _vault.Clock, () => passed);

        Assert.Empty(await store.DeleteContactsAsync());
        Assert.Equal(s_contact, store.Contact("q1"));
        passed = passed.AddDays(179);
        Assert.Equal(["q1"], await store.DeleteContactsAsync());
    }

    [Fact]
    public async Task A_longer_term_and_a_new_look_have_their_reasons()
    {
        await ReceiveAsync(RequestKind.Disclosure);
        Assert.Contains("a longer term ends later", (await Refused(() => Store.ExtendAsync(s_anna, "q1", s_today, "x"))).Message, StringComparison.Ordinal);
        Assert.Equal(Day("2027-01-29"), (await Store.ExtendAsync(s_anna, "q1", Day("2027-01-29"), "many cameras")).Due);
        Assert.Contains("write the reason", (await Refused(() => Store.AnswerAsync(s_anna, "q1", RequestOutcome.Refused, "we are sorry"))).Message, StringComparison.Ordinal);
        Assert.Equal("others are in the picture", (await Store.AnswerAsync(s_anna, "q1", RequestOutcome.Refused, "we are sorry", "others are in the picture")).Refusal);
        Assert.Contains("reopen it first", (await Refused(() => Store.AnswerAsync(s_anna, "q1", RequestOutcome.Granted, "x"))).Message, StringComparison.Ordinal);

        var again = await Store.ReopenAsync(s_anna, "q1", "objection of the requester", s_today);

        Assert.Equal((RequestState.InProgress, null, Day("2027-01-04")), (again.State, again.Outcome, again.Due));
    }

    [Fact]
    public async Task What_cannot_be_entered_is_told_and_leaves_nothing()
    {
        var at = _vault.Clock.GetUtcNow();
        (RequestKind Kind, DateOnly On, RequestedSpan Span, string Subject, string Told)[] wrong =
        [
            (RequestKind.Disclosure, s_today.AddDays(1), new("kokandori", [], null, null), "x", "still to come"),
            (RequestKind.Disclosure, s_today.AddDays(-400), new("kokandori", [], null, null), "x", "more than a year ago"),
            (RequestKind.Erasure, s_today, new("kokandori", [], null, null), "x", "needs the time"),
            (RequestKind.Disclosure, s_today, new("kokandori", [], at, at), "x", "ends before it begins"),
            (RequestKind.Disclosure, s_today, new("kokandori", [], at, null), "x", "a begin and an end"),
            (RequestKind.Disclosure, s_today, new("kokandori", ["../x"], null, null), "x", "none of the site's"),
            (RequestKind.Disclosure, s_today, new("kokandori", [], null, null), " ", "the subject"),
        ];
        foreach (var (kind, on, span, subject, told) in wrong)
            Assert.Contains(told, (await Refused(() => Store.ReceiveAsync(s_anna, kind, on, span, subject, s_contact, s_today))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder, "contacts.json")));
        Assert.Empty(Store.History());
    }

    [Fact]
    public void An_order_to_erase_is_described_alike_however_its_cameras_are_ordered()
    {
        var (from, to) = (new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.FromHours(9)), new DateTimeOffset(2026, 11, 1, 1, 0, 0, TimeSpan.Zero));

        Assert.Equal("erase recordings of site kokandori, cameras cam1, cam2, from 2026-11-01T00:00:00Z to 2026-11-01T01:00:00Z, for request q1", new ErasureOrder("q1", "kokandori", ["cam2", "cam1"], from, to).Describe());
    }

    public void Dispose() => _vault.Dispose();

    private Task<PublicRequest> ReceiveAsync(RequestKind kind) => Store.ReceiveAsync(
        s_anna, kind, Day("2026-11-27"), new RequestedSpan("kokandori", ["cam1"], _vault.Clock.GetUtcNow().AddDays(-3), _vault.Clock.GetUtcNow().AddDays(-2)), "a car that crossed at noon", s_contact, s_today);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<RegisterException> Refused(Func<Task> change) => Assert.ThrowsAsync<RegisterException>(change);
}
