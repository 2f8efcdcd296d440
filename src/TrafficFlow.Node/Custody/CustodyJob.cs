using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.Node.Custody;

/// <summary>What the verbs of `trafficflow custody` do. Each change is in the node's audit before it is answered, and so is one that was refused.</summary>
internal sealed partial class CustodyJob(VaultPlace place, CustodyBooks books, TimeProvider time)
{
    private static readonly JsonSerializerOptions s_layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly RegisterAuthor s_by = new(Environment.UserName, $"unix:{Environment.UserName}");

    public static Task<CustodyJob> FindAsync(string? config, string? data, TimeProvider time)
    {
        var place = VaultPlace.Find(config, data);
        var settings = config is null ? null : NodeSettings.Load(config);
        return new CustodyJob(place, NodeCustody.Open(place.Data, settings?.Custody ?? CustodySettings.Default, AccountStore.Over(place.Data, time), () => [.. settings?.Sites.Select(s => s.Site) ?? []], null, time), time).LookedAsync();
    }

    public int ListPersons(bool asJson)
    {
        var now = time.GetUtcNow();
        var all = Read(() => books.Persons.Read().Appointments);
        if (asJson)
        {
            return Write(new
            {
                place.Data,
                appointments = all.Select(a => new
                {
                    a.Id,
                    a.Person,
                    Duty = Word(a.Duty),
                    a.Account,
                    State = Word(a.State(now)),
                    a.From,
                    AppointedBy = a.By.Account,
                    a.EnteredAt,
                    DismissedFrom = a.Dismissal?.Effective,
                    DismissedBy = a.Dismissal?.By.Account,
                    a.Dismissal?.Reason,
                    a.Dismissal?.TookEffectAt,
                }),
            });
        }

        if (all.IsEmpty) return Say($"nobody is appointed in {place.Data}: trafficflow custody person appoint NAME --duty custodian");
        return Table(["id", "person", "duty", "account", "state", "from", "dismissed"], all.Select(a => new[] { a.Id, a.Person, Word(a.Duty), a.Account ?? "", Word(a.State(now)), Minute(a.From), a.Dismissal is { } d ? $"{Minute(d.Effective)} {d.Reason}" : "" }));
    }

    public int ListInspections(bool asJson)
    {
        var (due, register) = Read(() => (books.Inspections.Due(), books.Inspections.Read()));
        if (asJson)
        {
            return Write(new
            {
                place.Data,
                due = due.Select(d => new { d.Plan.Site, Kind = Word(d.Plan.Kind), d.Due, State = Word(d.Standing), d.Missed, d.Last }),
                inspections = register.Records.Select(r => new { r.Id, r.What.Site, Kind = Word(r.What.Kind), r.What.On, r.HasFindings, r.Person, By = r.By.Account, r.EnteredAt, r.Corrects, r.CorrectedBy, Sha256 = r.Entry, r.Key }),
                follow_ups = register.FollowUps.Select(f => new { f.Id, f.Inspection, f.Site, Item = Word(f.Item), f.What, f.Due, f.Done, f.ClosedAt }),
            });
        }

        if (due.IsEmpty && register.Records.IsEmpty) return Say($"no inspections are planned or recorded in {place.Data}: the section custody.inspections of a site file plans them (--config FILE names the settings)");
        if (!due.IsEmpty) Table(["site", "kind", "due", "state", "last"], due.Select(d => new[] { d.Plan.Site, Word(d.Plan.Kind), Day(d.Due), d.Missed > 0 ? $"{Word(d.Standing)} ({d.Missed} working days without)" : Word(d.Standing), d.Last is { } last ? Day(last) : "never" }));
        if (!register.Records.IsEmpty) Table(["id", "site", "kind", "on", "findings", "by", "corrected by"], register.Records.Select(r => new[] { r.Id, r.What.Site, Word(r.What.Kind), Minute(r.What.On, books.Zone(r.What.Site)), r.HasFindings ? "yes" : "no", r.Person ?? r.By.Name, r.CorrectedBy ?? "" }));
        if (register.Open.Any()) Table(["to do", "site", "item", "what", "due"], register.Open.Select(f => new[] { f.Id, f.Site, Word(f.Item), f.What, Day(f.Due) }));
        return ExitCodes.Done;
    }

    public int ListRequests(bool asJson)
    {
        var all = Read(() => books.Requests.Read().Requests);
        if (asJson)
        {
            return Write(new
            {
                place.Data,
                requests = all.Select(r => new
                {
                    r.Id,
                    Kind = Word(r.Kind),
                    State = Word(r.State),
                    r.ReceivedOn,
                    r.Due,
                    r.Span.Site,
                    r.Span.Cameras,
                    r.Span.From,
                    r.Span.To,
                    r.Handler,
                    Outcome = r.Outcome is { } outcome ? Word(outcome) : null,
                    r.AnsweredAt,
                    r.ClosedAt,
                    r.Receipts,
                    r.ContactDeletedAt,
                }),
            });
        }

        return all.IsEmpty
            ? Say($"no requests in {place.Data}")
            : Table(["id", "kind", "state", "received", "due", "site", "handled by", "outcome"], all.Select(r => new[] { r.Id, Word(r.Kind), Word(r.State), Day(r.ReceivedOn), Day(r.Due), r.Span.Site, r.Handler ?? "", r.Outcome is { } outcome ? Word(outcome) : "" }));
    }

    public async Task<int> AppointAsync(string name, string duty, string? account, string? from)
    {
        var begin = from is null ? time.GetUtcNow() : CommandTime.Begin("--from", from, Zone);
        var entry = await ChangeAsync("custody person appoint", account ?? name, duty, async () => await books.Persons.AppointAsync(s_by, name, account, duty == "custodian" ? Duty.Custodian : Duty.Operator, begin));
        Console.WriteLine($"{((PersonAppointed)entry.Event).Id}: {name} is {duty} from {Minute(begin)} (entry {entry.Number}).");
        return ExitCodes.Done;
    }

    public async Task<int> DismissAsync(string id, string reason, string? on)
    {
        DateTimeOffset? day = on is null ? null : CommandTime.Begin("--on", on, Zone);
        if (day <= time.GetUtcNow()) throw new UsageException($"--on {on} is over: leave it out for at once");
        PersonsEnforced enforced = PersonsEnforced.Nothing;
        var entry = await ChangeAsync("custody person dismiss", id, day is { } d ? $"from {d.UtcDateTime:yyyy-MM-dd HH:mm}Z" : "at once", async () =>
        {
            (var made, enforced) = await books.Persons.DismissAsync(s_by, id, day, reason);
            return made;
        });
        var dismissed = (PersonDismissed)entry.Event;
        Console.WriteLine(day is { } then
            ? $"{dismissed.Id} is dismissed from {Minute(then)} (entry {entry.Number}): a running node does it then by itself."
            : $"{dismissed.Id} is dismissed (entry {entry.Number}): account {enforced.Done.Where(x => x.Appointment.Id == dismissed.Id).Select(x => x.Account).FirstOrDefault() ?? "none"}; its sessions and tokens have ended.");
        foreach (var (appointment, why) in enforced.Held) await Console.Error.WriteLineAsync($"trafficflow: the dismissal {appointment.Id} could not be carried out, and is tried again by the running node: {why}");
        return enforced.Held.Any(h => h.Appointment.Id == dismissed.Id) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private async Task<RegisterEntry<PersonEvent>> ChangeAsync(string action, string target, string details, Func<Task<RegisterEntry<PersonEvent>>> change)
    {
        try
        {
            var entry = await change();
            await RecordAsync(action, target, "done", $"{details}; entry {entry.Number} {entry.Hash[..16]}");
            return entry;
        }
        catch (Exception e) when (e is RegisterException or AccountException)
        {
            await RecordAsync(action, target, $"refused: {e.Message}", details);
            throw new UsageException(e.Message);
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>Somebody must be dismissed while the audit cannot be written, too, and whoever does it hears of it.</summary>
    private async Task RecordAsync(string action, string target, string outcome, string details, RegisterAuthor? by = null)
    {
        string? problem;
        try
        {
            await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
            problem = await log.RecordAsync(new AuditEvent(AuditKind.Change, (by ?? s_by).Name, (by ?? s_by).Account, action, target, outcome, details)) is null ? log.Problem : null;
        }
        catch (VaultFileException e)
        {
            problem = e.Message;
        }

        if (problem is not null) await Console.Error.WriteLineAsync($"trafficflow: this is not in the audit: {problem}");
    }

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private static int Write(object content)
    {
        Console.WriteLine(JsonSerializer.Serialize(content, s_layout));
        return ExitCodes.Done;
    }

    private static int Say(string text)
    {
        Console.WriteLine(text);
        return ExitCodes.Done;
    }

    private static int Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (var row in rows) table.AddRow([.. row.Select(c => new Text(c))]);
        AnsiConsole.Write(table);
        return ExitCodes.Done;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Of the sites: days and times are read and shown by their clock.</summary>
    private TimeZoneInfo Zone => books.Zone("");

    private string Minute(DateTimeOffset at) => Minute(at, Zone);

    private static string Minute(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mmzzz", CultureInfo.InvariantCulture);
}
